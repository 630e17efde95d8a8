variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# Moves the state of an azurerm resource to this resource. Remove the old resource block in the same change.
moved {
  from = azurerm_sentinel_data_connector_azure_security_center.this
  to   = sentinel_dfc_subscription_connector.this
}

resource "sentinel_dfc_subscription_connector" "this" {
  workspace_id = var.workspace_id
}
