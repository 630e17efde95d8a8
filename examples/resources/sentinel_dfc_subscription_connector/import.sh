# By data connector ID:
terraform import sentinel_dfc_subscription_connector.this /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc/providers/Microsoft.SecurityInsights/dataConnectors/c2e84b70-5d1f-4936-8a7e-b41f0d6c9e53
