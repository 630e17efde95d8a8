variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

data "sentinel_data_connectors" "this" {
  workspace_id = var.workspace_id
}

# Warns in each plan and apply while tenant-wide alerts are not connected.
check "tenant_wide_defender_for_cloud" {
  assert {
    condition     = data.sentinel_data_connectors.this.tenant_wide_dfc_connected == true
    error_message = data.sentinel_data_connectors.this.tenant_wide_dfc_reason
  }
}

# The connected data connectors, without connector pages.
output "connected" {
  value = {
    for connector in data.sentinel_data_connectors.this.connectors :
    connector.name => connector.kind if connector.connected == true
  }
}

output "subscription_based_connectors" {
  value = data.sentinel_data_connectors.this.connected_subscription_ids
}
