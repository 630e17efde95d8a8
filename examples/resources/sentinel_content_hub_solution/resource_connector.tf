variable "workspace_id" {
  description = "ARM id of the Log Analytics workspace that Microsoft Sentinel runs on: the tenant's primary workspace."
  type        = string
}

# The solution first, then the connection that its connector page stands for. Destroying goes the other way round.
resource "sentinel_content_hub_solution" "defender_for_cloud" {
  workspace_id       = var.workspace_id
  content_id         = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
  version_constraint = ">= 3.0.0"
}

resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = sentinel_content_hub_solution.defender_for_cloud.workspace_id
  depends_on   = [sentinel_content_hub_solution.defender_for_cloud]
}
