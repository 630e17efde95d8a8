variable "workspace_id" {
  description = "ARM id of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# Any version from 3.0.0 on: an older one is brought up, a newer one in the catalogue changes nothing.
resource "sentinel_content_hub_solution" "this" {
  workspace_id       = var.workspace_id
  content_id         = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
  version_constraint = ">= 3.0.0, < 4.0.0"
}
