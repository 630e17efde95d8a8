variable "workspace_id" {
  description = "The ID of the Log Analytics workspace, for example of azurerm_log_analytics_workspace."
  type        = string
}

resource "sentinel_workspace_onboarding" "this" {
  workspace_id = var.workspace_id
}
