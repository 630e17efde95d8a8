variable "workspace_id" {
  type        = string
  description = "ARM id of the Log Analytics workspace that Sentinel is on."
}

# The solution that brings the tenant-based connector, which needs version 3.0.0 or newer.
data "sentinel_content_hub_solution" "defender_for_cloud" {
  workspace_id       = var.workspace_id
  content_id         = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
  version_constraint = ">= 3.0.0"
}

# Names work as well, as far as they are unique.
data "sentinel_content_hub_solution" "entra_id" {
  workspace_id = var.workspace_id
  display_name = "Microsoft Entra ID"
}

check "defender_for_cloud_solution" {
  assert {
    condition     = data.sentinel_content_hub_solution.defender_for_cloud.satisfies
    error_message = "Install or update the solution Microsoft Defender for Cloud in Content Hub: 3.0.0 or newer is needed."
  }
}

output "versions" {
  value = {
    for solution in [
      data.sentinel_content_hub_solution.defender_for_cloud,
      data.sentinel_content_hub_solution.entra_id,
      ] : solution.display_name => {
      installed = solution.installed_version
      available = solution.available_version
    }
  }
}
