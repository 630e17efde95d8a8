variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = var.workspace_id
}

# A check only warns, so the run does not fail if the workspace was connected recently.
check "alerts_arrive" {
  data "sentinel_dfc_alert_summary" "week" {
    workspace_id = sentinel_dfc_tenant_connector.this.workspace_id
  }

  assert {
    condition     = data.sentinel_dfc_alert_summary.week.is_receiving == true
    error_message = "No Defender for Cloud alert arrived in the last 7 days (${data.sentinel_dfc_alert_summary.week.status})."
  }
}
