variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

variable "subscription_ids" {
  description = "The IDs (GUIDs) of the subscriptions to connect."
  type        = set(string)
  default     = ["00000000-0000-0000-0000-000000000000"]
}

resource "sentinel_dfc_subscription_connector" "this" {
  for_each = var.subscription_ids

  workspace_id               = var.workspace_id
  subscription_id            = each.value
  bidirectional_sync_enabled = true
}
