variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# Upgrades the solution if the installed version does not meet the constraint.
resource "sentinel_content_hub_solution" "defender_for_cloud" {
  workspace_id       = var.workspace_id
  content_id         = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
  version_constraint = ">= 3.0.0"
}

# Connected after the solution is installed, and disconnected before it is uninstalled.
resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = sentinel_content_hub_solution.defender_for_cloud.workspace_id
  depends_on   = [sentinel_content_hub_solution.defender_for_cloud]
}
