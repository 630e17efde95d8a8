//! Import: by the ID of the workspace, by the ID of the data connector, or by identity.

use crate::azure::resource_id::ResourceId;
use crate::azure_diagnostics;
use crate::defender_xdr::{API_VERSION, Record, TENANT_ID, tenant_of};
use crate::framework::{Context, Diagnostic, Diagnostics, ImportTarget, State};
use crate::sentinel::data_connector::{Document, kind, list};
use crate::sentinel::{WorkspaceId, is_not_onboarded};
use crate::session::{self, Session};
use crate::xdr_connector::settings::{Settings, document_of};

use super::attributes::WORKSPACE_ID;
use super::diagnostics;
use super::flatten::{flatten, set_names};
use super::identity::connector;

pub(super) async fn import(
    ctx: &Context,
    session: &Session,
    target: ImportTarget,
    mut stub: State,
) -> Result<State, Diagnostics> {
    let (workspace, name) = match target {
        ImportTarget::Identity(identity) => (identity.get(&WORKSPACE_ID)?, None),
        ImportTarget::Id(id) => parse(&id).map_err(|problem| Diagnostic::error("Invalid import ID", problem))?,
    };
    let deadline = session::deadline(ctx);
    let documents = list(session, &workspace, API_VERSION, &deadline).await.map_err(|error| {
        if is_not_onboarded(&error) {
            diagnostics::not_onboarded(&workspace)
        } else {
            azure_diagnostics::from_error(&error, "reading the workspace's data connectors")
        }
    })?;
    let document = find(&workspace, name.as_deref(), &documents)?;
    let tenant = tenant_of(session, &workspace, None, &deadline).await;
    if let Ok(tenant) = tenant {
        stub.set(&TENANT_ID, Some(tenant));
    } else if document.get(&["properties", "tenantId"]).is_none() {
        tenant?;
    }
    set_names(&mut stub, &workspace, document, &Record::of(document.name()).found());
    flatten(&mut stub, document, &managed_in(document));
    session.ownership().record_import(&connector(&workspace), &mut stub);
    stub.set(&WORKSPACE_ID, workspace);
    Ok(stub)
}

/// The settings to manage after the import: providers and tables only if some are enabled.
fn managed_in(document: &Document) -> Settings {
    let on = Settings::in_document(document);
    Settings {
        alert_providers: on.alert_providers.filter(|providers| !providers.is_empty()),
        hunting_tables: on.hunting_tables.filter(|tables| !tables.is_empty()),
        ..on
    }
}

fn find<'a>(
    workspace: &WorkspaceId,
    name: Option<&str>,
    documents: &'a [Document],
) -> Result<&'a Document, Diagnostic> {
    let Some(name) = name else {
        return document_of(documents, None).ok_or_else(|| diagnostics::nothing_to_import(workspace));
    };
    match documents.iter().find(|document| document.is_named(name)) {
        Some(document) if document.is_kind(kind::MICROSOFT_THREAT_PROTECTION) => Ok(document),
        Some(document) => Err(diagnostics::other_kind(workspace, document)),
        None => Err(diagnostics::no_such_connector(workspace, name)),
    }
}

/// The workspace, and the name of the data connector if the import ID was its ID.
fn parse(id: &str) -> Result<(WorkspaceId, Option<String>), String> {
    let id = id.trim();
    let not_a_workspace = match WorkspaceId::parse(id) {
        Ok(workspace) => return Ok((workspace, None)),
        Err(error) => error,
    };
    let connector = ResourceId::parse(id).ok().filter(|id| id.is_type(&kind::full_type()));
    connector.and_then(|id| Some((WorkspaceId::containing(&id)?, Some(id.name().to_owned())))).ok_or_else(|| {
        format!(
            "{not_a_workspace}. The ID of a data connector in the workspace is also allowed: \
             …/workspaces/{{name}}/providers/{}/{{connector}}.",
            kind::full_type()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/rg/providers/\
                       Microsoft.OperationalInsights/workspaces/law-soc";

    #[test]
    fn accepts_a_workspace_id_and_a_connector_id() {
        let (workspace, name) = parse(&format!(" {SOC}\n")).expect("a workspace");
        assert_eq!((workspace.to_string().as_str(), name), (SOC, None));
        let (_, name) = parse(&format!("{SOC}/providers/microsoft.securityinsights/dataconnectors/C")).expect("one");
        assert_eq!(name.as_deref(), Some("C"));
    }

    #[test]
    fn rejects_other_ids_and_shows_both_formats() {
        let problem = parse(&format!("{SOC}/providers/Microsoft.SecurityInsights/alertRules/r")).expect_err("a rule");

        assert!(problem.contains("Microsoft.SecurityInsights/dataConnectors/{connector}"), "{problem}");
    }
}
