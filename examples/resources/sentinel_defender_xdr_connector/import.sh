# By workspace ID:
terraform import sentinel_defender_xdr_connector.this /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc

# By data connector ID:
terraform import sentinel_defender_xdr_connector.this /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc/providers/Microsoft.SecurityInsights/dataConnectors/6f1d2c3b-9a84-4e57-b0c6-3d8e5f7a1b29
