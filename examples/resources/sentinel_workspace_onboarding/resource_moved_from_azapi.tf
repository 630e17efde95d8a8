variable "workspace_id" {
  type = string
}

# Takes over the state of a resource of azapi. Remove the old resource block in the same change.
moved {
  from = azapi_resource.onboarding
  to   = sentinel_workspace_onboarding.this
}

resource "sentinel_workspace_onboarding" "this" {
  workspace_id = var.workspace_id
}
