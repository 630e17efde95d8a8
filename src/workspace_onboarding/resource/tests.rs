//! Tests of the resource with a simulated workspace.

use azure_simulator::Effect;
use serde_json::{Value, json};

use super::attributes::{ADOPT_EXISTING, CUSTOMER_MANAGED_KEY_ENABLED, DELETION_PROTECTION, ID, WORKSPACE_ID, schema};
use crate::framework::testing::{Lifecycle, summaries};
use crate::framework::{Config, Context, Failed, PlannedAction, Read, Resource, State};
use crate::sentinel::WorkspaceId;
use crate::testing::{Azure, no_workspace_metadata, not_onboarded};
use crate::workspace_onboarding::WorkspaceOnboarding;

const FRESH: &str = "law-fresh";

fn planned(workspace: WorkspaceId) -> State {
    State::empty(&schema())
        .with(&WORKSPACE_ID, workspace)
        .with(&CUSTOMER_MANAGED_KEY_ENABLED, false)
        .with(&DELETION_PROTECTION, false)
        .with(&ADOPT_EXISTING, false)
}

fn config(workspace: WorkspaceId) -> Config {
    Config::empty(&schema()).with(&WORKSPACE_ID, workspace)
}

fn document(azure: &Azure, workspace: &str) -> Option<Value> {
    azure.simulator.document(&azure.workspace_named(workspace).sentinel("onboardingStates/default"))
}

fn delete_document(azure: &Azure, workspace: &str) {
    azure.simulator.delete_document(&azure.workspace_named(workspace).sentinel("onboardingStates/default"));
}

async fn create(azure: &Azure, planned: State) -> Result<State, Failed> {
    WorkspaceOnboarding.create(&Context::for_tests(), &azure.session(), planned).await
}

async fn created(azure: &Azure) -> State {
    create(azure, planned(azure.workspace_named(FRESH))).await.expect("created")
}

fn summary(failed: &Failed) -> String {
    failed.diagnostics().iter().map(|diagnostic| diagnostic.summary.clone()).collect()
}

fn resource(azure: &Azure) -> Lifecycle {
    let client = azure.client();
    Lifecycle::single(|| WorkspaceOnboarding, move || crate::session::Session::new(client.clone()))
}

#[tokio::test(start_paused = true)]
async fn creates_reads_and_deletes_an_onboarding() {
    let azure = Azure::start().await;

    let state = created(&azure).await;

    assert_eq!(document(&azure, FRESH).expect("onboarded")["properties"], json!({"customerManagedKey": false}));
    assert!(state.get(&ID).is_ok_and(|id| id.is_some_and(|id| id.ends_with("/onboardingStates/default"))));
    assert_eq!(azure.methods("/onboardingStates"), "GET PUT GET");
    let read = WorkspaceOnboarding.read(&Context::for_tests(), &azure.session(), state.clone()).await;
    assert!(matches!(read, Ok(Read::Found(read)) if read.value() == state.value()));
    assert_eq!(azure.methods("/law-fresh"), "GET PUT GET GET GET", "a refresh sends one request");

    WorkspaceOnboarding.delete(&Context::for_tests(), &azure.session(), state.clone()).await.expect("deleted");
    assert_eq!(document(&azure, FRESH), None);
    WorkspaceOnboarding.delete(&Context::for_tests(), &azure.session(), state).await.expect("already deleted");
}

#[tokio::test(start_paused = true)]
async fn create_waits_until_the_onboarding_takes_effect() {
    for (path, refusal, expected) in [
        ("/onboardingStates", Effect::new().error(404, "ResourceNotFound", "not yet"), "GET PUT GET GET GET"),
        ("/dataConnectors", not_onboarded(), "GET PUT GET GET GET"),
        ("/dataConnectors", no_workspace_metadata(), "GET PUT GET GET GET"),
    ] {
        let azure = Azure::start().await;
        azure.simulator.add_fault(azure_simulator::Fault::new(refusal).method("GET").path(path).times(2));
        // The first GET request reads an existing onboarding state.
        created(&azure).await;

        let states = azure.methods("/onboardingStates");
        let waited = if path == "/onboardingStates" { "GET PUT GET GET" } else { expected };
        assert_eq!(states, waited, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn ineffective_onboarding_is_saved_in_the_state() {
    let azure = Azure::start().await;
    azure.fault("GET", "/dataConnectors", not_onboarded());

    let failed = create(&azure, planned(azure.workspace_named(FRESH))).await.expect_err("it never takes effect");

    assert!(failed.state().is_some());
    assert!(failed.diagnostics().to_string().contains("terraform untaint"));
}

#[tokio::test(start_paused = true)]
async fn rejects_or_adopts_an_existing_onboarding() {
    let azure = Azure::start().await;
    let existing = planned(azure.workspace());

    let failed = create(&azure, existing.clone()).await.expect_err("it exists");
    assert!(summary(&failed).contains("exists"), "{}", summary(&failed));
    let adopted = create(&azure, existing.clone().with(&ADOPT_EXISTING, true)).await.expect("adopted");
    assert!(adopted.get(&ID).is_ok_and(|id| id.is_some()));
    let other_key = existing.with(&ADOPT_EXISTING, true).with(&CUSTOMER_MANAGED_KEY_ENABLED, true);
    let failed = create(&azure, other_key).await.expect_err("the key cannot change");

    assert!(summary(&failed).contains("customer_managed_key_enabled"));
    assert_eq!(azure.methods("/onboardingStates"), "GET GET GET", "nothing is written");
}

#[tokio::test(start_paused = true)]
async fn create_recovers_a_lost_response() {
    let azure = Azure::start().await;
    azure.fault_once("PUT", "/onboardingStates", Effect::new().error(500, "InternalServerError", "lost"));

    created(&azure).await;

    assert!(document(&azure, FRESH).is_some());
}

#[tokio::test(start_paused = true)]
async fn error_names_a_deleted_workspace() {
    let azure = Azure::start().await;
    azure.fault("PUT", "/onboardingStates", Effect::new().error(400, "BadRequest", "The workspace is not valid."));
    let failed = create(&azure, planned(azure.workspace_named(FRESH))).await.expect_err("rejected");
    assert!(!summary(&failed).contains("deleted") && failed.state().is_none());

    let deleted = azure.workspace_named(FRESH).to_string().replace("/workspaces/", "/deletedWorkspaces/");
    azure.simulator.put_document(&deleted, json!({"name": "LAW-fresh"}));
    let failed = create(&azure, planned(azure.workspace_named(FRESH))).await.expect_err("rejected");

    assert_eq!(summary(&failed), "The workspace was deleted and cannot be onboarded");
    assert!(
        failed.diagnostics().to_string().contains("The workspace is not valid."),
        "the detail contains Azure's message"
    );
}

#[tokio::test(start_paused = true)]
async fn absent_onboarding_requires_confirmation_by_another_api() {
    let azure = Azure::start().await;
    let state = created(&azure).await;
    let read = async || WorkspaceOnboarding.read(&Context::for_tests(), &azure.session(), state.clone()).await;
    let absent = || Effect::new().error(404, "ResourceNotFound", "absent");

    azure.fault_once("GET", "/onboardingStates", absent());
    assert!(matches!(read().await, Ok(Read::Found(_))), "one wrong response");

    azure.fault("GET", "/onboardingStates", absent());
    assert!(read().await.is_err(), "a contradiction");
    azure.simulator.clear_faults();

    delete_document(&azure, FRESH);
    assert_eq!(read().await, Ok(Read::Gone));
}

#[tokio::test(start_paused = true)]
async fn protected_onboarding_is_not_destroyed_or_replaced() {
    let azure = Azure::start().await;
    let mut resource = resource(&azure);
    let config = config(azure.workspace_named(FRESH)).with(&DELETION_PROTECTION, true);
    assert!(!resource.apply(&config).await.has_errors());

    let planned = resource.plan(&config.clone().with(&CUSTOMER_MANAGED_KEY_ENABLED, true)).await;
    assert_eq!(summaries(&planned.diagnostics), ["The onboarding is protected from deletion"]);
    resource.taint();
    let diagnostics = resource.destroy().await;

    assert!(summaries(&diagnostics).contains(&"The onboarding is protected from deletion".to_owned()));
    assert!(document(&azure, FRESH).is_some());
}

#[tokio::test(start_paused = true)]
async fn plan_of_a_tainted_onboarding_warns_about_the_removal() {
    let azure = Azure::start().await;
    let mut resource = resource(&azure);
    let config = config(azure.workspace_named(FRESH));
    assert!(!resource.apply(&config).await.has_errors());
    assert_eq!(summaries(&resource.plan(&config).await.diagnostics), Vec::<String>::new());

    resource.taint();
    let planned = resource.plan(&config).await;

    assert_eq!(summaries(&planned.diagnostics), ["~A tainted onboarding will be removed first: law-fresh"]);
    assert!(planned.diagnostics.to_string().contains("0 data connectors"), "{}", planned.diagnostics);
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_role_assigned_in_the_same_run() {
    let azure = Azure::start().await;
    let missing = || Effect::new().error(403, "AuthorizationFailed", "Not yet.");
    azure.fault_once("GET", "/onboardingStates", missing());
    let planned = resource(&azure).plan(&config(azure.workspace_named(FRESH))).await;
    assert_eq!(summaries(&planned.diagnostics), ["~Missing permission on the workspace law-fresh"]);

    azure.fault_once("PUT", "/onboardingStates", missing());
    created(&azure).await;

    assert!(document(&azure, FRESH).is_some());
}

#[tokio::test(start_paused = true)]
async fn destroy_plan_counts_the_deleted_objects() {
    let azure = Azure::start().await;
    let mut resource = resource(&azure);
    assert!(!resource.import(&azure.workspace_named("law-portal").to_string()).await.has_errors());

    let planned = resource.plan_destroy().await;

    let text = planned.diagnostics.to_string();
    assert!(text.contains("2 analytics rules") && text.contains("solution"), "{text}");
    assert_eq!(azure.methods("/law-portal"), "GET GET GET GET GET");
}

#[tokio::test(start_paused = true)]
async fn plan_warns_about_legacy_and_default_workspaces() {
    let azure = Azure::start().await;
    let fresh = azure.workspace_named(FRESH);
    let solution = fresh.to_string().replace(
        "Microsoft.OperationalInsights/workspaces/law-fresh",
        "Microsoft.OperationsManagement/solutions/SecurityInsights(law-fresh)",
    );
    azure.simulator.put_document(&solution, json!({"name": "SecurityInsights(law-fresh)"}));

    let planned = resource(&azure).plan(&config(fresh.clone())).await;
    assert_eq!(summaries(&planned.diagnostics), ["~law-fresh has Microsoft Sentinel without an onboarding"]);
    assert_eq!(planned.action, PlannedAction::Create);

    let name = "DefaultWorkspace-3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58-WEU";
    let default = WorkspaceId::parse(&fresh.to_string().replace(FRESH, name)).expect("a workspace");
    let planned = resource(&azure).plan(&config(default)).await;
    assert_eq!(summaries(&planned.diagnostics), [format!("~Azure will probably reject the onboarding of {name}")]);
}

#[tokio::test(start_paused = true)]
async fn changed_protection_writes_nothing() {
    let azure = Azure::start().await;
    let mut resource = resource(&azure);
    let config = config(azure.workspace_named(FRESH));
    assert!(!resource.apply(&config).await.has_errors());
    azure.simulator.clear_requests();

    assert!(!resource.apply(&config.with(&DELETION_PROTECTION, true)).await.has_errors());

    assert_eq!(azure.methods("/onboardingStates"), "GET");
}
