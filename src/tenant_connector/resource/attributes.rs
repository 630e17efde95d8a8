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
        "Whether to adopt the connector if the alerts are already connected. Adopting it does not change anything in \
         Azure. If `false` and the alerts are connected, the apply fails, and the error contains the `import` block \
         for it. Set this to `true` if the resource is replaced with `create_before_destroy`.",
    );

pub(super) const CONTRACT: Attribute<Option<ContractOverride>> = Attribute::optional("contract")
    .description(
        "Overrides the request that the provider sends to connect the alerts: the connector kind, the name of Defender \
         for Cloud in the product filter, the API version, the data types and other properties. Microsoft has not \
         published this request. To find it for your tenant, run the command `contract record`: see [Learn what your \
         portal sends](../guides/learn-what-your-portal-sends.md) and [Known and unverified API \
         behavior](../guides/connect-tenant-wide-defender-for-cloud-alerts.md#known-and-unverified-api-behavior). \
         Changing this forces a new resource to be created.",
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
        "Connects the Microsoft Defender for Cloud alerts of the whole tenant to a Microsoft Sentinel workspace. In \
         the portal, this is the data connector \"Tenant-based Microsoft Defender for Cloud\".\n\nA workspace can have \
         one tenant-based connector. Use the tenant's primary workspace. If the connector is disconnected outside of \
         Terraform, the next apply connects it again.\n\nIn Azure, the tenant-based connector is a setting of the \
         workspace's Microsoft Defender XDR connector, which other products share. This resource changes only the \
         Defender for Cloud setting, and destroying it removes only that setting. If the connector has no product \
         filter (`filteredProviders.alerts`), destroying this resource disables the alerts of **all** products. The \
         destroy plan warns about this.\n\nDestroying this resource also disables alerts that were enabled before you \
         imported or adopted the connector. The destroy plan warns about this. To stop managing the connector and keep \
         the alerts enabled, use a `removed` block with `destroy = false`.",
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
