variable "workspace_id" {
  description = "The ID of the Log Analytics workspace, for example of azurerm_log_analytics_workspace."
  type        = string
}

# A destroy of this resource is refused until deletion_protection is false.
resource "sentinel_workspace_onboarding" "this" {
  workspace_id        = var.workspace_id
  deletion_protection = true
}

# Refers to the onboarding, so it is created after it and destroyed before it.
resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = sentinel_workspace_onboarding.this.workspace_id
}
