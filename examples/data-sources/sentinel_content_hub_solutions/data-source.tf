variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

# Installed solutions with an available update.
data "sentinel_content_hub_solutions" "outdated" {
  workspace_id     = var.workspace_id
  update_available = true
}

# Generally available cloud security solutions that Microsoft supports.
data "sentinel_content_hub_solutions" "cloud_security" {
  workspace_id    = var.workspace_id
  search          = "defender"
  categories      = ["Security - Cloud Security"]
  support_tiers   = ["Microsoft"]
  content_kind    = "Solution"
  include_preview = false
}

output "outdated" {
  value = {
    for solution in data.sentinel_content_hub_solutions.outdated.solutions :
    solution.display_name => "${solution.installed_version} -> ${solution.available_version}"
  }
}

output "cloud_security_content_ids" {
  value = data.sentinel_content_hub_solutions.cloud_security.content_ids
}
