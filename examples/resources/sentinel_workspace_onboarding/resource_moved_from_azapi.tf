variable "workspace_id" {
  type = string
}

# Moves the state of an azapi resource to this resource. Remove the old resource block in the same change.
moved {
  from = azapi_resource.onboarding
  to   = sentinel_workspace_onboarding.this
}

resource "sentinel_workspace_onboarding" "this" {
  workspace_id = var.workspace_id
}
