variable "workspace_id" {
  description = "The ID of the Log Analytics workspace to check."
  type        = string
}

# Warns about failed and unknown checks in each plan and apply.
check "defender_for_cloud_prerequisites" {
  data "sentinel_dfc_prerequisites" "this" {
    workspace_id = var.workspace_id
  }

  assert {
    condition = data.sentinel_dfc_prerequisites.this.ready == true
    error_message = join("\n", [
      for check in data.sentinel_dfc_prerequisites.this.checks :
      "${check.status}: ${check.name}: ${check.detail}" if contains(["failed", "unknown"], check.status)
    ])
  }
}
