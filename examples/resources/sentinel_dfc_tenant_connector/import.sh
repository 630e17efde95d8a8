# By workspace ID:
terraform import sentinel_dfc_tenant_connector.this /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc

# By data connector ID:
terraform import sentinel_dfc_tenant_connector.this /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc/providers/Microsoft.SecurityInsights/dataConnectors/11111111-1111-1111-1111-111111111111
