variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# Overrides the request that connects the alerts, with the block that `contract record` prints.
resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = var.workspace_id

  contract = {
    provider = "azureDefender"
  }
}
