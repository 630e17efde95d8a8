variable "workspace_id" {
  type        = string
  description = "ARM id of the Log Analytics workspace that Sentinel is on."
}

# What is installed and has a newer version in the catalogue.
data "sentinel_content_hub_solutions" "outdated" {
  workspace_id     = var.workspace_id
  update_available = true
}

# What Microsoft supports and the catalogue files under cloud security.
data "sentinel_content_hub_solutions" "cloud" {
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

output "cloud" {
  value = data.sentinel_content_hub_solutions.cloud.content_ids
}
