variable "workspace_id" {
  description = "The ID of the Log Analytics workspace, for example azurerm_log_analytics_workspace.soc.id."
  type        = string
}

resource "sentinel_workspace_onboarding" "this" {
  workspace_id = var.workspace_id
}
