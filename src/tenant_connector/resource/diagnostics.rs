//! The diagnostics of the resource.

use crate::defender_xdr::Stream;
use crate::framework::Diagnostic;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE;
use crate::sentinel::data_connector::{ALERTS, Document};
use crate::sentinel::{self, WorkspaceId};

use super::attributes::{CONTRACT, WORKSPACE_ID};
use super::identity::connection;
use crate::tenant_connector::contract::Contract;

/// The error for an existing connection that must not be adopted.
pub(super) fn exists(workspace: &WorkspaceId, found: &Document, contract: &Contract) -> Diagnostic {
    connection(workspace).importable_if(contract.is_importable()).exists(&self::found(workspace, found))
}

/// Describes the existing connection.
pub(super) fn found(workspace: &WorkspaceId, document: &Document) -> String {
    format!(
        "Tenant-wide Defender for Cloud alerts are already connected to the workspace {}, by the data connector \"{}\" \
         of kind \"{}\". A workspace can have only one such connector.",
        workspace.name(),
        document.name(),
        document.kind()
    )
}

/// Describes the effect of adopting a connection.
pub(super) fn adoption(stream: Stream) -> &'static str {
    match stream {
        Stream::Named => "Adopting it does not change anything in Azure.",
        Stream::Unfiltered => {
            "Adopting it does not change anything in Azure. The connector has no product filter, so it streams the \
             alerts of all Defender products."
        }
    }
}

/// A connector of another kind has the name that the provider derives for a new one.
pub(super) fn name_taken(workspace: &WorkspaceId, other: &Document, contract: &Contract) -> Diagnostic {
    Diagnostic::error(
        "The new connector's name is taken",
        format!(
            "A data connector of kind \"{}\" in the workspace {} already has the name that the provider derives for \
             the new connector of kind \"{}\". The name must be free. If you do not need the existing connector, \
             delete it and apply again:\n\naz rest --method delete --url \"{}?api-version={}\"",
            other.kind(),
            workspace.name(),
            contract.kind,
            workspace.sentinel_resource(RESOURCE_TYPE, other.name()),
            contract.api_version,
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// A refresh found that the connection in the state no longer exists.
pub(super) fn disconnected(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::warning(
        format!("Tenant-wide alerts were disconnected from {}", workspace.name()),
        format!(
            "Tenant-wide Defender for Cloud alerts are no longer connected to the workspace {}. The connector was \
             disconnected, changed or deleted outside of Terraform, so the resource is removed from the state. The next \
             `terraform apply` creates it again, which connects the alerts.",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The subscription-based connector for the same alerts is also on.
pub(super) fn duplicates(workspace: &WorkspaceId, subscriptions: &[String]) -> Diagnostic {
    Diagnostic::warning(
        format!("Alerts will arrive twice in {}", workspace.name()),
        format!(
            "In the workspace {}, the subscription-based connector is connected, or this plan connects it, for these \
             subscriptions: {}. While both connectors are connected, the alerts of these subscriptions arrive twice. \
             After the apply, disconnect the subscription-based connector in every workspace: remove \
             `sentinel_dfc_subscription_connector` or `azurerm_sentinel_data_connector_azure_security_center`, or \
             select Disconnect on the connector page.",
            workspace.name(),
            subscriptions.join(", ")
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Incidents of Defender XDR are enabled, so the portal shows the tenant-based connector as connected.
pub(super) fn incidents_are_enabled(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::warning(
        format!("The portal shows the tenant-based connector of {} as connected", workspace.name()),
        format!(
            "Incidents are enabled in the Defender XDR connector of the workspace {}. The portal therefore shows the \
             tenant-based Defender for Cloud connector as connected, even if no alerts arrive. To check whether alerts \
             arrive, run this query in the workspace before the apply and some hours after it:\n\nSecurityAlert | \
             where ProductName == \"Azure Security Center\" | summarize Alerts = count(), Last = \
             max(TimeGenerated)\n\nIf alerts already arrive from all subscriptions, this resource is not needed.",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// A connector of an undocumented kind probably streams the same alerts.
pub(super) fn streams_too(workspace: &WorkspaceId, found: &Document) -> Diagnostic {
    Diagnostic::warning(
        format!("Another connector of {} may stream these alerts", workspace.name()),
        format!(
            "The workspace {} has the data connector \"{}\" of the undocumented kind \"{}\", with enabled alerts. It \
             probably streams tenant-wide Defender for Cloud alerts, so they may arrive twice. To manage that \
             connector instead, import it by workspace ID, or set `{} = {{ kind = \"{}\" }}` and `adopt_existing = \
             true`.",
            workspace.name(),
            found.name(),
            found.kind(),
            CONTRACT.name(),
            found.kind()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Enabling the alerts also enables the products that are still in the filter.
pub(super) fn also_enables(workspace: &WorkspaceId, providers: &[String]) -> Diagnostic {
    Diagnostic::warning(
        format!("This plan also enables alerts of other products in {}", workspace.name()),
        format!(
            "Alerts are disabled in the Defender XDR connector, but its product filter still contains: {}. This plan \
             enables alerts, and with them the alerts of these products. Destroying this resource does not disable \
             them, because the provider never removes products of other owners from the filter. To prevent this, clear \
             `filteredProviders.{ALERTS}` first.",
            providers.join(", ")
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The connector has no product filter, so a destroy disables the alerts of all products.
pub(super) fn disables_all_alerts(workspace: &WorkspaceId, found: &Document) -> Diagnostic {
    Diagnostic::warning(
        format!("Destroying this resource disables all Defender alerts in {}", workspace.name()),
        format!(
            "The data connector \"{}\" of the workspace {} has no product filter, so it streams the alerts of all \
             Defender products. Destroying this resource disables the alerts of all products. Incidents are not \
             affected. To keep the alerts of the other products, first set `filteredProviders.{ALERTS}` to the names \
             of these products outside of Terraform. Or remove the resource from the state without destroying it (a \
             `removed` block with `destroy = false`).",
            found.name(),
            workspace.name()
        ),
    )
}

/// The alerts were connected before Terraform managed them, and a destroy disconnects them.
pub(super) fn was_connected_before(workspace: &WorkspaceId, found: &Document) -> Diagnostic {
    Diagnostic::warning(
        format!("Destroying this resource disables existing alerts in {}", workspace.name()),
        format!(
            "The data connector \"{}\" of the workspace {} already streamed Defender for Cloud alerts before you \
             imported or adopted it. Destroying this resource disables them. To keep them, remove the resource from \
             the configuration, and add this block. Replace NAME with the name of the resource.\n\nremoved {{\n  from \
             = {}.NAME\n\n  lifecycle {{\n    destroy = false\n  }}\n}}",
            found.name(),
            workspace.name(),
            super::identity::TYPE_NAME
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The workspace is not onboarded to Sentinel. This is an error in an apply. In a plan, the same run may still onboard
/// it.
pub(super) fn not_onboarded(workspace: &WorkspaceId) -> Diagnostic {
    sentinel::not_onboarded(workspace).at(WORKSPACE_ID.path())
}

/// Azure accepted the request but did not store what was sent.
pub(super) fn not_kept(workspace: &WorkspaceId, held: Option<&Document>, contract: &Contract) -> Diagnostic {
    let held = held.map_or_else(|| "contains no such data connector".to_owned(), describe);
    Diagnostic::error(
        "Azure did not save the connector settings",
        format!(
            "Azure accepted the request. The workspace {} now {held}. Expected: {}.\n\nMicrosoft has not published \
             the request that connects these alerts. This tenant seems to use a different request:\n\n1. In the \
             portal, disconnect the connector. Run this command, and select Connect in the portal while it waits. The \
             program is in a folder below `.terraform/providers`: see the guide \"Learn what your portal \
             sends\".\n\n   terraform-provider-sentinel contract record --workspace-id {workspace}\n\n2. Set `{}` to the block that the command prints.\n\nThe state contains \
             the settings that the provider sent. Until the next apply, the alerts that arrive can differ from the \
             configuration.",
            workspace.name(),
            contract.describe(),
            CONTRACT.name()
        ),
    )
    .at(CONTRACT.path())
}

/// Describes the alerts in a document.
fn describe(held: &Document) -> String {
    let state = held.get(&["properties", "dataTypes", ALERTS, "state"]).and_then(|state| state.as_str());
    let filter = match held.get(&["properties", "filteredProviders", ALERTS]) {
        Some(filter) => format!("`filteredProviders.{ALERTS}` {filter}"),
        None => format!("no `filteredProviders.{ALERTS}`, so the alerts of all products arrive"),
    };
    format!(
        "contains the data connector \"{}\" of kind \"{}\" with `dataTypes.{ALERTS}` {} and {filter}",
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

    fn text(diagnostic: &Diagnostic) -> String {
        format!("{}\n\n{}", diagnostic.summary, diagnostic.detail)
    }

    #[test]
    fn conflict_shows_the_import_block() {
        insta::assert_snapshot!(text(&exists(&workspace(), &found(&json!(["x"])), &Contract::default())));
    }

    #[test]
    fn conflict_with_a_custom_contract_shows_no_import_block() {
        let contract = Contract::new(None, Some("mdc"), None);

        let text = text(&exists(&workspace(), &found(&json!(["mdc"])), &contract));

        assert!(!text.contains("import {"), "{text}");
        assert!(text.contains("adopt_existing = true"), "{text}");
    }

    #[test]
    fn unsaved_settings_show_the_contract_and_its_override() {
        insta::assert_snapshot!(text(&not_kept(&workspace(), Some(&found(&json!([]))), &Contract::default())));
    }

    #[test]
    fn warning_about_all_alerts_shows_how_to_keep_them() {
        insta::assert_snapshot!(text(&disables_all_alerts(&workspace(), &found(&json!(null)))));
    }

    #[test]
    fn warning_about_existing_alerts_shows_how_to_keep_them() {
        insta::assert_snapshot!(text(&was_connected_before(&workspace(), &found(&json!(["x"])))));
    }

    #[test]
    fn missing_onboarding_names_the_resource_to_add() {
        insta::assert_snapshot!(text(&not_onboarded(&workspace())));
    }
}
