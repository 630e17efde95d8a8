//! The diagnostics of the resource.

use std::collections::BTreeSet;

use serde_json::json;

use crate::framework::Diagnostic;
use crate::ownership::changed_settings;
use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE;
use crate::sentinel::{self, WorkspaceId};
use crate::xdr_connector::settings::Settings;

use super::attributes::{ADVANCED_HUNTING_TABLES, ALERT_PROVIDERS, INCIDENTS_ENABLED, WORKSPACE_ID};
use super::identity::{TYPE_NAME, connector};
use crate::defender_xdr::API_VERSION;

/// The error for an existing connector that must not be adopted.
pub(super) fn exists(workspace: &WorkspaceId, found: &Document) -> Diagnostic {
    connector(workspace).exists(&self::found(workspace, found))
}

/// Describes the existing connector.
pub(super) fn found(workspace: &WorkspaceId, document: &Document) -> String {
    format!(
        "The workspace {} already uses its Defender XDR connector \"{}\", with {}.",
        workspace.name(),
        document.name(),
        describe(&Settings::in_document(document))
    )
}

/// Describes the effect of adopting a connector.
pub(super) fn adoption(found: &Document, desired: &Settings) -> String {
    if matches!(desired.applied_to(found), Ok(None)) {
        return "Adopting it does not change anything in Azure.".to_owned();
    }
    let on = Settings::in_document(found);
    // `None` is not managed.
    let providers = desired.alert_providers.as_ref().or(on.alert_providers.as_ref());
    let tables = desired.hunting_tables.as_ref().or(on.hunting_tables.as_ref());
    let settings = [
        (INCIDENTS_ENABLED.name(), json!(on.incidents), json!(desired.incidents)),
        (ALERT_PROVIDERS.name(), json!(on.alert_providers), json!(providers)),
        (ADVANCED_HUNTING_TABLES.name(), json!(on.hunting_tables), json!(tables)),
    ];
    changed_settings(&settings)
        .unwrap_or_else(|| "The apply changes settings that differ from the configuration.".to_owned())
}

/// A connector of another kind has the name that the provider derives for a new one.
pub(super) fn name_taken(workspace: &WorkspaceId, other: &Document) -> Diagnostic {
    Diagnostic::error(
        "The new connector's name is taken",
        format!(
            "The workspace {} has no Defender XDR connector. The provider derives the connector's name from the \
             workspace. A data connector of kind \"{}\" already has this name. If it is not needed, delete it:\n\naz \
             rest --method delete --url \"{}?api-version={API_VERSION}\"",
            workspace.name(),
            other.kind(),
            workspace.sentinel_resource(RESOURCE_TYPE, other.name()),
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Alerts stream without a filter, and the configuration sets providers.
pub(super) fn would_narrow(workspace: &WorkspaceId, found: &Document) -> Diagnostic {
    Diagnostic::error(
        format!("`alert_providers` would stop other alerts in {}", workspace.name()),
        format!(
            "The Defender XDR connector \"{}\" of the workspace {} has no product filter, so it streams the alerts of \
             all Defender products. `{name}` would add a filter and stop the alerts of all products that it does not \
             list, including Defender for Cloud. Remove `{name}`. To use it, first add the filter \
             (`filteredProviders.alerts`) outside of Terraform.",
            found.name(),
            workspace.name(),
            name = ALERT_PROVIDERS.name()
        ),
    )
    .at(ALERT_PROVIDERS.path())
}

/// Enabling the alerts also enables those of Defender for Cloud, which are still in the filter.
pub(super) fn also_enables(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::warning(
        format!("This plan also enables Defender for Cloud alerts in {}", workspace.name()),
        format!(
            "Alerts are disabled in the Defender XDR connector of the workspace {}, but its product filter contains \
             Defender for Cloud. This plan enables alerts, and with them the alerts of Defender for Cloud. To manage \
             Defender for Cloud alerts, add the resource `sentinel_dfc_tenant_connector`.",
            workspace.name()
        ),
    )
    .at(ALERT_PROVIDERS.path())
}

/// A refresh found that the connector in the state no longer exists.
pub(super) fn removed(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::warning(
        format!("The Defender XDR connector of {} was deleted", workspace.name()),
        format!(
            "The workspace {} no longer has a Defender XDR connector. It was disconnected outside of Terraform, so the \
             resource is removed from the state. The next `terraform apply` creates it again.",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The connector was connected before Terraform managed it, and a destroy disables its settings.
pub(super) fn was_connected_before(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::warning(
        format!("Destroying this resource disables Defender XDR in {}", workspace.name()),
        format!(
            "The Defender XDR connector of the workspace {} was connected before you imported or adopted it. \
             Destroying this resource disables the incidents, alerts and tables that it manages. To keep them, remove \
             the resource from the configuration, and add this block. Replace NAME with the name of the \
             resource.\n\nremoved {{\n  from = {TYPE_NAME}.NAME\n\n  lifecycle {{\n    destroy = false\n  }}\n}}",
            workspace.name(),
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
pub(super) fn not_kept(workspace: &WorkspaceId, desired: &Settings, held: Option<&Document>) -> Diagnostic {
    let held = held.map_or_else(
        || "has no Defender XDR connector".to_owned(),
        |held| {
            format!(
                "has the Defender XDR connector \"{}\" with {}",
                held.name(),
                describe(&Settings::in_document(held))
            )
        },
    );
    Diagnostic::error(
        "Azure did not save the connector settings",
        format!(
            "Azure accepted the request. The workspace {} now {held}. Expected: {}. Possible causes: the tenant has no \
             license for a product or a table, a name is wrong, or another process or an Azure Policy assignment \
             changed the connector. Remove the names that Azure does not save, and apply again.",
            workspace.name(),
            describe(desired)
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Azure accepted the request, but the settings are still enabled.
pub(super) fn not_disabled(workspace: &WorkspaceId, held: Option<&Document>) -> Diagnostic {
    let held = held.map_or_else(|| "nothing enabled".to_owned(), |held| describe(&Settings::in_document(held)));
    Diagnostic::error(
        "Azure did not disable the connector settings",
        format!(
            "Azure accepted the request, but the Defender XDR connector of the workspace {} still has {held}. Another \
             process or an Azure Policy assignment probably enabled it again. Find the cause in the activity log and \
             destroy again, or remove the resource from the state (a `removed` block with `destroy = false`).",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The workspace has no such connector.
pub(super) fn nothing_to_import(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        "Nothing to import",
        format!(
            "The workspace {} has no data connector of kind \"MicrosoftThreatProtection\". To connect Defender XDR, \
             remove the `import` block and apply.",
            workspace.name()
        ),
    )
}

/// No connector has the name in the import ID.
pub(super) fn no_such_connector(workspace: &WorkspaceId, name: &str) -> Diagnostic {
    Diagnostic::error(
        "Nothing to import",
        format!(
            "The workspace {} has no data connector \"{name}\". The portal gives a connector a new name each time it \
             is connected. Import by workspace ID instead:\n\n{workspace}",
            workspace.name()
        ),
    )
}

/// The connector in the import ID has another kind.
pub(super) fn other_kind(workspace: &WorkspaceId, document: &Document) -> Diagnostic {
    Diagnostic::error(
        "Not a Defender XDR connector",
        format!(
            "The data connector \"{}\" has the kind \"{}\". Expected the kind \"MicrosoftThreatProtection\". Import by \
             workspace ID instead:\n\n{workspace}",
            document.name(),
            document.kind()
        ),
    )
}

fn describe(settings: &Settings) -> String {
    let names = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut parts =
        vec![if settings.incidents { "incidents enabled".to_owned() } else { "incidents disabled".to_owned() }];
    if let Some(providers) = settings.alert_providers.as_ref().filter(|providers| !providers.is_empty()) {
        parts.push(format!("alerts enabled for {}", names(providers)));
    }
    if let Some(tables) = settings.hunting_tables.as_ref().filter(|tables| !tables.is_empty()) {
        parts.push(format!("the tables {}", names(tables)));
    }
    let last = parts.pop().unwrap_or_default();
    if parts.is_empty() { last } else { format!("{} and {last}", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::testing::messages;

    #[test]
    fn diagnostics_match_the_snapshot() {
        let workspace = WorkspaceId::parse(
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/\
             Microsoft.OperationalInsights/workspaces/law-soc",
        )
        .expect("a workspace");
        let properties = json!({
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForIdentity"]},
        });
        let document = Document::new("c1", "MicrosoftThreatProtection", properties);
        let desired =
            Settings { hunting_tables: Some(BTreeSet::from(["DeviceInfo".to_owned()])), ..Settings::default() };
        let all = [
            exists(&workspace, &document),
            name_taken(&workspace, &Document::new("c2", "Office365", json!({}))),
            would_narrow(&workspace, &document),
            also_enables(&workspace),
            removed(&workspace),
            was_connected_before(&workspace),
            not_kept(&workspace, &desired, Some(&document)),
            not_kept(&workspace, &desired, None),
            not_disabled(&workspace, Some(&document)),
            nothing_to_import(&workspace),
            no_such_connector(&workspace, "c3"),
            other_kind(&workspace, &Document::new("c2", "Office365", json!({}))),
        ];

        insta::assert_snapshot!(messages(&all));
    }
}
