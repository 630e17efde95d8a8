terraform {
  required_version = ">= 1.8" # OpenTofu: ">= 1.10"

  required_providers {
    sentinel = {
      source  = "sentinel/sentinel"
      version = "~> 0.1"
    }
  }
}

# Reads the same ARM_* environment variables as azurerm. Without them, it uses the Azure CLI (az login).
provider "sentinel" {}

variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on."
  type        = string
}

resource "sentinel_content_hub_solution" "defender_for_cloud" {
  workspace_id       = var.workspace_id
  content_id         = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
  version_constraint = ">= 3.0.0"
}

resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = sentinel_content_hub_solution.defender_for_cloud.workspace_id
  depends_on   = [sentinel_content_hub_solution.defender_for_cloud]
}
