terraform {
  required_version = ">= 1.8"

  required_providers {
    sentinel = {
      source  = "sentinel/sentinel"
      version = "~> 0.1"
    }
  }
}

# Without arguments the provider reads ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET and the other variables of the
# azurerm provider, and falls back to the user of the Azure CLI.
provider "sentinel" {}
