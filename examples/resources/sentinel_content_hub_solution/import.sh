# By workspace ID and content ID:
terraform import sentinel_content_hub_solution.this "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc|azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"

# By the ID of the installed solution:
terraform import sentinel_content_hub_solution.this /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc/providers/Microsoft.SecurityInsights/contentPackages/azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud
