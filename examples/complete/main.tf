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
    Existing rules that create incidents from Defender for Cloud alerts, by the name in their ID. The apply disables them, because
    Defender XDR creates the same incidents. List all settings of each rule: the apply removes settings that are not listed.
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

# All other resources reference it, so Terraform creates them after it and destroys them before it.
resource "sentinel_workspace_onboarding" "this" {
  workspace_id = var.workspace_id
}

resource "sentinel_content_hub_solution" "defender_for_cloud" {
  workspace_id       = sentinel_workspace_onboarding.this.workspace_id
  content_id         = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud"
  version_constraint = ">= 3.0.0"
}

# Enables Defender XDR incidents.
resource "sentinel_defender_xdr_connector" "this" {
  workspace_id = sentinel_workspace_onboarding.this.workspace_id
}

# Disabled after Defender XDR incidents are enabled, so that each alert gets an incident.
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

# The alerts of all subscriptions in the tenant. Connected last, after Defender XDR incidents replace the rules.
resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = sentinel_content_hub_solution.defender_for_cloud.workspace_id

  depends_on = [sentinel_incident_creation_rule.off]
}
