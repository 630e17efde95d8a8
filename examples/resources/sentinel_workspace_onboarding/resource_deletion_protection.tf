variable "workspace_id" {
  description = "The ID of the Log Analytics workspace, for example azurerm_log_analytics_workspace.soc.id."
  type        = string
}

# Destroying this resource fails until deletion_protection is false.
resource "sentinel_workspace_onboarding" "this" {
  workspace_id        = var.workspace_id
  deletion_protection = true
}

# References the onboarding, so Terraform creates it afterwards and destroys it first.
resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = sentinel_workspace_onboarding.this.workspace_id
}
