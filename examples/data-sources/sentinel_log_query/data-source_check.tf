variable "workspace_id" {
  description = "The ID of the Log Analytics workspace to query."
  type        = string
}

data "sentinel_log_query" "alerts_by_product" {
  workspace_id = var.workspace_id
  timespan     = "P7D"
  query        = "SecurityAlert | summarize Alerts = count(), Newest = max(TimeGenerated) by ProductName"
}

check "defender_for_cloud_sends_alerts" {
  assert {
    condition = contains(
      data.sentinel_log_query.alerts_by_product.rows[*].ProductName,
      "Azure Security Center",
    )
    error_message = "No alert of Defender for Cloud arrived in the last 7 days."
  }
}

# jsondecode(rows_json) keeps numbers as numbers.
output "alerts_by_product" {
  value = jsondecode(data.sentinel_log_query.alerts_by_product.rows_json)
}
