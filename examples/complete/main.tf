# From an empty Log Analytics workspace to the Defender for Cloud alerts of the whole tenant, in one apply.

terraform {
  required_providers {
    sentinel = {
      source = "sentinel/sentinel"
    }
  }
}

provider "sentinel" {}

variable "workspace_id" {
  description = "The ID of the Log Analytics workspace. Use the tenant's primary workspace."
  type        = string
}

variable "incident_creation_rules" {
  description = <<-EOT
    Existing rules that create incidents from Defender for Cloud alerts, by the name in their ID. They are turned off, because
    Defender XDR creates the same incidents. List all settings of a rule: the apply removes those that are not here.
    `terraform destroy` deletes the rules.
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

# All other resources refer to it, so they are created after it and destroyed before it.
resource "sentinel_workspace_onboarding" "this" {
  workspace_id = var.workspace_id
}

resource "sentinel_content_hub_solution" "defender_for_cloud" {
  workspace_id       = sentinel_workspace_onboarding.this.workspace_id
  content_id         = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
  version_constraint = ">= 3.0.0"
}

# The incidents of Defender XDR.
resource "sentinel_defender_xdr_connector" "this" {
  workspace_id = sentinel_workspace_onboarding.this.workspace_id
}

# Off after Defender XDR's incidents are on, so that no alert stays without an incident.
resource "sentinel_incident_creation_rule" "off" {
  for_each = var.incident_creation_rules

  workspace_id                = sentinel_defender_xdr_connector.this.workspace_id
  name                        = each.key
  display_name                = each.value.display_name
  description                 = each.value.description
  product_filter              = "Microsoft Defender for Cloud"
  severity_filter             = each.value.severity_filter
  display_name_filter         = each.value.display_name_filter
  display_name_exclude_filter = each.value.display_name_exclude_filter
  enabled                     = false
  adopt_existing              = true
}

# The alerts of all subscriptions of the tenant. Connected last, so that no rule makes incidents from them.
resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = sentinel_content_hub_solution.defender_for_cloud.workspace_id

  depends_on = [sentinel_incident_creation_rule.off]
}
