variable "workspace_id" {
  description = "The ID of the Log Analytics workspace to query."
  type        = string
}

# In a check, a query that fails is a warning. Elsewhere it is an error: for example, the table does not exist yet.
check "defender_for_cloud_alerts_arrive" {
  data "sentinel_log_query" "alerts_by_product" {
    workspace_id = var.workspace_id
    timespan     = "P7D"
    query        = "SecurityAlert | summarize Alerts = count(), Newest = max(TimeGenerated) by ProductName"
  }

  assert {
    condition = contains(
      data.sentinel_log_query.alerts_by_product.rows[*].ProductName,
      "Azure Security Center",
    )
    error_message = "No Defender for Cloud alert arrived in the last 7 days."
  }
}
