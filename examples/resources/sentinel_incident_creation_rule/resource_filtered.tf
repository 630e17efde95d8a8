variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

resource "sentinel_incident_creation_rule" "this" {
  workspace_id                = var.workspace_id
  display_name                = "Incidents from severe IoT alerts"
  product_filter              = "Azure Security Center for IoT"
  severity_filter             = ["High", "Medium"]
  display_name_exclude_filter = ["Device reboot"]
  description                 = "Severe Defender for IoT alerts, which Defender XDR does not integrate."
}
