import {
  to = sentinel_incident_creation_rule.this
  identity = {
    workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc"
    name         = "d90b7e4c-1f63-4a28-95be-7c0a2d8f6e15"
  }
}
