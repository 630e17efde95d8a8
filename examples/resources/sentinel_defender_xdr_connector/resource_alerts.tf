variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# Incidents, the alerts of two products, and Defender for Cloud alerts.
resource "sentinel_defender_xdr_connector" "this" {
  workspace_id = var.workspace_id
  alert_providers = [
    "microsoftDefenderForCloudApps",
    "microsoftDefenderForIdentity",
  ]
}

resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = var.workspace_id
}
