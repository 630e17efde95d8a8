variable "workspace_id" {
  type = string
}

# Moves the state of an azapi resource to this resource. Remove the old resource block in the same change.
moved {
  from = azapi_resource.rule
  to   = sentinel_incident_creation_rule.this
}

resource "sentinel_incident_creation_rule" "this" {
  workspace_id   = var.workspace_id
  display_name   = "Incidents from Microsoft Defender for Cloud alerts"
  product_filter = "Microsoft Defender for Cloud"
}
