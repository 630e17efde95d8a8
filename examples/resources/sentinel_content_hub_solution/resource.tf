variable "workspace_id" {
  description = "ARM id of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# The newest version at first; a newer one in the catalogue changes nothing until it is asked for.
resource "sentinel_content_hub_solution" "this" {
  workspace_id = var.workspace_id
  content_id   = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
}
