variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# If the provider's command `contract record` prints a contract, paste it here.
resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = var.workspace_id

  contract = {
    provider = "azureDefender"
  }
}
