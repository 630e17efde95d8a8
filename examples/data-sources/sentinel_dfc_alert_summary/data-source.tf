variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

data "sentinel_dfc_alert_summary" "this" {
  workspace_id = var.workspace_id
  window       = "P30D"
}

output "alerts" {
  value = {
    total           = data.sentinel_dfc_alert_summary.this.total
    by_severity     = data.sentinel_dfc_alert_summary.this.by_severity
    by_subscription = data.sentinel_dfc_alert_summary.this.by_subscription
    newest          = data.sentinel_dfc_alert_summary.this.newest
  }
}

# One element for each day, for example for a chart.
output "alerts_by_day" {
  value = data.sentinel_dfc_alert_summary.this.by_day
}
