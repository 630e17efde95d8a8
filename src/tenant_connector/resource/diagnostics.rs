//! What this resource says when it cannot do what is asked, or does more than meets the eye.

use crate::defender_xdr::Stream;
use crate::framework::Diagnostic;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE;
use crate::sentinel::data_connector::{ALERTS, Document};
use crate::sentinel::{self, WorkspaceId};

use super::attributes::{CONTRACT, TENANT_ID, WORKSPACE_ID};
use super::identity::connection;
use crate::tenant_connector::contract::Contract;

/// The error about a connection that is on and must not be taken over.
pub(super) fn exists(workspace: &WorkspaceId, found: &Document, contract: &Contract) -> Diagnostic {
    connection(workspace).importable_if(contract.is_importable()).exists(&self::found(workspace, found))
}

/// What Azure has.
pub(super) fn found(workspace: &WorkspaceId, document: &Document) -> String {
    format!(
        "The workspace {} already streams tenant-wide Defender for Cloud alerts, through the data connector \"{}\" of kind \
         \"{}\". A workspace has only one such connection.",
        workspace.name(),
        document.name(),
        document.kind()
    )
}

/// What becomes of a connection that is taken over.
pub(super) fn adoption(stream: Stream) -> &'static str {
    match stream {
        Stream::Named => "Nothing is written to Azure.",
        Stream::Unfiltered => {
            "Nothing is written to Azure. The connector has no filter, so the alerts of every Defender product stream."
        }
    }
}

/// A connector of another kind has the name that a new one would get: nothing of this provider's makes that.
pub(super) fn name_taken(workspace: &WorkspaceId, other: &Document, contract: &Contract) -> Diagnostic {
    Diagnostic::error(
        "The new connector's name is taken",
        format!(
            "The workspace {} has no connector of kind \"{}\" yet. The provider derives the name of a new one from the \
             workspace, so that it finds its own again, and the data connector of that name is of kind \"{}\". Make \
             sure that nobody needs it, and delete it:\n\naz rest --method delete --url \
             \"{}?api-version={}\"",
            workspace.name(),
            contract.kind,
            other.kind(),
            workspace.sentinel_resource(RESOURCE_TYPE, other.name()),
            contract.api_version,
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// A refresh has found that the connection in the state is none any more.
pub(super) fn switched_off(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::warning(
        "The alerts were switched off outside of Terraform",
        format!(
            "The workspace {} does not stream tenant-wide Defender for Cloud alerts any more: its connector was \
             disconnected, changed or deleted by somebody else. To Terraform the connection is gone, and the plan makes \
             it again.",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The other connector for the same alerts is on as well.
pub(super) fn duplicates(workspace: &WorkspaceId, subscriptions: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "Alerts will arrive twice",
        format!(
            "The subscription-based Defender for Cloud connector is on in the workspace {} too, for: {}. While both \
             are on, the alerts of these subscriptions arrive twice. Disconnect it in every workspace once this \
             resource is applied: remove azurerm_sentinel_data_connector_azure_security_center, or press Disconnect on \
             the connector's page.",
            workspace.name(),
            subscriptions.join(", ")
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Switching alerts on brings an old filter back into force.
pub(super) fn also_starts(providers: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "Other products' alerts start to stream as well",
        format!(
            "The alerts of the Defender XDR connector are off, but its filter still contains: {}. This resource turns \
             the alerts on, so the alerts of these products start too. They continue when this resource is destroyed, \
             because the provider never removes products that others added to the filter. To prevent this, clear \
             `filteredProviders.{ALERTS}` first.",
            providers.join(", ")
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Without a filter there is no way to switch off one product only.
pub(super) fn cuts_everything(workspace: &WorkspaceId, found: &Document) -> Diagnostic {
    Diagnostic::warning(
        "The alerts of every product are switched off",
        format!(
            "The data connector \"{}\" of the workspace {} has no filter: it streams the alerts of every Defender \
             product, not only those of Defender for Cloud. Destroying this resource switches its alerts off, for all \
             of them; incidents stay as they are. To keep the other products' alerts, set \
             `filteredProviders.{ALERTS}` to their names first, or take the resource out of the state without \
             destroying it (a `removed` block with `destroy = false`).",
            found.name(),
            workspace.name()
        ),
    )
}

/// Sentinel is not on the workspace. An error when applying; while planning, the same run may still add it.
pub(super) fn not_onboarded(workspace: &WorkspaceId) -> Diagnostic {
    sentinel::not_onboarded(workspace).at(WORKSPACE_ID.path())
}

/// The configuration names another tenant than the one the workspace is in.
pub(super) fn other_tenant(workspace: &WorkspaceId, given: &str, actual: &str) -> Diagnostic {
    Diagnostic::error(
        "Not the tenant of the workspace",
        format!(
            "The workspace {} is in the subscription {}, which belongs to the tenant {actual}; {} is {given}. A \
             workspace streams the alerts of its own tenant only. Leave the argument out, or choose a workspace of the \
             other tenant.",
            workspace.name(),
            workspace.subscription(),
            TENANT_ID.name()
        ),
    )
    .at(TENANT_ID.path())
}

/// Azure said yes and kept something else.
pub(super) fn not_kept(workspace: &WorkspaceId, held: Option<&Document>, contract: &Contract) -> Diagnostic {
    let held = held.map_or_else(|| "holds no such data connector".to_owned(), describe);
    Diagnostic::error(
        "Azure did not keep what was sent",
        format!(
            "Azure accepted the request for the workspace {}, but afterwards it {held}. Asked for was {}.\n\n\
             Microsoft has not published this connector's wire contract, and this tenant seems to expect another one. \
             Find out which (press Connect in the portal and compare the list of data connectors before and after, see \
             the guide \"Connect tenant-wide Defender for Cloud alerts\"), and override it with \
             {} = {{ kind = …, provider = …, api_version = … }}. What was written stays in the state, so that the next \
             apply or destroy puts it right; until then other alerts may stream than were asked for.",
            workspace.name(),
            contract.describe(),
            CONTRACT.name()
        ),
    )
    .at(CONTRACT.path())
}

/// What a document says about alerts, for people.
fn describe(held: &Document) -> String {
    let state = held.get(&["properties", "dataTypes", ALERTS, "state"]).and_then(|state| state.as_str());
    let filter = match held.get(&["properties", "filteredProviders", ALERTS]) {
        Some(filter) => format!("`filteredProviders.{ALERTS}` {filter}"),
        None => format!("no `filteredProviders.{ALERTS}`, so the alerts of every product pass"),
    };
    format!(
        "holds the data connector \"{}\" of kind \"{}\" with `dataTypes.{ALERTS}` {} and {filter}",
        held.name(),
        held.kind(),
        state.unwrap_or("missing")
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn workspace() -> WorkspaceId {
        WorkspaceId::parse(
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/\
             Microsoft.OperationalInsights/workspaces/law-soc",
        )
        .expect("a workspace")
    }

    fn found(filter: &serde_json::Value) -> Document {
        let properties =
            json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": {"alerts": filter}});
        Document::new("c345bf40-8509-4ed2-b947-50cb773aaf04", "MicrosoftThreatProtection", properties)
    }

    fn told(diagnostic: &Diagnostic) -> String {
        format!("{}\n\n{}", diagnostic.summary, diagnostic.detail)
    }

    #[test]
    fn a_conflict_comes_with_the_import_block_to_paste() {
        insta::assert_snapshot!(told(&exists(&workspace(), &found(&json!(["x"])), &Contract::default())));
    }

    #[test]
    fn a_conflict_under_an_own_contract_cannot_be_imported() {
        let contract = Contract::new(None, Some("mdc"), None);

        let told = told(&exists(&workspace(), &found(&json!(["mdc"])), &contract));

        assert!(!told.contains("import {"), "{told}");
        assert!(told.contains("adopt_existing = true"), "{told}");
    }

    #[test]
    fn what_azure_did_not_keep_is_told_with_the_contract_and_how_to_override_it() {
        insta::assert_snapshot!(told(&not_kept(&workspace(), Some(&found(&json!([]))), &Contract::default())));
    }

    #[test]
    fn a_destroy_that_cuts_everything_says_how_to_avoid_it() {
        insta::assert_snapshot!(told(&cuts_everything(&workspace(), &found(&json!(null)))));
    }

    #[test]
    fn a_workspace_without_sentinel_says_what_to_add() {
        insta::assert_snapshot!(told(&not_onboarded(&workspace())));
    }
}
