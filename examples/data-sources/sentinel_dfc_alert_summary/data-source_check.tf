variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = var.workspace_id
}

# A check warns and never fails the run, so it also fits a workspace that was connected a moment ago.
check "alerts_arrive" {
  data "sentinel_dfc_alert_summary" "week" {
    workspace_id = sentinel_dfc_tenant_connector.this.workspace_id
  }

  assert {
    condition     = data.sentinel_dfc_alert_summary.week.is_receiving == true
    error_message = "No alert of Defender for Cloud arrived in the last 7 days (${data.sentinel_dfc_alert_summary.week.status})."
  }
}
