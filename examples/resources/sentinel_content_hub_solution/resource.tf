variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# Installs the newest version. Later plans do not upgrade it.
resource "sentinel_content_hub_solution" "this" {
  workspace_id = var.workspace_id
  content_id   = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
}
