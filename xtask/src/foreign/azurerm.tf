terraform {
  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
    }
  }
}

provider "azurerm" {
  features {}
  resource_provider_registrations = "none"
}

variable "state" {
  type = string
}

resource "azurerm_resource_group" "this" {
  name     = "rg-azurerm"
  location = "West Europe"
  tags     = { state = var.state }
}

resource "azurerm_log_analytics_workspace" "this" {
  name                = "law-azurerm"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  retention_in_days   = var.state == "Enabled" ? 30 : 60
  daily_quota_gb      = 2
}

resource "azurerm_sentinel_log_analytics_workspace_onboarding" "this" {
  workspace_id = azurerm_log_analytics_workspace.this.id
}

resource "azurerm_sentinel_alert_rule_ms_security_incident" "this" {
  name                       = "incidents"
  log_analytics_workspace_id = azurerm_sentinel_log_analytics_workspace_onboarding.this.workspace_id
  product_filter             = "Azure Security Center"
  display_name               = "Incidents, ${var.state}"
  severity_filter            = ["High"]
}

resource "azurerm_sentinel_data_connector_office_365" "this" {
  name                       = "office"
  log_analytics_workspace_id = azurerm_sentinel_log_analytics_workspace_onboarding.this.workspace_id
  exchange_enabled           = true
  sharepoint_enabled         = var.state == "Enabled"
}
