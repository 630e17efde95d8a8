//! The attribute table of `sentinel_dfc_tenant_connector`: the only place where a name is spelled.

use crate::framework::{Attribute, Schema, Timeouts};
use crate::sentinel::WorkspaceId;

use super::contract_override::{ContractOverride, changes_contract};
use super::tenant_id::TenantId;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description(
        "ARM id of the Log Analytics workspace that Microsoft Sentinel runs on: the tenant's primary workspace. \
         Compared without case. Changing this forces a new resource to be created.",
    )
    .semantic_equality(WorkspaceId::normal_form)
    .requires_replace();

pub(super) const TENANT_ID: Attribute<Option<TenantId>> = Attribute::optional_computed("tenant_id")
    .description(
        "Tenant whose alerts are streamed: the one that the workspace's subscription belongs to, which with Azure \
         Lighthouse is not the tenant of the login. Give it to have it checked; a different one is an error. Changing \
         this forces a new resource to be created.",
    )
    .semantic_equality(TenantId::normal_form)
    .use_state_for_unknown()
    .requires_replace();

pub(super) const ADOPT_EXISTING: Attribute<bool> = Attribute::optional_with_default("adopt_existing", || false)
    .description(
        "Take over a connection that is already on, instead of failing with the `import` block to paste. Nothing is \
         written then.",
    );

pub(super) const CONTRACT: Attribute<Option<ContractOverride>> = Attribute::optional("contract")
    .description(
        "Override of the wire contract, which Microsoft has not published: see the guide \"Connect tenant-wide \
         Defender for Cloud alerts\" for what is known. Changing what is in force forces a new resource to be created.",
    )
    .requires_replace_if(changes_contract);

pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("ARM id of the data connector.").use_state_for_unknown();

pub(super) const NAME: Attribute<Option<String>> = Attribute::computed("name")
    .description("Name of the data connector, mostly a GUID. Follows when the portal re-creates the connector.")
    .use_state_for_unknown();

pub(super) const KIND: Attribute<Option<String>> = Attribute::computed("kind")
    .description("Kind of the data connector as Azure spells it, for example `MicrosoftThreatProtection`.")
    .use_state_for_unknown();

pub(super) fn schema() -> Schema {
    Schema::new(
        "Streams the Microsoft Defender for Cloud alerts of the whole tenant into a Microsoft Sentinel workspace: what \
         the portal calls \"Tenant-based Microsoft Defender for Cloud\".\n\n\
         The resource exists while the stream is on: switched off elsewhere, it is created again by the next apply. A \
         workspace has one; the tenant should have one, on its primary workspace.\n\n\
         The Defender XDR connector in Azure is one document that several products share. This resource changes its \
         own part of it and nothing else, and destroying it gives back what was there. Only where the connector has no \
         filter, so that the alerts of every product stream, destroying can but switch all of them off; the plan of the \
         destroy then warns of it.",
    )
    .attribute(&WORKSPACE_ID)
    .attribute(&TENANT_ID)
    .attribute(&ADOPT_EXISTING)
    .attribute(&CONTRACT)
    .attribute(&ID)
    .attribute(&NAME)
    .attribute(&KIND)
    .timeouts(Timeouts::RESOURCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_the_public_interface() {
        let rows: Vec<String> = schema()
            .attributes()
            .map(|row| {
                let replaces = if row.replacement.is_some() { ", new resource" } else { "" };
                format!("{}: {:?} {}{replaces}", row.name, row.mode, row.shape.value_type())
            })
            .collect();

        insta::assert_snapshot!(rows.join("\n"));
    }
}
