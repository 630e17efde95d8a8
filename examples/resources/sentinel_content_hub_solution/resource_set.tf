variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# Installs several solutions and keeps each at the newest version.
resource "sentinel_content_hub_solution" "soc" {
  for_each = toset([
    "azuresentinel.azure-sentinel-solution-azureactivity",
    "azuresentinel.azure-sentinel-solution-microsoftentraid",
    "azuresentinel.azure-sentinel-solution-microsoft365defender",
  ])

  workspace_id = var.workspace_id
  content_id   = each.key
  track_latest = true
}
