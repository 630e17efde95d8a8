//! Import: by the ID of the workspace, by the ID of the data connector, or by identity.

use crate::azure::resource_id::ResourceId;
use crate::azure_diagnostics;
use crate::defender_xdr::{self, Record, TENANT_ID, tenant_of};
use crate::framework::{Context, Diagnostic, Diagnostics, ImportTarget, State};
use crate::sentinel::data_connector::{Document, kind, list};
use crate::sentinel::{TenantId, WorkspaceId, confirming_absence, is_not_onboarded};
use crate::session::{self, Session};

use super::attributes::{CONTRACT, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::diagnostics;
use super::flatten::{flatten, tenant_in};
use super::identity::connection;
use crate::tenant_connector::contract::{API_VERSION, Contract, is_dedicated_kind};

pub(super) async fn import(
    ctx: &Context,
    session: &Session,
    target: ImportTarget,
    mut state: State,
) -> Result<State, Diagnostics> {
    let target = Target::of(&target)?;
    let deadline = session::deadline(ctx);
    let read = || list(session, &target.workspace, API_VERSION, &deadline);
    let documents = confirming_absence(session, &target.workspace, &deadline, read).await.map_err(|error| {
        if is_not_onboarded(&error) {
            return Diagnostics::from(diagnostics::not_onboarded(&target.workspace));
        }
        azure_diagnostics::from_error(&error, "reading the workspace's data connectors").into()
    })?;
    let (document, contract) = find(&target, &documents)?;
    let tenant = match tenant_in(document) {
        Some(tenant) => TenantId::from_azure(tenant),
        None => tenant_of(session, &target.workspace, None, &deadline).await?,
    };
    flatten(&mut state, &target.workspace, document, &Record::of(document.name()).found());
    session.ownership().record_import(&connection(&target.workspace), &mut state);
    state.set(&WORKSPACE_ID, target.workspace);
    state.set(&TENANT_ID, Some(tenant));
    state.set(&CONTRACT, contract);
    Ok(state)
}

/// The connection to import.
#[derive(Debug, PartialEq)]
struct Target {
    workspace: WorkspaceId,
    /// The name of the data connector, if the import ID is the ID of a connector.
    connector: Option<String>,
}

impl Target {
    fn of(target: &ImportTarget) -> Result<Self, Diagnostics> {
        match target {
            ImportTarget::Identity(identity) => Ok(Self { workspace: identity.get(&WORKSPACE_ID)?, connector: None }),
            ImportTarget::Id(id) => {
                Self::parse(id).map_err(|problem| Diagnostic::error("Invalid import ID", problem).into())
            }
        }
    }

    fn parse(id: &str) -> Result<Self, String> {
        let id = id.trim();
        let not_a_workspace = match WorkspaceId::parse(id) {
            Ok(workspace) => return Ok(Self { workspace, connector: None }),
            Err(error) => error,
        };
        let connector = ResourceId::parse(id).ok().filter(|id| id.is_type(&kind::full_type()));
        match connector.and_then(|id| Some((WorkspaceId::containing(&id)?, id.name().to_owned()))) {
            Some((workspace, name)) => Ok(Self { workspace, connector: Some(name) }),
            None => Err(format!(
                "{not_a_workspace}. The ID of a data connector in the workspace is also allowed: \
                 …/workspaces/{{name}}/providers/{}/{{connector}}.",
                kind::full_type()
            )),
        }
    }
}

/// Finds the connection and its contract: the default contract, or the contract of a recognized dedicated connector.
fn find<'a>(
    target: &Target,
    documents: &'a [Document],
) -> Result<(&'a Document, Option<ContractOverride>), Diagnostics> {
    let kinds = documents.iter().map(Document::kind).filter(|kind| is_dedicated_kind(kind));
    let dedicated = kinds.map(|kind| Some(ContractOverride::of_kind(kind)));
    let contracts: Vec<Option<ContractOverride>> = [None].into_iter().chain(dedicated).collect();
    let in_force = |contract: &Option<ContractOverride>| ContractOverride::in_force(contract.as_ref());
    let Some(name) = &target.connector else {
        let mut found = contracts.into_iter().filter_map(|contract| {
            Some((defender_xdr::streaming(documents, &in_force(&contract).part())?.0, contract))
        });
        return found.next().ok_or_else(|| does_not_stream(&target.workspace).into());
    };
    let document = documents.iter().find(|document| document.is_named(name));
    let Some(document) = document else {
        return Err(no_such_connector(&target.workspace, name).into());
    };
    let mut matching =
        contracts.into_iter().filter(|contract| defender_xdr::stream(document, &in_force(contract).part()).is_some());
    match matching.next() {
        Some(contract) => Ok((document, contract)),
        None => Err(not_a_connection(&target.workspace, document).into()),
    }
}

fn does_not_stream(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        "Nothing to import",
        format!(
            "The workspace {} does not stream tenant-wide Defender for Cloud alerts. Expected: {}. To connect the \
             alerts, remove the `import` block and apply.\n\n{}",
            workspace.name(),
            Contract::default().describe(),
            OTHER_CONTRACTS
        ),
    )
}

fn no_such_connector(workspace: &WorkspaceId, name: &str) -> Diagnostic {
    Diagnostic::error(
        "Nothing to import",
        format!(
            "The workspace {name_of_workspace} has no data connector \"{name}\". The portal gives a connector a new \
             name each time it is connected. Import by workspace ID instead:\n\n{workspace}",
            name_of_workspace = workspace.name()
        ),
    )
}

fn not_a_connection(workspace: &WorkspaceId, document: &Document) -> Diagnostic {
    let (name, kind) = (document.name(), document.kind());
    if document.is_connector_page() {
        return Diagnostic::error(
            "The data connector is only a connector page",
            format!(
                "The data connector \"{name}\" has the kind \"{kind}\". It is a connector page that the Content Hub \
                 solution adds to the workspace, and does not show whether alerts stream. Import by workspace ID \
                 instead:\n\n{workspace}"
            ),
        );
    }
    Diagnostic::error(
        "Not a tenant-based Defender for Cloud connector",
        format!(
            "The data connector \"{name}\" has the kind \"{kind}\" and does not stream tenant-wide Defender for \
                 Cloud alerts. Expected: {}.\n\n{OTHER_CONTRACTS}",
            Contract::default().describe()
        ),
    )
}

const OTHER_CONTRACTS: &str = "An import finds only a connector with the default contract, or one whose kind is \
                               `MicrosoftDefenderForCloud` or begins with `MicrosoftDefenderForCloudTenant`. For any \
                               other connector, set `contract = { … }` and `adopt_existing = true`, and apply.";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tenant_connector::contract::DEDICATED_KIND;

    const SOC: &str = "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";

    fn target(id: &str) -> Target {
        Target::parse(id).expect("something to import")
    }

    fn connector(name: &str, kind: &str, properties: serde_json::Value) -> Document {
        Document::new(name, kind, properties)
    }

    fn on() -> serde_json::Value {
        json!({
            "dataTypes": {"alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
        })
    }

    fn summary(target: &Target, documents: &[Document]) -> String {
        let diagnostics = find(target, documents).expect_err("nothing to import");
        diagnostics.into_iter().map(|diagnostic| diagnostic.summary).collect()
    }

    #[test]
    fn accepts_a_workspace_id_and_a_connector_id() {
        assert_eq!(target(SOC).connector, None);
        assert_eq!(target(&format!(" {SOC}\n")), target(SOC));
        let by_connector = target(&format!("{SOC}/providers/microsoft.securityinsights/dataconnectors/C1"));
        assert_eq!(by_connector, Target { workspace: target(SOC).workspace, connector: Some("C1".to_owned()) });
    }

    #[test]
    fn rejects_other_ids_and_shows_both_formats() {
        let problem =
            Target::parse(&format!("{SOC}/providers/Microsoft.SecurityInsights/alertRules/r")).expect_err("a rule");

        assert!(problem.contains("it is the ID of a Microsoft.SecurityInsights/alertRules"), "{problem}");
        assert!(problem.contains("Microsoft.SecurityInsights/dataConnectors/{connector}"), "{problem}");
    }

    #[test]
    fn finds_the_connection_of_a_workspace_by_its_contract() {
        let documents = [connector("x", "Office365", json!({})), connector("y", "MicrosoftThreatProtection", on())];

        let (found, contract) = find(&target(SOC), &documents).expect("the connection");

        assert_eq!((found.name(), contract.is_none()), ("y", true));
    }

    #[test]
    fn finds_a_dedicated_connector_and_its_contract() {
        for kind in [DEDICATED_KIND, "MicrosoftDefenderForCloudTenant"] {
            let documents = [connector("y", kind, on())];

            let (_, contract) = find(&target(SOC), &documents).expect("the connection");

            assert_eq!(ContractOverride::in_force(contract.as_ref()).kind, kind);
        }
    }

    #[test]
    fn rejects_connectors_that_do_not_stream_the_alerts() {
        let documents = [
            connector("MicrosoftDefenderForCloudTenantBased", "StaticUI", on()),
            connector("xdr", "MicrosoftThreatProtection", json!({"dataTypes": {"incidents": {"state": "Enabled"}}})),
        ];
        let named = |name: &str| Target { connector: Some(name.to_owned()), ..target(SOC) };

        assert_eq!(summary(&target(SOC), &documents), "Nothing to import");
        let apps = [connector("a", "MicrosoftDefenderForCloudAppsTenant", on())];
        assert_eq!(summary(&target(SOC), &apps), "Nothing to import", "another product");
        assert_eq!(summary(&named("missing"), &documents), "Nothing to import");
        assert_eq!(summary(&named("xdr"), &documents), "Not a tenant-based Defender for Cloud connector");
        assert_eq!(
            summary(&named("MicrosoftDefenderForCloudTenantBased"), &documents),
            "The data connector is only a connector page"
        );
    }
}
