variable "workspace_id" {
  type = string
}

# Moves the state of an azurerm resource to this resource. Remove the old resource block in the same change.
moved {
  from = azurerm_sentinel_log_analytics_workspace_onboarding.this
  to   = sentinel_workspace_onboarding.this
}

resource "sentinel_workspace_onboarding" "this" {
  workspace_id = var.workspace_id
}
