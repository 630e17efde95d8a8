# Replaces subscription-based connectors with the tenant-based connector. Apply with stage 1, then 2, then 3.
# The guide "Migrate from subscription-based connectors" explains each stage.

terraform {
  required_providers {
    sentinel = {
      source = "sentinel/sentinel"
    }
  }
}

provider "sentinel" {}

variable "stage" {
  description = "1: adopt the existing connectors and rules. 2: connect the tenant-based connector. 3: disconnect the subscriptions."
  type        = number

  validation {
    condition     = contains([1, 2, 3], var.stage)
    error_message = "The stage must be 1, 2 or 3."
  }
}

variable "workspace_id" {
  description = "The ID of the Log Analytics workspace that Microsoft Sentinel runs on. Use the tenant's primary workspace."
  type        = string
}

variable "subscription_ids" {
  description = "The IDs (GUIDs) of the subscriptions that are connected in this workspace."
  type        = set(string)
}

variable "incident_creation_rules" {
  description = <<-EOT
    The enabled rules that create incidents from Defender for Cloud alerts in this workspace, by the name in their ID. List all
    settings of each rule: the apply removes settings that are not listed.
  EOT
  type = map(object({
    display_name                = string
    description                 = optional(string)
    severity_filter             = optional(set(string))
    display_name_filter         = optional(set(string))
    display_name_exclude_filter = optional(set(string))
  }))
  default = {}
}

# Connected until stage 3.
resource "sentinel_dfc_subscription_connector" "this" {
  for_each = var.stage < 3 ? var.subscription_ids : []

  workspace_id    = var.workspace_id
  subscription_id = each.value
  adopt_existing  = true
}

# The tenant-based connector requires version 3.0.0 or newer.
resource "sentinel_content_hub_solution" "defender_for_cloud" {
  workspace_id       = var.workspace_id
  content_id         = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
  version_constraint = ">= 3.0.0"
}

# Stage 2, first: enables Defender XDR incidents.
resource "sentinel_defender_xdr_connector" "this" {
  count = var.stage < 2 ? 0 : 1

  workspace_id   = var.workspace_id
  adopt_existing = true

  depends_on = [sentinel_content_hub_solution.defender_for_cloud]
}

# Stage 2, second: disables the rules.
resource "sentinel_incident_creation_rule" "this" {
  for_each = var.incident_creation_rules

  workspace_id                = var.workspace_id
  name                        = each.key
  display_name                = each.value.display_name
  description                 = each.value.description
  product_filter              = "Microsoft Defender for Cloud"
  severity_filter             = each.value.severity_filter
  display_name_filter         = each.value.display_name_filter
  display_name_exclude_filter = each.value.display_name_exclude_filter
  enabled                     = var.stage < 2
  adopt_existing              = true

  depends_on = [sentinel_defender_xdr_connector.this]
}

# Stage 2, third: connects the alerts of all subscriptions in the tenant.
resource "sentinel_dfc_tenant_connector" "this" {
  count = var.stage < 2 ? 0 : 1

  workspace_id   = var.workspace_id
  adopt_existing = true

  depends_on = [sentinel_incident_creation_rule.this]
}
