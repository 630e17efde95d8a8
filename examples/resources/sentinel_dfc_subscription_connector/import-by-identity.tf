import {
  to = sentinel_dfc_subscription_connector.this
  identity = {
    workspace_id    = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc"
    subscription_id = "3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58"
  }
}
