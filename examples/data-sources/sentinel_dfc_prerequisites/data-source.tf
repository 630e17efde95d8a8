variable "workspace_id" {
  description = "The ID of the Log Analytics workspace to check."
  type        = string
}

data "sentinel_dfc_prerequisites" "this" {
  workspace_id = var.workspace_id
}

# Fails the plan if a check failed. Unknown results do not fail it.
resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = var.workspace_id

  lifecycle {
    precondition {
      condition = data.sentinel_dfc_prerequisites.this.ready != false
      error_message = join("\n", [
        for check in data.sentinel_dfc_prerequisites.this.checks :
        "${check.name}: ${check.detail} ${check.remedy}" if check.status == "failed"
      ])
    }
  }
}
