variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

resource "sentinel_defender_xdr_connector" "this" {
  workspace_id = var.workspace_id
}
