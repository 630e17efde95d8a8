variable "workspace_id" {
  description = "The ID of the Log Analytics workspace to query."
  type        = string
}

# The number of incidents by severity.
data "sentinel_log_query" "incidents" {
  workspace_id = var.workspace_id
  timespan     = "P30D"

  query = <<-EOT
    SecurityIncident
    | summarize arg_max(TimeGenerated, Severity) by IncidentNumber
    | summarize Incidents = count() by Severity
    | order by Incidents desc
  EOT
}

output "incidents_by_severity" {
  value = { for row in data.sentinel_log_query.incidents.rows : row.Severity => tonumber(row.Incidents) }
}
