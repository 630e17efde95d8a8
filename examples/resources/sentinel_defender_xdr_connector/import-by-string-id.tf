import {
  to = sentinel_defender_xdr_connector.this
  id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc"
}
