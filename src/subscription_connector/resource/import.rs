//! Import: by the ID of the data connector, or by identity.

use crate::azure::resource_id::ResourceId;
use crate::framework::{Context, Diagnostic, Diagnostics, ImportTarget, State};
use crate::sentinel::data_connector::{Document, kind, list, subscription_in};
use crate::sentinel::{WorkspaceId, is_not_onboarded, not_onboarded};
use crate::session::{self, Session};
use crate::subscription_connector::connector::{API_VERSION, find, is_connected};
use crate::subscription_connector::subscription_id::SubscriptionId;

use super::attributes::{IDENTITY_SUBSCRIPTION_ID, WORKSPACE_ID};
use super::diagnostics::{self, Subject};
use super::flatten::flatten;
use super::identity::connection_in_state;

/// The connector to import.
enum Target {
    Name(String),
    Subscription(SubscriptionId),
}

pub(super) async fn import(
    ctx: &Context,
    session: &Session,
    target: ImportTarget,
    mut stub: State,
) -> Result<State, Diagnostics> {
    let (workspace, target) = match target {
        ImportTarget::Identity(identity) => {
            (identity.get(&WORKSPACE_ID)?, Target::Subscription(identity.get(&IDENTITY_SUBSCRIPTION_ID)?))
        }
        ImportTarget::Id(id) => {
            let (workspace, name) = parse(&id).map_err(|problem| Diagnostic::error("Invalid import ID", problem))?;
            (workspace, Target::Name(name))
        }
    };
    let own = SubscriptionId::of(workspace.subscription());
    let listed = list(session, &workspace, API_VERSION, &session::deadline(ctx)).await.map_err(|error| {
        if is_not_onboarded(&error) {
            return not_onboarded(&workspace);
        }
        let subject = Subject { workspace: &workspace, subscription: &own };
        subject.workspace_error(&error, "reading the workspace's data connectors")
    })?;
    let document = find_connector(&workspace, &target, &listed)?;
    flatten(&mut stub, &workspace, document);
    stub.set(&WORKSPACE_ID, workspace);
    session.ownership().record_import(&connection_in_state(&stub)?, &mut stub);
    Ok(stub)
}

fn find_connector<'a>(
    workspace: &WorkspaceId,
    target: &Target,
    documents: &'a [Document],
) -> Result<&'a Document, Diagnostic> {
    let found = match target {
        Target::Name(name) => documents.iter().find(|document| document.is_named(name)),
        Target::Subscription(subscription) => find(documents, subscription),
    };
    match found {
        None => Err(diagnostics::nothing_to_import(workspace)),
        Some(document) if subscription_in(document).is_none() || !document.is_kind(kind::AZURE_SECURITY_CENTER) => {
            Err(diagnostics::other_kind(document))
        }
        Some(document) if !is_connected(document) => Err(diagnostics::import_of_disconnected(workspace, document)),
        Some(document) => Ok(document),
    }
}

fn parse(id: &str) -> Result<(WorkspaceId, String), String> {
    let malformed = |problem: &str| {
        format!(
            "{id:?} is not the ID of a data connector: {problem}. Expected …/workspaces/{{name}}/providers/{}/{{connector}}.",
            kind::full_type()
        )
    };
    let parsed = ResourceId::parse(id.trim()).map_err(|error| malformed(error.problem))?;
    if !parsed.is_type(&kind::full_type()) {
        return Err(malformed(&format!("it is the ID of a {}", parsed.provider_type())));
    }
    match WorkspaceId::containing(&parsed) {
        Some(workspace) => Ok((workspace, parsed.name().to_owned())),
        None => Err(malformed("it is not in a Log Analytics workspace")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/rg/providers/\
                       Microsoft.OperationalInsights/workspaces/law-soc";

    #[test]
    fn parses_workspace_and_name_of_a_connector_id() {
        let id = format!("{SOC}/providers/microsoft.securityinsights/dataconnectors/C");

        let (workspace, name) = parse(&id).expect("a connector");

        assert_eq!((workspace.to_string().as_str(), name.as_str()), (SOC, "C"));
    }

    #[test]
    fn rejects_other_ids_and_shows_the_format() {
        for (id, problem) in [
            (SOC.to_owned(), "it is the ID of a Microsoft.OperationalInsights/workspaces"),
            ("c".to_owned(), "is not the ID of a data connector"),
        ] {
            let rejection = parse(&id).expect_err("no connector");
            assert!(rejection.contains(problem) && rejection.contains("dataConnectors/{connector}"), "{rejection}");
        }
    }
}
