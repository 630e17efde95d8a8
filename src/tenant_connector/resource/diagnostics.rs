//! What this resource says when it cannot do what is asked, or does more than meets the eye.

use crate::defender_xdr::Stream;
use crate::framework::{Context, Diagnostic, Diagnostics, Severity};
use crate::ownership::Rival;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE;
use crate::sentinel::data_connector::{ALERTS, Document, name_for};
use crate::sentinel::{self, WorkspaceId};

use super::attributes::{ADOPT_EXISTING, CONTRACT, TENANT_ID, WORKSPACE_ID};
use crate::tenant_connector::contract::Contract;

/// The workspace streams already, and nobody said that this resource may take that over.
pub(super) fn conflict(workspace: &WorkspaceId, found: &Document, contract: &Contract) -> Diagnostic {
    let mut detail = format!(
        "The data connector \"{}\" of kind \"{}\" is already on in the workspace {}, and a workspace has only one such \
         connection.",
        found.name(),
        found.kind(),
        workspace.name()
    );
    if found.is_named(&name_for(workspace, &contract.kind)) {
        detail.push_str(
            " Its name is one that this provider gives: an earlier run, another configuration or a second resource in \
             this one has made it.",
        );
    }
    detail.push_str("\n\nTo manage the connection that is there, ");
    if contract.is_importable() {
        detail.push_str(&format!(
            "add this block, with the resource's own name for NAME, and apply again:\n\n\
             import {{\n  to = sentinel_dfc_tenant_connector.NAME\n  id = \"{workspace}\"\n}}\n\nOr "
        ));
    }
    detail.push_str(&format!(
        "set {} = true, and the apply takes it over. If another resource manages it already, remove one of the two; if \
         this resource was renamed, say so in a `moved` block. A tainted resource, planned with -refresh=false, looks \
         like this as well: plan without it. And with create_before_destroy, here or in a resource that depends on this \
         one, a replacement meets the connection that it is to replace: remove it, or set {} = true.",
        ADOPT_EXISTING.name(),
        ADOPT_EXISTING.name()
    ));
    Diagnostic::error("The workspace already streams tenant-wide Defender for Cloud alerts", detail)
        .at(WORKSPACE_ID.path())
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

/// As [`conflict`], but the other one is in the same state: an import could not help.
pub(super) fn managed_twice(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        "Two resources for one workspace",
        format!(
            "Another sentinel_dfc_tenant_connector in this configuration already manages the tenant-wide Defender for \
             Cloud alerts of the workspace {}, and a workspace has only one such connection. Remove one of the two.",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// What a resource meets of another one that is the same connection.
pub(super) fn meets(ctx: &Context, rival: Rival, workspace: &WorkspaceId) -> Result<(), Diagnostics> {
    match rival {
        Rival::None => {}
        Rival::Stays => {
            let mut warning = managed_twice(workspace);
            warning.severity = Severity::Warning;
            ctx.warn(warning);
        }
        Rival::Parts => return Err(kept_and_destroyed(workspace).into()),
        Rival::LeftOver => ctx.warn(left_over(workspace)),
    }
    Ok(())
}

/// A deposed object, which a replacement has left, is destroyed while its successor stays.
fn left_over(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::warning(
        "What is left of a replacement is destroyed",
        format!(
            "Two objects in the state are the connection of the workspace {}, and this run destroys one of them: that may stop \
             the alerts, and the next apply connects them again for the other one.",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The plan keeps a connection with one resource and destroys another one of the same connection.
fn kept_and_destroyed(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        "One resource of the connection is destroyed, another one keeps it",
        format!(
            "Two sentinel_dfc_tenant_connector in the state are the connection of the workspace {}, and this run destroys one \
             of them: that stops the alerts, for the other one as well. To keep it, take the one that goes out of the state \
             instead (`terraform state rm`, or a `removed` block with destroy = false). If a resource was only renamed, a \
             `moved` block does it without an import.",
            workspace.name()
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

/// One resource of the workspace goes and another comes, in the same run.
pub(super) fn changes_hands(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::warning(
        "The connection changes from one resource to another",
        format!(
            "This run destroys one sentinel_dfc_tenant_connector of the workspace {} and creates another. A workspace has \
             only one such connection, and Terraform does not say which of the two comes first: the creation may fail, \
             and alerts do not stream in between. If the resource was only renamed, a `moved` block keeps the \
             connection as it is.",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// A connection that was there is managed from now on.
pub(super) fn adopted(workspace: &WorkspaceId, found: &Document, stream: Stream) -> Diagnostic {
    let consequence = match stream {
        Stream::Named => "destroying the resource will switch the stream off",
        Stream::Unfiltered => {
            "destroying the resource will switch alerts off. The connector has no filter: that will be the alerts of every \
             Defender product, not only those of Defender for Cloud"
        }
    };
    Diagnostic::warning(
        "An existing connection is taken over",
        format!(
            "The workspace {} already streams tenant-wide Defender for Cloud alerts, through the data connector \"{}\". \
             Since {} is true, this resource manages that connection from now on: nothing is written to Azure, and \
             {consequence}.",
            workspace.name(),
            found.name(),
            ADOPT_EXISTING.name()
        ),
    )
    .at(ADOPT_EXISTING.path())
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
        insta::assert_snapshot!(told(&conflict(&workspace(), &found(&json!(["x"])), &Contract::default())));
    }

    #[test]
    fn a_conflict_under_an_own_contract_cannot_be_imported() {
        let contract = Contract::new(None, Some("mdc"), None);

        let told = told(&conflict(&workspace(), &found(&json!(["mdc"])), &contract));

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
