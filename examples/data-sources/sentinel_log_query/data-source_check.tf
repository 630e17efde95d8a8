variable "workspace_id" {
  description = "The ID of the Log Analytics workspace to query."
  type        = string
}

data "sentinel_log_query" "alerts_by_product" {
  workspace_id = var.workspace_id
  timespan     = "P7D"
  query        = "SecurityAlert | summarize Alerts = count(), Newest = max(TimeGenerated) by ProductName"
}

check "defender_for_cloud_alerts_arrive" {
  assert {
    condition = contains(
      data.sentinel_log_query.alerts_by_product.rows[*].ProductName,
      "Azure Security Center",
    )
    error_message = "No Defender for Cloud alert arrived in the last 7 days."
  }
}

# In rows_json, numbers stay numbers. In rows, all values are strings.
output "alerts_by_product" {
  value = jsondecode(data.sentinel_log_query.alerts_by_product.rows_json)
}
