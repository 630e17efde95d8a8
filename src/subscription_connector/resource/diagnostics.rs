//! The diagnostics of the resource. The monitored subscription can differ from the subscription of the workspace, so
//! each diagnostic for an Azure error states which one the request was about.

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::framework::{Diagnostic, Severity};
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE;
use crate::subscription_connector::connector::{API_VERSION, is_connected};
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
    pub(super) fn workspace_error(&self, error: &Error, activity: &str) -> Diagnostic {
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

    /// A request about the alert synchronization failed.
    pub(super) fn sync_error(&self, error: &Error, activity: &str) -> Diagnostic {
        let remedy = format!(
            "Assign the role Security Admin on the subscription {}, or remove `{}`.",
            self.subscription.guid(),
            BIDIRECTIONAL_SYNC_ENABLED.name()
        );
        let diagnostic = azure_diagnostics::from_error_with_remedy(error, activity, &remedy);
        self.with_monitored_subscription(diagnostic).at(BIDIRECTIONAL_SYNC_ENABLED.path())
    }

    fn with_monitored_subscription(&self, diagnostic: Diagnostic) -> Diagnostic {
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
pub(super) fn exists(subject: &Subject<'_>, found: &Document) -> Diagnostic {
    connection(subject.workspace, subject.subscription, Some(found.name())).exists(&self::found(subject, found))
}

/// Describes the existing connector.
pub(super) fn found(subject: &Subject<'_>, document: &Document) -> String {
    format!(
        "The alerts of the subscription {} are already connected to the workspace {} by the data connector \"{}\".",
        subject.subscription.guid(),
        subject.workspace.name(),
        document.name()
    )
}

/// The connector of the subscription has another name than the configured one.
pub(super) fn other_name(subject: &Subject<'_>, found: &Document) -> Diagnostic {
    let state = if is_connected(found) { "connected" } else { "disconnected" };
    Diagnostic::error(
        "The subscription has a connector with another name",
        format!(
            "The workspace {} has the data connector \"{}\" for the subscription {}. It is {state}. Azure accepts only \
             one connector for each subscription, and a connector cannot be renamed. Remove `{name}`, or set `{name} = \
             \"{}\"`.",
            subject.workspace.name(),
            found.name(),
            subject.subscription.guid(),
            found.name(),
            name = NAME.name()
        ),
    )
    .at(NAME.path())
}

/// Another data connector has the name.
pub(super) fn name_taken(subject: &Subject<'_>, other: &Document) -> Diagnostic {
    Diagnostic::error(
        "The new connector's name is taken",
        format!(
            "The workspace {} has no connector for the subscription {}. A data connector of kind \"{}\" already has \
             the name \"{}\". Set `{}` to another value.",
            subject.workspace.name(),
            subject.subscription.guid(),
            other.kind(),
            other.name(),
            NAME.name()
        ),
    )
    .at(NAME.path())
}

/// The tenant connector also streams these alerts.
pub(super) fn duplicates(subject: &Subject<'_>) -> Diagnostic {
    let (workspace, guid) = (subject.workspace.name(), subject.subscription.guid());
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
pub(super) fn other_tenant(subject: &Subject<'_>, monitored: &str, own: &str) -> Diagnostic {
    Diagnostic::error(
        "The monitored subscription is in another tenant",
        format!(
            "The monitored subscription {} belongs to the tenant {monitored}. The workspace {} and its subscription {} \
             belong to the tenant {own}. Azure connects only subscriptions of the workspace's tenant. Connect the \
             subscription to a workspace of its own tenant.",
            subject.subscription.guid(),
            subject.workspace.name(),
            subject.workspace.subscription()
        ),
    )
    .at(SUBSCRIPTION_ID.path())
}

/// The monitored subscription cannot be read.
pub(super) fn not_readable(subject: &Subject<'_>, error: &Error) -> Diagnostic {
    let guid = subject.subscription.guid();
    let diagnostic = azure_diagnostics::from_error(error, "reading the monitored subscription");
    let sentence = format!(
        "The plan continues. If the apply fails, assign the role Security Reader on the subscription {guid}, and check \
         that the subscription is in the workspace's tenant."
    );
    let diagnostic = with_paragraph(subject.with_monitored_subscription(diagnostic), &sentence);
    let summary = format!("The monitored subscription {guid} cannot be read");
    Diagnostic { severity: Severity::Warning, summary, ..diagnostic }.at(SUBSCRIPTION_ID.path())
}

/// No plan of Defender for Cloud is enabled.
pub(super) fn no_plans(subject: &Subject<'_>) -> Diagnostic {
    let guid = subject.subscription.guid();
    Diagnostic::warning(
        format!("The monitored subscription {guid} has no Defender plan"),
        format!(
            "No Defender for Cloud plan is enabled in the monitored subscription {guid}, so it has no alerts. Enable a \
             plan, for example with `azurerm_security_center_subscription_pricing`, or remove this resource."
        ),
    )
    .at(SUBSCRIPTION_ID.path())
}

/// A refresh found that the connector in the state no longer exists or is disconnected.
pub(super) fn disconnected(subject: &Subject<'_>) -> Diagnostic {
    let (workspace, guid) = (subject.workspace.name(), subject.subscription.guid());
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
pub(super) fn not_kept(subject: &Subject<'_>, held: Option<&Document>) -> Diagnostic {
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
            subject.subscription.guid(),
            subject.workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Azure accepted the deletion, but the connector still exists.
pub(super) fn not_deleted(subject: &Subject<'_>) -> Diagnostic {
    Diagnostic::error(
        "Azure did not delete the connector",
        format!(
            "Azure accepted the deletion of the connector for the subscription {}, but the workspace {} still has it. \
             Another process or an Azure Policy assignment probably created it again. Find the cause in the \
             activity log, and destroy again.",
            subject.subscription.guid(),
            subject.workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The workspace has no such connector.
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

/// The connector is disconnected, so a refresh would remove it from the state again.
pub(super) fn import_of_disconnected(workspace: &WorkspaceId, document: &Document) -> Diagnostic {
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
        let subject = Subject { workspace: &workspace, subscription: &subscription };
        let refusal = |message: &str| {
            let (code, message) = (Some("AuthorizationFailed".to_owned()), message.to_owned());
            Error::from(ServiceError { status: 403, code, message, ..ServiceError::default() })
        };
        let document = new_document("c1", &subscription);
        let all = [
            subject.workspace_error(&refusal("No permission on the workspace."), "connecting the subscription"),
            subject.workspace_error(
                &refusal("No permission on /subscriptions/11111111-1111-1111-1111-111111111111."),
                "connecting the subscription",
            ),
            subject.sync_error(&refusal("No permission."), "writing the setting of alert synchronization"),
            exists(&subject, &document),
            other_name(&subject, &document),
            name_taken(&subject, &Document::new("c2", "Office365", json!({}))),
            duplicates(&subject),
            other_tenant(&subject, "t1", "t2"),
            not_readable(&subject, &refusal("No permission.")),
            no_plans(&subject),
            disconnected(&subject),
            not_kept(&subject, Some(&document)),
            not_kept(&subject, None),
            not_deleted(&subject),
            nothing_to_import(&workspace),
            import_of_disconnected(&workspace, &document),
            other_kind(&Document::new("c2", "Office365", json!({}))),
        ];

        insta::assert_snapshot!(messages(&all));
    }
}
