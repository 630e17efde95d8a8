variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# Fails the plan unless version 3.0.0 or newer is installed.
data "sentinel_content_hub_solution" "defender_for_cloud" {
  workspace_id       = var.workspace_id
  content_id         = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
  version_constraint = ">= 3.0.0"

  lifecycle {
    postcondition {
      condition     = self.satisfies
      error_message = "Install version 3.0.0 or newer of the solution \"Microsoft Defender for Cloud\"."
    }
  }
}

# Finds a solution by its name in the portal.
data "sentinel_content_hub_solution" "entra_id" {
  workspace_id = var.workspace_id
  display_name = "Microsoft Entra ID"
}

output "entra_id_versions" {
  value = {
    installed = data.sentinel_content_hub_solution.entra_id.installed_version
    available = data.sentinel_content_hub_solution.entra_id.available_version
  }
}
