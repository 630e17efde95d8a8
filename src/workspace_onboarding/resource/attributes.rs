//! The attributes of the resource `sentinel_workspace_onboarding`.

use crate::framework::{Attribute, Schema, Timeouts};
use crate::sentinel::WorkspaceId;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace to onboard to Microsoft Sentinel.")
    .semantic_equality(WorkspaceId::normal_form)
    .requires_replace();

pub(super) const CUSTOMER_MANAGED_KEY_ENABLED: Attribute<bool> =
    Attribute::optional_with_default("customer_managed_key_enabled", || false)
        .description(
            "Whether the workspace uses a customer-managed key. Configure the key on the Log Analytics cluster before \
             you onboard the workspace.",
        )
        .requires_replace();

pub(super) const DELETION_PROTECTION: Attribute<bool> =
    Attribute::optional_with_default("deletion_protection", || false).description(
        "Whether to prevent Terraform from destroying or replacing this resource. If `true`, a plan that destroys or \
         replaces it fails. With `-replace` or a tainted resource, the apply fails instead. To destroy the resource, \
         set `deletion_protection = false` and apply. Then destroy it.",
    );

pub(super) const ADOPT_EXISTING: Attribute<bool> = Attribute::optional_with_default("adopt_existing", || false)
    .description(
        "Whether to adopt an existing onboarding. Adopting an onboarding does not change anything in Azure. If `false` \
         and the workspace is onboarded, the apply fails, and the error contains the `import` block for it.",
    );

pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("The ID of the onboarding state.").use_state_for_unknown();

pub(super) fn schema() -> Schema {
    Schema::new(
        "Onboards a Log Analytics workspace to Microsoft Sentinel. All other resources of this provider require an \
         onboarded workspace. Reference the `workspace_id` of this resource in them, so that Terraform creates them \
         afterwards.\n\nCreation takes some minutes: the provider waits until all Microsoft Sentinel APIs accept the \
         workspace.\n\nDestroying this resource removes Microsoft Sentinel from the workspace, including everything \
         that other configurations manage there. Azure deletes the data connector configuration and the Microsoft \
         Sentinel tables within 48 hours, and incidents and analytics rules after 30 days: see [Implications of \
         removing Microsoft Sentinel](https://learn.microsoft.com/azure/sentinel/offboard-implications). The destroy \
         plan shows how many objects exist. To prevent this, set `deletion_protection = true`.\n\nTo migrate from \
         `azurerm_sentinel_log_analytics_workspace_onboarding`, or from an `azapi_resource` of the same Azure type, \
         use a `moved` block. It changes only the state, not Azure.",
    )
    .attribute(&WORKSPACE_ID)
    .attribute(&CUSTOMER_MANAGED_KEY_ENABLED)
    .attribute(&DELETION_PROTECTION)
    .attribute(&ADOPT_EXISTING)
    .attribute(&ID)
    .timeouts(Timeouts::RESOURCE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::SchemaKind;

    #[test]
    fn schema_is_valid() {
        assert_eq!(schema().problems(SchemaKind::Resource), Vec::<String>::new());
    }
}
