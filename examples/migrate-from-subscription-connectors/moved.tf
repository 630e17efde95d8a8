# If azurerm created the connectors and the rule: takes over their state. Change the names to yours, and remove the old
# resource blocks in the same change. Without azurerm, leave this file out: stage 1 adopts what exists.

moved {
  from = azurerm_sentinel_data_connector_azure_security_center.this
  to   = sentinel_dfc_subscription_connector.this
}

moved {
  from = azurerm_sentinel_alert_rule_ms_security_incident.this
  to   = sentinel_incident_creation_rule.this
}
