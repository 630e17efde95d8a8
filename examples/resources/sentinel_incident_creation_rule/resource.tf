variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

resource "sentinel_incident_creation_rule" "this" {
  workspace_id   = var.workspace_id
  display_name   = "Incidents from Microsoft Defender for Cloud alerts"
  product_filter = "Microsoft Defender for Cloud"
}
