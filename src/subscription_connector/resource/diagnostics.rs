//! The diagnostics of the resource. Three subscriptions are involved: that of the login, that of the workspace, and the one
//! that is monitored. Each error of Azure says which of them the request was about.

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::framework::{Diagnostic, Severity};
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE;
use crate::subscription_connector::connector::{API_VERSION, is_on};
use crate::subscription_connector::subscription_id::SubscriptionId;

use super::attributes::{BIDIRECTIONAL_SYNC_ENABLED, NAME, SUBSCRIPTION_ID, WORKSPACE_ID};
use super::identity::connection;

/// The workspace and the monitored subscription that an operation is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub(super) workspace: &'a WorkspaceId,
    pub(super) subscription: &'a SubscriptionId,
}

impl Subject<'_> {
    /// A request about the workspace failed.
    pub(super) fn by_workspace(&self, error: &Error, activity: &str) -> Diagnostic {
        let guid = self.subscription.guid();
        let own = self.workspace.subscription();
        let names_monitored = error.service().is_some_and(|service| service.message.to_lowercase().contains(&guid));
        let diagnostic = azure_diagnostics::from_error(error, activity);
        if names_monitored && !guid.eq_ignore_ascii_case(own) {
            let sentence = format!(
                "The error is about the monitored subscription {guid}. The workspace {} is in the subscription {own}. \
                 Assign a role, for example Security Reader, to the identity on the monitored subscription too.",
                self.workspace.name()
            );
            return with_paragraph(diagnostic, &sentence).at(SUBSCRIPTION_ID.path());
        }
        let sentence = format!(
            "The request was about the workspace {} in the subscription {own}. The monitored subscription is {guid}.",
            self.workspace.name()
        );
        with_paragraph(diagnostic, &sentence).at(WORKSPACE_ID.path())
    }

    /// A request about the synchronization of alerts failed.
    pub(super) fn by_sync(&self, error: &Error, activity: &str) -> Diagnostic {
        let remedy = format!(
            "Assign the role Security Admin on the subscription {}, or remove `{}`.",
            self.subscription.guid(),
            BIDIRECTIONAL_SYNC_ENABLED.name()
        );
        let diagnostic = azure_diagnostics::from_error_with_remedy(error, activity, &remedy);
        self.about_monitored(diagnostic).at(BIDIRECTIONAL_SYNC_ENABLED.path())
    }

    fn about_monitored(&self, diagnostic: Diagnostic) -> Diagnostic {
        let sentence = format!(
            "The request was about the monitored subscription {}. The workspace {} is in the subscription {}.",
            self.subscription.guid(),
            self.workspace.name(),
            self.workspace.subscription()
        );
        with_paragraph(diagnostic, &sentence)
    }
}

fn with_paragraph(mut diagnostic: Diagnostic, sentence: &str) -> Diagnostic {
    diagnostic.detail = format!("{}\n\n{sentence}", diagnostic.detail);
    diagnostic
}

/// The effect of adopting a connector.
pub(super) const ADOPTION: &str = "Adopting it does not change the connector.";

/// The error for an existing connector that must not be adopted.
pub(super) fn exists(concerned: &Subject<'_>, found: &Document) -> Diagnostic {
    connection(concerned.workspace, concerned.subscription, Some(found.name())).exists(&self::found(concerned, found))
}

/// Describes the existing connector.
pub(super) fn found(concerned: &Subject<'_>, document: &Document) -> String {
    format!(
        "The alerts of the subscription {} are already connected to the workspace {} by the data connector \"{}\".",
        concerned.subscription.guid(),
        concerned.workspace.name(),
        document.name()
    )
}

/// The connector of the subscription has another name than the configured one.
pub(super) fn other_name(concerned: &Subject<'_>, found: &Document) -> Diagnostic {
    let state = if is_on(found) { "connected" } else { "disconnected" };
    Diagnostic::error(
        "The subscription has a connector with another name",
        format!(
            "The workspace {} has the data connector \"{}\" for the subscription {}. It is {state}. Azure accepts only \
             one connector for each subscription, and a connector cannot be renamed. Remove `{name}`, or set `{name} = \
             \"{}\"`.",
            concerned.workspace.name(),
            found.name(),
            concerned.subscription.guid(),
            found.name(),
            name = NAME.name()
        ),
    )
    .at(NAME.path())
}

/// Another data connector has the name.
pub(super) fn name_taken(concerned: &Subject<'_>, other: &Document) -> Diagnostic {
    Diagnostic::error(
        "The new connector's name is taken",
        format!(
            "The workspace {} has no connector for the subscription {}. A data connector of kind \"{}\" already has \
             the name \"{}\". Set `{}` to another value.",
            concerned.workspace.name(),
            concerned.subscription.guid(),
            other.kind(),
            other.name(),
            NAME.name()
        ),
    )
    .at(NAME.path())
}

/// Tenant-wide alerts stream too.
pub(super) fn duplicates(concerned: &Subject<'_>) -> Diagnostic {
    let (workspace, guid) = (concerned.workspace.name(), concerned.subscription.guid());
    Diagnostic::warning(
        format!("Alerts of {guid} will arrive twice in {workspace}"),
        format!(
            "The tenant-based Defender for Cloud connector of the workspace {workspace} is connected, or this plan \
             connects it. It also streams the alerts of the subscription {guid}, so they arrive twice. Remove this \
             resource, or remove `sentinel_dfc_tenant_connector`."
        ),
    )
    .at(SUBSCRIPTION_ID.path())
}

/// The monitored subscription is in another tenant.
pub(super) fn other_tenant(concerned: &Subject<'_>, monitored: &str, own: &str) -> Diagnostic {
    Diagnostic::error(
        "The monitored subscription is in another tenant",
        format!(
            "The monitored subscription {} belongs to the tenant {monitored}. The workspace {} and its subscription {} \
             belong to the tenant {own}. Azure connects only subscriptions of the workspace's tenant. Connect the \
             subscription to a workspace of its own tenant.",
            concerned.subscription.guid(),
            concerned.workspace.name(),
            concerned.workspace.subscription()
        ),
    )
    .at(SUBSCRIPTION_ID.path())
}

/// The monitored subscription cannot be read.
pub(super) fn not_readable(concerned: &Subject<'_>, error: &Error) -> Diagnostic {
    let guid = concerned.subscription.guid();
    let diagnostic = azure_diagnostics::from_error(error, "reading the monitored subscription");
    let sentence = format!(
        "The plan continues. If the apply fails, assign the role Security Reader on the subscription {guid}, and check \
         that the subscription is in the workspace's tenant."
    );
    let diagnostic = with_paragraph(concerned.about_monitored(diagnostic), &sentence);
    let summary = format!("The monitored subscription {guid} cannot be read");
    Diagnostic { severity: Severity::Warning, summary, ..diagnostic }.at(SUBSCRIPTION_ID.path())
}

/// No plan of Defender for Cloud is on.
pub(super) fn no_plans(concerned: &Subject<'_>) -> Diagnostic {
    let guid = concerned.subscription.guid();
    Diagnostic::warning(
        format!("The monitored subscription {guid} has no Defender plan"),
        format!(
            "No Defender for Cloud plan is enabled in the monitored subscription {guid}, so it has no alerts. Enable a \
             plan, for example with `azurerm_security_center_subscription_pricing`, or remove this resource."
        ),
    )
    .at(SUBSCRIPTION_ID.path())
}

/// A refresh found that the connector in the state no longer exists, or is off.
pub(super) fn turned_off(concerned: &Subject<'_>) -> Diagnostic {
    let (workspace, guid) = (concerned.workspace.name(), concerned.subscription.guid());
    Diagnostic::warning(
        format!("Alerts of {guid} were disconnected from {workspace}"),
        format!(
            "The alerts of the subscription {guid} are no longer connected to the workspace {workspace}. The connector \
             was disconnected or deleted outside of Terraform, so the resource is removed from the state. The next \
             `terraform apply` creates it again, which connects the alerts."
        ),
    )
    .at(SUBSCRIPTION_ID.path())
}

/// Azure accepted the request but did not store what was sent.
pub(super) fn not_kept(concerned: &Subject<'_>, held: Option<&Document>) -> Diagnostic {
    let held = held.map_or_else(
        || "has no connector for it".to_owned(),
        |held| format!("has the data connector \"{}\", whose alerts are disabled", held.name()),
    );
    Diagnostic::error(
        "Azure did not save the connector settings",
        format!(
            "Azure accepted the request to connect the alerts of the subscription {}, but the workspace {} {held}. \
             Another process or an Azure Policy assignment probably changed it. Find the cause in the activity log, \
             and apply again.",
            concerned.subscription.guid(),
            concerned.workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Azure accepted the deletion, but the connector is still there.
pub(super) fn not_deleted(concerned: &Subject<'_>) -> Diagnostic {
    Diagnostic::error(
        "Azure did not delete the connector",
        format!(
            "Azure accepted the deletion of the connector for the subscription {}, but the workspace {} still has it. \
             Another process or an Azure Policy assignment probably created it again. Find the cause in the \
             activity log, and destroy again.",
            concerned.subscription.guid(),
            concerned.workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// There is no such connector.
pub(super) fn nothing_to_import(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        "Nothing to import",
        format!(
            "The workspace {} has no such connector. The portal gives a connector a new name each time it is \
             connected. List the connectors with:\n\naz rest --method get --url \"{}?api-version={API_VERSION}\"",
            workspace.name(),
            workspace.sentinel(RESOURCE_TYPE)
        ),
    )
}

/// The connector is off, so a refresh would remove it from the state again.
pub(super) fn import_of_off(workspace: &WorkspaceId, document: &Document) -> Diagnostic {
    Diagnostic::error(
        "The connector to import is disconnected",
        format!(
            "The data connector \"{}\" in the workspace {} has alerts disabled. To connect it, remove the `import` \
             block and apply.",
            document.name(),
            workspace.name()
        ),
    )
}

/// The connector in the import ID has another kind.
pub(super) fn other_kind(document: &Document) -> Diagnostic {
    Diagnostic::error(
        "Not a subscription-based Defender for Cloud connector",
        format!(
            "The data connector \"{}\" has the kind \"{}\". Expected the kind \"AzureSecurityCenter\" with a \
             subscription.",
            document.name(),
            document.kind()
        ),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::azure::ServiceError;
    use crate::framework::testing::messages;
    use crate::subscription_connector::connector::new_document;

    #[test]
    fn diagnostics_match_the_snapshot() {
        let workspace = WorkspaceId::parse(
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/\
             Microsoft.OperationalInsights/workspaces/law-soc",
        )
        .expect("a workspace");
        let subscription = SubscriptionId::of("11111111-1111-1111-1111-111111111111");
        let concerned = Subject { workspace: &workspace, subscription: &subscription };
        let refusal = |message: &str| {
            let (code, message) = (Some("AuthorizationFailed".to_owned()), message.to_owned());
            Error::from(ServiceError { status: 403, code, message, ..ServiceError::default() })
        };
        let document = new_document("c1", &subscription);
        let all = [
            concerned.by_workspace(&refusal("No permission on the workspace."), "connecting the subscription"),
            concerned.by_workspace(
                &refusal("No permission on /subscriptions/11111111-1111-1111-1111-111111111111."),
                "connecting the subscription",
            ),
            concerned.by_sync(&refusal("No permission."), "writing the setting of alert synchronization"),
            exists(&concerned, &document),
            other_name(&concerned, &document),
            name_taken(&concerned, &Document::new("c2", "Office365", json!({}))),
            duplicates(&concerned),
            other_tenant(&concerned, "t1", "t2"),
            not_readable(&concerned, &refusal("No permission.")),
            no_plans(&concerned),
            turned_off(&concerned),
            not_kept(&concerned, Some(&document)),
            not_kept(&concerned, None),
            not_deleted(&concerned),
            nothing_to_import(&workspace),
            import_of_off(&workspace, &document),
            other_kind(&Document::new("c2", "Office365", json!({}))),
        ];

        insta::assert_snapshot!(messages(&all));
    }
}
