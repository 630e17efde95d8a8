//! Tests of the writer with a simulated workspace: etags, lost responses and stale lists.

use std::convert::Infallible;

use azure_simulator::{Effect, Fault, Moment, Request, World};
use serde_json::{Value, json};

use super::*;
use crate::azure::testing::deadline;
use crate::testing::{Azure, not_onboarded};

const API_VERSION: &str = "2025-10-01-preview";
const NAME: &str = "c";
const CONNECTOR: &str = "dataConnectors/c";

/// A simulated workspace.
struct Workspace {
    azure: Azure,
    id: WorkspaceId,
}

impl Workspace {
    /// A workspace with one disabled connector.
    async fn with_connector() -> Self {
        let workspace = Self::empty().await;
        workspace.azure.put(CONNECTOR, document(false));
        workspace
    }

    async fn empty() -> Self {
        let azure = Azure::start().await;
        let id = azure.workspace();
        Self { azure, id }
    }

    /// The stored connector; null if it does not exist.
    fn stored(&self) -> Value {
        self.azure.document(CONNECTOR).unwrap_or_default()
    }

    fn methods(&self) -> String {
        self.azure.methods("/dataConnectors")
    }

    fn fault(&self, method: &str, effect: Effect) {
        self.azure.fault(method, "/dataConnectors", effect);
    }

    fn fault_once(&self, method: &str, effect: Effect) {
        self.azure.fault_once(method, "/dataConnectors", effect);
    }

    /// Another process changes the connector before each matching request.
    fn change_before(
        &self,
        is_match: impl Fn(&Request) -> bool + Send + 'static,
        change: impl Fn(&mut World, &str) + Send + 'static,
    ) {
        let connector = self.azure.id(CONNECTOR);
        let is_match = move |request: &Request| request.path.ends_with(CONNECTOR) && is_match(request);
        self.azure.before(is_match, move |world| change(world, &connector));
    }

    async fn reconcile(
        &self,
        deadline: &Deadline,
        decide: impl FnMut(Observation<'_>) -> Result<Change, Infallible>,
    ) -> Result<Vec<Document>, WriteError<Infallible>> {
        let session = self.azure.session();
        let writer = Writer {
            session: &session,
            workspace: &self.id,
            api_version: API_VERSION,
            deadline,
            purpose: Purpose::Connect,
        };
        writer.reconcile(decide).await
    }
}

fn document(enabled: bool) -> Value {
    json!({"name": NAME, "kind": "RestApiPoller",
        "properties": {"connectorDefinitionName": "d", "auth": {"type": "None"},
            "request": {"apiEndpoint": "https://contoso.com"}, "on": enabled}})
}

fn unavailable() -> Effect {
    Effect::new().error(503, "ServiceUnavailable", "Try later.")
}

fn named(documents: &[Document]) -> Option<Document> {
    documents.iter().find(|document| document.is_named(NAME)).cloned()
}

/// Enables the connector, and creates it if it does not exist.
fn enable(observation: Observation<'_>) -> Result<Change, Infallible> {
    let mut connector = named(observation.documents)
        .unwrap_or_else(|| Document::new(NAME, "RestApiPoller", document(false)["properties"].clone()));
    if connector.get(&["properties", "on"]) == Some(&Value::Bool(true)) {
        return Ok(Change::Nothing);
    }
    connector.set(&["properties", "on"], true.into());
    Ok(Change::Put(connector))
}

fn delete(observation: Observation<'_>) -> Result<Change, Infallible> {
    Ok(named(observation.documents).map_or(Change::Nothing, Change::Delete))
}

#[tokio::test(start_paused = true)]
async fn change_reads_writes_and_verifies() {
    let workspace = Workspace::with_connector().await;

    workspace.reconcile(&deadline(), enable).await.expect("a write");

    assert_eq!(workspace.methods(), "GET PUT GET");
    assert_eq!(workspace.stored()["properties"]["on"], true);
}

#[tokio::test(start_paused = true)]
async fn skips_a_write_without_a_change() {
    let workspace = Workspace::empty().await;
    workspace.azure.put(CONNECTOR, document(true));

    workspace.reconcile(&deadline(), enable).await.expect("nothing to do");

    assert_eq!(workspace.methods(), "GET");
}

#[tokio::test(start_paused = true)]
async fn merges_a_concurrent_change() {
    let workspace = Workspace::with_connector().await;
    workspace.change_before(
        |request| request.method == "PUT" && request.earlier == 0,
        |world, id| {
            let mut theirs = world.document(id).expect("it exists").clone();
            theirs["properties"]["theirs"] = 7.into();
            world.put_document(id, theirs);
        },
    );

    workspace.reconcile(&deadline(), enable).await.expect("a write");

    assert_eq!(workspace.methods(), "GET PUT GET PUT GET");
    let held = workspace.stored();
    assert_eq!((&held["properties"]["on"], &held["properties"]["theirs"]), (&json!(true), &json!(7)));
}

#[tokio::test(start_paused = true)]
async fn timeout_names_repeated_etag_conflicts() {
    let workspace = Workspace::with_connector().await;
    workspace.fault("PUT", Effect::new().error(409, "Conflict", "Newer instance exists (Etag does not match)."));

    let error = workspace.reconcile(&deadline(), enable).await.expect_err("no end");

    let WriteErrorKind::Azure(error) = error.kind else { panic!("{error:?}") };
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    assert_eq!(error.service().map(|service| service.status), Some(409));
}

#[tokio::test(start_paused = true)]
async fn recognizes_its_own_write_after_a_lost_response() {
    let workspace = Workspace::with_connector().await;
    workspace.fault_once("PUT", Effect::new().disconnect(Moment::After));
    let mut last_status = WriteStatus::NotSent;

    let decide = |observation: Observation<'_>| {
        last_status = observation.status;
        enable(observation)
    };
    workspace.reconcile(&deadline(), decide).await.expect("its own write");

    assert_eq!(last_status, WriteStatus::ResponseLost);
    assert_eq!(workspace.methods(), "GET PUT PUT GET", "the retry meets the etag of the first attempt");
}

#[tokio::test(start_paused = true)]
async fn write_rejected_until_the_deadline_changed_nothing() {
    let workspace = Workspace::with_connector().await;
    workspace.fault("PUT", unavailable());

    let error = workspace.reconcile(&deadline(), enable).await.expect_err("no end");

    assert_eq!(error.status, WriteStatus::NotSent);
}

#[tokio::test(start_paused = true)]
async fn partly_effective_write_may_exist() {
    let workspace = Workspace::with_connector().await;
    workspace.fault("PUT", unavailable());
    workspace.change_before(
        |request| request.method == "PUT",
        |world, id| {
            let mut half = world.document(id).expect("it exists").clone();
            half["properties"]["half"] = true.into();
            world.put_document(id, half);
        },
    );

    let error = workspace.reconcile(&deadline(), enable).await.expect_err("no end");

    assert_eq!(error.status, WriteStatus::ResponseLost);
}

#[tokio::test(start_paused = true)]
async fn reports_an_accepted_write_that_azure_does_not_store() {
    let workspace = Workspace::with_connector().await;
    let held = Document::parse(workspace.stored()).expect("it exists");
    workspace.fault("PUT", Effect::new().json(workspace.stored()));

    let error = workspace.reconcile(&deadline(), enable).await.expect_err("not stored");

    assert_eq!(error.status, WriteStatus::Accepted);
    assert!(matches!(error.kind, WriteErrorKind::NotStored(Some(found)) if found == held));
    assert_eq!(workspace.methods().matches("PUT").count(), 1, "written once");
}

#[tokio::test(start_paused = true)]
async fn reads_a_stale_list_again() {
    let workspace = Workspace::with_connector().await;
    let stale = json!({"value": [workspace.stored()]});
    let lag = Fault::new(Effect::new().json(stale)).method("GET").path("/dataConnectors").skip(1).times(3);
    workspace.azure.simulator.add_fault(lag);

    workspace.reconcile(&deadline(), enable).await.expect("in the end");

    assert_eq!(workspace.methods(), "GET PUT GET GET GET GET");
}

#[tokio::test(start_paused = true)]
async fn verifies_again_after_one_wrong_response() {
    for refusal in [not_onboarded(), Effect::new().error(404, "ResourceNotFound", "It is gone.")] {
        let workspace = Workspace::with_connector().await;
        let fault = Fault::new(refusal).method("GET").path("/dataConnectors").skip(1).times(1);
        workspace.azure.simulator.add_fault(fault);

        workspace.reconcile(&deadline(), enable).await.expect("the second response");

        assert_eq!(workspace.methods(), "GET PUT GET GET");
    }
}

#[tokio::test(start_paused = true)]
async fn lists_connectors_after_a_write_returns_404() {
    let not_found = || Effect::new().error(404, "ResourceNotFound", "It is gone.");
    let workspace = Workspace::empty().await;
    workspace.fault_once("PUT", not_found().forward());

    workspace.reconcile(&deadline(), enable).await.expect("it exists");

    let workspace = Workspace::empty().await;
    workspace.fault("PUT", not_found());
    let error = workspace.reconcile(&deadline(), enable).await.expect_err("it does not exist");

    assert_eq!(error.status, WriteStatus::NotSent);
}

#[tokio::test(start_paused = true)]
async fn cancellation_during_verification_reports_a_possible_change() {
    let workspace = Workspace::with_connector().await;
    workspace.fault("PUT", Effect::new().json(workspace.stored()));
    let deadline = deadline();
    let cancellation = deadline.cancellation.clone();
    let decide = |observation: Observation<'_>| {
        if observation.status == WriteStatus::Accepted {
            cancellation.cancel();
        }
        enable(observation)
    };

    let error = workspace.reconcile(&deadline, decide).await.expect_err("canceled");

    assert_eq!(error.status, WriteStatus::Accepted);
    assert!(matches!(error.kind, WriteErrorKind::Azure(Error::Cancelled { outcome_unknown: true })));
}

/// Reconciles, and cancels during the PUT.
async fn cancel_during_put(workspace: &Workspace) -> Result<Vec<Document>, WriteError<Infallible>> {
    let deadline = deadline();
    let cancel = async {
        while !workspace.methods().contains("PUT") {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        deadline.cancellation.cancel();
    };
    let (outcome, ()) = tokio::join!(workspace.reconcile(&deadline, enable), cancel);
    outcome
}

#[tokio::test(start_paused = true)]
async fn cancellation_without_a_response_reports_a_possible_change() {
    let workspace = Workspace::with_connector().await;
    workspace.fault("PUT", Effect::new().hang(Moment::Before));

    let error = cancel_during_put(&workspace).await.expect_err("canceled");

    assert_eq!(error.status, WriteStatus::ResponseLost);
    assert!(matches!(error.kind, WriteErrorKind::Azure(Error::Cancelled { .. })));
}

#[tokio::test(start_paused = true)]
async fn cancellation_after_an_effective_write_finds_the_result() {
    let workspace = Workspace::with_connector().await;
    workspace.fault("PUT", Effect::new().hang(Moment::After));

    cancel_during_put(&workspace).await.expect("its own write");
}

#[tokio::test(start_paused = true)]
async fn delete_succeeds_if_another_process_deletes_first() {
    let workspace = Workspace::with_connector().await;
    workspace.change_before(
        |request| request.method == "DELETE",
        |world, id| {
            world.delete_document(id);
        },
    );

    let left = workspace.reconcile(&deadline(), delete).await.expect("it was deleted");

    assert_eq!(named(&left), None);
    assert_eq!(workspace.methods(), "GET DELETE GET");
}

#[tokio::test(start_paused = true)]
async fn delete_without_effect_is_an_error_at_the_deadline() {
    let workspace = Workspace::with_connector().await;
    workspace.fault("DELETE", Effect::new().status(200));
    let soon = Deadline::lasting(Duration::from_secs(1));

    let error = workspace.reconcile(&soon, delete).await.expect_err("it is still there");

    assert_eq!(error.status, WriteStatus::Accepted);
    assert!(matches!(error.kind, WriteErrorKind::Azure(Error::TimedOut { outcome_unknown: true, .. })));
}

#[tokio::test(start_paused = true)]
async fn rejected_write_changes_nothing() {
    let workspace = Workspace::with_connector().await;
    workspace.fault("PUT", Effect::new().error(403, "AuthorizationFailed", "No."));

    let error = workspace.reconcile(&deadline(), enable).await.expect_err("rejected");

    assert_eq!(error.status, WriteStatus::NotSent);
}

#[tokio::test(start_paused = true)]
async fn reports_a_workspace_without_sentinel_at_once() {
    let azure = Azure::start().await;
    let workspace = Workspace { id: azure.workspace_named("law-fresh"), azure };

    let error = workspace.reconcile(&deadline(), enable).await.expect_err("not onboarded");

    assert!(matches!(error.kind, WriteErrorKind::NotOnboarded));
    assert_eq!(workspace.methods(), "GET");
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_workspace_that_is_being_onboarded() {
    let workspace = Workspace::empty().await;
    workspace.fault_once("GET", not_onboarded());
    workspace.fault_once("PUT", not_onboarded());

    workspace.reconcile(&deadline(), enable).await.expect("onboarded in the end");

    assert_eq!(workspace.methods(), "GET GET PUT PUT GET");
}

#[tokio::test(start_paused = true)]
async fn wrong_404_to_a_delete_is_not_a_success() {
    let workspace = Workspace::with_connector().await;
    workspace.fault_once("DELETE", Effect::new().error(404, "ResourceNotFound", "It does not exist."));

    workspace.reconcile(&deadline(), delete).await.expect("deleted");

    assert_eq!(workspace.methods(), "GET DELETE GET DELETE GET");
    assert_eq!(workspace.stored(), Value::Null);
}
