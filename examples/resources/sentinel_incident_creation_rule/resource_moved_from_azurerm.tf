variable "workspace_id" {
  type = string
}

# Moves the state of an azurerm resource to this resource. Remove the old resource block in the same change.
moved {
  from = azurerm_sentinel_alert_rule_ms_security_incident.this
  to   = sentinel_incident_creation_rule.this
}

resource "sentinel_incident_creation_rule" "this" {
  workspace_id   = var.workspace_id
  display_name   = "Incidents from Microsoft Defender for Cloud alerts"
  product_filter = "Microsoft Defender for Cloud"
}
