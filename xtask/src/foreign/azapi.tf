terraform {
  required_providers {
    azapi = {
      source = "azure/azapi"
    }
  }
}

variable "state" {
  type = string
}

resource "azapi_resource" "connector" {
  type      = "Microsoft.SecurityInsights/dataConnectors@2025-09-01"
  name      = "azapi"
  parent_id = local.workspace_id
  body = {
    kind = "Office365"
    properties = {
      tenantId = local.tenant_id
      dataTypes = {
        exchange   = { state = var.state }
        sharePoint = { state = "Enabled" }
        teams      = { state = "Enabled" }
      }
    }
  }
}
