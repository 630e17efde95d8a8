# Use this file only if azurerm manages the connectors and rules. Change the names to yours, and remove the old resource blocks in the
# same change.

moved {
  from = azurerm_sentinel_data_connector_azure_security_center.this
  to   = sentinel_dfc_subscription_connector.this
}

moved {
  from = azurerm_sentinel_alert_rule_ms_security_incident.this
  to   = sentinel_incident_creation_rule.this
}
