//! The diagnostics of the resource.

use serde_json::{Value, json};

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::framework::{Diagnostic, Severity};
use crate::incident_rule::product;
use crate::incident_rule::rule::{KIND, Rule};
use crate::incident_sources::created_twice_summary;
use crate::ownership::changed_settings;
use crate::sentinel::WorkspaceId;

use super::attributes::{
    ALERT_RULE_TEMPLATE_GUID, DESCRIPTION, DISPLAY_NAME, DISPLAY_NAME_EXCLUDE_FILTER, DISPLAY_NAME_FILTER, ENABLED,
    NAME, PRODUCT_FILTER, SEVERITY_FILTER, WORKSPACE_ID,
};

/// The effect of the Defender portal on these rules, and what to do.
const DEFENDER_PORTAL: &str = "If the workspace is onboarded to the Defender portal, Defender XDR creates the incidents, and incident creation rules have no effect. To check, open Settings > Microsoft Sentinel in the Defender portal. If the workspace is connected there, remove this resource. For products that Defender XDR does not integrate, use a scheduled analytics rule.";

/// Describes an existing rule.
pub(super) fn found(workspace: &WorkspaceId, name: &str, rule: &Rule) -> String {
    format!("The workspace {} already has the rule {name} (\"{}\").", workspace.name(), rule.display_name)
}

/// Describes the effect of adopting a rule. `desired` is `None` if the settings are not known yet.
pub(super) fn adoption(found: &Rule, desired: Option<&Rule>) -> String {
    let Some(desired) = desired else {
        return "The apply changes settings that differ from the configuration.".to_owned();
    };
    // Without a template in the configuration, the rule keeps its template.
    let template = desired.template.as_ref().or(found.template.as_ref());
    let settings = [
        (DISPLAY_NAME.name(), json!(found.display_name), json!(desired.display_name)),
        (
            PRODUCT_FILTER.name(),
            json!(product::display_name(&found.product)),
            json!(product::display_name(&desired.product)),
        ),
        (SEVERITY_FILTER.name(), json!(found.severities), json!(desired.severities)),
        (DISPLAY_NAME_FILTER.name(), json!(found.names), json!(desired.names)),
        (DISPLAY_NAME_EXCLUDE_FILTER.name(), json!(found.excluded_names), json!(desired.excluded_names)),
        (DESCRIPTION.name(), json!(found.description), json!(desired.description)),
        (ENABLED.name(), json!(found.enabled), json!(desired.enabled)),
        (ALERT_RULE_TEMPLATE_GUID.name(), json!(found.template), json!(template)),
    ];
    changed_settings(&settings).unwrap_or_else(|| "Adopting it does not change anything in Azure.".to_owned())
}

/// Converts an error of the create to a warning of the plan.
pub(super) fn warning(error: Diagnostic) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..error }
}

/// The name belongs to a rule of another kind.
pub(super) fn other_kind(workspace: &WorkspaceId, document: &Value) -> Diagnostic {
    let text = |member: &Value| member.as_str().unwrap_or("?").to_owned();
    Diagnostic::error(
        format!("The name {} belongs to a rule of another kind", text(&document["name"])),
        format!(
            "The workspace {} has an analytics rule with the name {} (\"{}\") of the kind {}. This resource manages \
             rules of the kind {KIND}, and Azure cannot change the kind of a rule. Set `{}` to another value, or \
             remove it to get a new name.",
            workspace.name(),
            text(&document["name"]),
            text(&document["properties"]["displayName"]),
            text(&document["kind"]),
            NAME.name()
        ),
    )
    .at(NAME.path())
}

/// A refresh found that a rule of another kind has the name.
pub(super) fn replaced_by_another_kind(workspace: &WorkspaceId, document: &Value) -> Diagnostic {
    Diagnostic::warning(
        format!("The rule {} was replaced outside of Terraform", document["name"].as_str().unwrap_or("?")),
        format!(
            "The workspace {} no longer has the incident creation rule {}. A rule of the kind {} now has this name. \
             The resource is removed from the state. To create the rule again, set `{}` to another value.",
            workspace.name(),
            document["name"].as_str().unwrap_or("?"),
            document["kind"].as_str().unwrap_or("?"),
            NAME.name()
        ),
    )
    .at(NAME.path())
}

/// Azure rejected the rule.
pub(super) fn rejected(workspace: &WorkspaceId, error: &Error) -> Diagnostic {
    let mut diagnostic = azure_diagnostics::from_error(error, "writing the rule").at(WORKSPACE_ID.path());
    let Some(service) = error.service() else { return diagnostic };
    let message = service.message.to_lowercase();
    let names_portal = ["defender portal", "defender xdr", "unified security operations", "microsoft 365 defender"]
        .iter()
        .any(|phrase| message.contains(phrase));
    if names_portal {
        diagnostic.summary = "The Defender portal does not accept incident creation rules".to_owned();
    }
    if names_portal {
        let name = workspace.name();
        diagnostic.detail = format!("{}\n\nThe workspace is {name}. {DEFENDER_PORTAL}", diagnostic.detail);
    }
    diagnostic
}

/// Azure accepted the rule and does not show it.
pub(super) fn dropped(workspace: &WorkspaceId, rule: &Rule) -> Diagnostic {
    Diagnostic::error(
        "Azure did not save the rule",
        format!(
            "Azure accepted the rule \"{}\", but the workspace {} does not have it. {DEFENDER_PORTAL}",
            rule.display_name,
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Azure accepted the rule but stored different settings.
pub(super) fn changed(workspace: &WorkspaceId, rule: &Rule, kept: &Rule) -> Diagnostic {
    if rule.enabled && !kept.enabled {
        return Diagnostic::error(
            "Azure disabled the rule",
            format!(
                "Azure accepted the rule \"{}\" in the workspace {}, but disabled it. {DEFENDER_PORTAL} To keep the \
                 rule disabled, set `{} = false`.",
                rule.display_name,
                workspace.name(),
                ENABLED.name()
            ),
        )
        .at(ENABLED.path());
    }
    Diagnostic::error(
        "Azure did not save the settings of the rule",
        format!(
            "Azure accepted the rule \"{}\" in the workspace {}, but saved settings that differ from the request. \
             Another process or an Azure Policy assignment probably changed the rule. Find the cause in the activity \
             log, and apply again.",
            rule.display_name,
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Defender XDR creates incidents from the same alerts.
pub(super) fn creates_twice(workspace: &WorkspaceId, product: &str) -> Diagnostic {
    Diagnostic::warning(
        created_twice_summary(workspace),
        format!(
            "Incidents are enabled in the Defender XDR connector of the workspace {}, or this plan enables them. Defender XDR \
             creates incidents from the alerts of {product}, and this rule creates them a second time. Remove this rule, or \
             set `{} = false`.",
            workspace.name(),
            ENABLED.name()
        ),
    )
    .at(PRODUCT_FILTER.path())
}

/// Azure reports that the rule does not exist, but still lists it.
pub(super) fn still_listed(workspace: &WorkspaceId, name: &str) -> Diagnostic {
    Diagnostic::error(
        "Azure did not delete the rule",
        format!(
            "Azure reports that the rule {name} of the workspace {} does not exist, but still lists it. Destroy again \
             after some minutes, or delete the rule in the portal.",
            workspace.name()
        ),
    )
}

/// The workspace has no such rule.
pub(super) fn nothing_to_import(workspace: &WorkspaceId, name: &str) -> Diagnostic {
    Diagnostic::error(
        "Nothing to import",
        format!(
            "The workspace {} has no rule with the name {name}. The name is the last part of the rule's ID, not its \
             name in the portal. List the rules with:\n\naz rest --method get --url \"{}?api-version=2025-09-01\"",
            workspace.name(),
            workspace.sentinel("alertRules")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::ServiceError;
    use crate::framework::testing::messages;

    #[test]
    fn diagnostics_match_the_snapshot() {
        let workspace = WorkspaceId::parse(
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/\
             Microsoft.OperationalInsights/workspaces/law-soc",
        )
        .expect("a workspace");
        let refusal = |message: &str| {
            let message = message.to_owned();
            Error::from(ServiceError { status: 400, message, ..ServiceError::default() })
        };
        let rule = Rule::from_properties(&json!({"displayName": "D", "enabled": true}));
        let scheduled = json!({"name": "n", "kind": "Scheduled", "properties": {"displayName": "S"}});
        let all = [
            other_kind(&workspace, &scheduled),
            replaced_by_another_kind(&workspace, &scheduled),
            rejected(&workspace, &refusal("Not supported in the Microsoft Defender portal.")),
            rejected(&workspace, &refusal("Invalid data model.")),
            dropped(&workspace, &rule),
            changed(&workspace, &rule, &Rule { enabled: false, ..rule.clone() }),
            changed(&workspace, &rule, &Rule { display_name: "E".to_owned(), ..rule.clone() }),
            creates_twice(&workspace, "Microsoft Defender for Cloud"),
            still_listed(&workspace, "n"),
            nothing_to_import(&workspace, "n"),
        ];

        insta::assert_snapshot!(messages(&all));
    }
}
