variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# Moves the state of an azurerm resource to this resource. Remove the old resource block in the same change.
moved {
  from = azurerm_sentinel_data_connector_microsoft_threat_protection.this
  to   = sentinel_defender_xdr_connector.this
}

resource "sentinel_defender_xdr_connector" "this" {
  workspace_id = var.workspace_id
}
