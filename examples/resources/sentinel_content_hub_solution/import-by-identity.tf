import {
  to = sentinel_content_hub_solution.this
  identity = {
    workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc"
    content_id   = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
  }
}
