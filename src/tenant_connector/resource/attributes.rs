//! The attributes of the resource `sentinel_dfc_tenant_connector`.

use crate::defender_xdr::TENANT_ID;
use crate::framework::{Attribute, Schema, Timeouts};
use crate::sentinel::WorkspaceId;

use super::contract_override::{ContractOverride, changes_contract};

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description(
        "The ID of the Log Analytics workspace that Microsoft Sentinel runs on. Use the tenant's primary \
         workspace.",
    )
    .semantic_equality(WorkspaceId::normal_form)
    .requires_replace();

pub(super) const ADOPT_EXISTING: Attribute<bool> = Attribute::optional_with_default("adopt_existing", || false)
    .description(
        "Whether to adopt an existing connection. Adopting a connection does not change anything in Azure. If `false` \
         and a connection exists, the apply fails, and the error contains the `import` block for it. If the resource is \
         replaced with `create_before_destroy`, set this to `true`. The new object then adopts the connection.",
    );

pub(super) const CONTRACT: Attribute<Option<ContractOverride>> = Attribute::optional("contract")
    .description(
        "Overrides the request format of the connector (kind, filter name, API version, data types and properties). \
         Microsoft has not published this format. To learn what the portal sends in your tenant, run the command \
         `contract record`: see [Learn what your portal sends](../guides/learn-what-your-portal-sends.md) and [Known and unverified API \
         behavior](../guides/connect-tenant-wide-defender-for-cloud-alerts.md#known-and-unverified-api-behavior). Changing the \
         resulting format forces a new resource to be created.",
    )
    .requires_replace_if(changes_contract);

pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("The ID of the data connector.").use_state_for_unknown();

pub(super) const NAME: Attribute<Option<String>> = Attribute::computed("name")
    .description(
        "The name of the data connector, usually a GUID. It changes if the portal creates the connector again.",
    )
    .use_state_for_unknown();

pub(super) const KIND: Attribute<Option<String>> = Attribute::computed("kind")
    .description("The kind of the data connector, for example `MicrosoftThreatProtection`.")
    .use_state_for_unknown();

pub(super) fn schema() -> Schema {
    Schema::new(
        "Streams the Microsoft Defender for Cloud alerts of the whole tenant into a Microsoft Sentinel workspace. In the \
         portal, this is the data connector \"Tenant-based Microsoft Defender for Cloud\".\n\nA workspace can have only \
         one such connection. Use the tenant's primary workspace. If the connection is removed outside of Terraform, the \
         next apply creates it again.\n\nThe connection is part of the workspace's Microsoft Defender XDR connector, which \
         other products share. This resource changes only its own part, and destroying it removes only that part. If the \
         connector has no product filter (`filteredProviders.alerts`), destroying this resource turns off alerts for \
         **all** products. The destroy plan warns about this.\n\nDestroying this resource turns the alerts off even if \
         they were on before the connection was imported or adopted. The destroy plan warns about this too. To stop \
         managing the connection and leave the alerts on, use a `removed` block with `destroy = false`.",
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
