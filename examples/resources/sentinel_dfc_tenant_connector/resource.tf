variable "workspace_id" {
  description = "ARM id of the Log Analytics workspace that Microsoft Sentinel runs on: the tenant's primary workspace."
  type        = string
}

# All Defender for Cloud alerts of the tenant arrive in this workspace.
resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = var.workspace_id
}
