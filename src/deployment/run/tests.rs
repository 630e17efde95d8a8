//! Tests of deployments with faults of the simulated Azure.

use azure_simulator::Effect;
use serde_json::json;

use super::*;
use crate::testing::Azure;

const LONG: Duration = Duration::from_secs(300);
/// Long enough for several attempts of one request.
const SHORT: Duration = Duration::from_secs(20);

/// The paths of requests for the progress, for the operations and for the deployment.
const STATUS: &str = "/operationStatuses/";
const OPERATIONS: &str = r"/operations\?";
const DEPLOYMENT: &str = r"/deployments/d\?";

async fn azure(rules: Value) -> Azure {
    let azure = Azure::start_empty().await;
    azure.simulator.patch_world(json!({"behaviors": {"deployment_rules": rules}}));
    azure
}

/// The second resource cannot be deployed.
fn failing() -> Value {
    json!([{"resource": "/dataConnectors/two", "refuse": {"status": 400, "code": "C", "message": "M"}}])
}

/// The deployment of the second resource never ends.
fn hanging() -> Value {
    json!([{"resource": "/dataConnectors/two", "hang": true}])
}

fn busy() -> Effect {
    Effect::new().error(503, "ServerBusy", "try again later")
}

fn forbidden() -> Effect {
    Effect::new().error(403, "AuthorizationFailed", "not authorized")
}

/// The deployment of two connector pages.
fn deployment(azure: &Azure) -> Deployment {
    let connector = |name: &str| {
        json!({
            "type": "Microsoft.OperationalInsights/workspaces/providers/dataConnectors",
            "apiVersion": "2025-10-01-preview",
            "name": format!("law-soc/Microsoft.SecurityInsights/{name}"),
            "kind": "StaticUI",
            "properties": {"connectorUiConfig": {}},
        })
    };
    Deployment {
        group: azure.workspace().resource_id().parent().expect("a resource group"),
        name: "d".to_owned(),
        template: json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [connector("one"), connector("two")],
        }),
        parameters: json!({}),
        secrets: Secrets::none(),
    }
}

async fn run_for(azure: &Azure, time: Duration) -> Result<Vec<DeploymentOperation>, DeploymentError> {
    run(&azure.client(), &deployment(azure), &Deadline::lasting(time)).await
}

#[tokio::test(start_paused = true)]
async fn reports_a_failed_start_as_rejected() {
    let azure = azure(json!([])).await;
    azure.fault("PUT", DEPLOYMENT, busy());

    let error = run_for(&azure, SHORT).await.expect_err("it was never started");

    let DeploymentErrorKind::Rejected(error) = error.kind else { panic!("{:?}", error.kind) };
    assert_eq!(error.service().and_then(|error| error.code.as_deref()), Some("ServerBusy"));
}

#[tokio::test(start_paused = true)]
async fn follows_a_deployment_whose_start_response_is_lost() {
    let azure = azure(json!([])).await;
    azure.simulator.patch_world(json!({"behaviors": {"deployment_milliseconds": 60_000}}));
    azure.fault_once("PUT", DEPLOYMENT, Effect::new().error(500, "InternalError", "unknown").forward());

    let operations = run_for(&azure, LONG).await.expect("it was started, and succeeds");

    assert_eq!(operations.iter().filter(|operation| operation.resource.is_some()).count(), 2);
    assert!(azure.methods("/deployments/d").starts_with("PUT PUT GET"), "the retry finds it active");
}

#[tokio::test(start_paused = true)]
async fn reports_a_deployment_that_fails_at_once() {
    let azure = azure(json!([])).await;
    let failed = json!({"properties": {"provisioningState": "Failed", "error": {"code": "C", "message": "M"}}});
    azure.fault("PUT", DEPLOYMENT, Effect::new().status(201).json(failed));

    let error = run_for(&azure, LONG).await.expect_err("it failed");

    assert!(
        matches!(&error.kind, DeploymentErrorKind::Failed(error) if error.code.as_deref() == Some("C")),
        "{error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn reads_the_deployment_if_its_status_is_unreadable() {
    for (rules, succeeds) in [(json!([]), true), (failing(), false)] {
        let azure = azure(rules).await;
        azure.fault("GET", STATUS, forbidden());

        let outcome = run_for(&azure, LONG).await;

        assert_eq!(outcome.is_ok(), succeeds, "{outcome:?}");
        assert!(azure.methods("/deployments/d").len() > 3);
    }
}

#[tokio::test(start_paused = true)]
async fn reports_a_deployment_that_still_runs_at_the_deadline() {
    let azure = azure(hanging()).await;

    let error = run_for(&azure, SHORT).await.expect_err("no end");

    assert!(matches!(error.kind, DeploymentErrorKind::StillRunning(_)), "{error:?}");
    assert_eq!((error.operations.len(), error.total), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn reports_an_unreadable_deployment_as_lost() {
    let azure = azure(hanging()).await;
    azure.fault("GET", "/Microsoft.Resources/deployments/", busy());

    let error = run_for(&azure, SHORT).await.expect_err("no end");

    assert_eq!((error.operations.len(), error.total), (0, 2));
    let DeploymentErrorKind::Lost(error) = error.kind else { panic!("{:?}", error.kind) };
    assert_eq!(error.service().map(|error| error.status), Some(503));
}

#[tokio::test(start_paused = true)]
async fn ignores_unreadable_operations() {
    let azure = azure(json!([])).await;
    azure.fault("GET", OPERATIONS, forbidden());

    assert!(run_for(&azure, LONG).await.expect("it succeeds").is_empty());
}

#[tokio::test(start_paused = true)]
async fn reports_the_result_of_a_cancellation() {
    type Fault = fn(&Azure);
    let table: [(Fault, Cancellation); 4] = [
        (|_| {}, Cancellation::Accepted),
        (
            |azure| azure.fault("POST", "/cancel", Effect::new().error(404, "DeploymentNotFound", "none")),
            Cancellation::Absent,
        ),
        (
            |azure| {
                let over = Effect::new().error(409, "DeploymentCannotBeCancelled", "it is over");
                azure.fault("POST", "/cancel", over);
                let succeeded = json!({"properties": {"provisioningState": "Succeeded"}});
                azure.fault("GET", DEPLOYMENT, Effect::new().json(succeeded));
            },
            Cancellation::Finished,
        ),
        (|azure| azure.fault("POST", "/cancel", forbidden()), Cancellation::Rejected),
    ];
    for (fault, expected) in table {
        let azure = azure(hanging()).await;
        fault(&azure);
        let deadline = Deadline::lasting(LONG);
        let (arm, deployment) = (azure.client(), deployment(&azure));
        let stop = async {
            while azure.methods("/operationStatuses/").is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            deadline.cancellation.cancel();
        };

        let (outcome, ()) = tokio::join!(run(&arm, &deployment, &deadline), stop);

        let kind = outcome.expect_err("it was canceled").kind;
        assert!(
            matches!(&kind, DeploymentErrorKind::Cancelled(actual) if *actual == expected),
            "{expected:?}: {kind:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn masks_secret_parameters_in_azure_errors() {
    let echo = "the value 'hunter22' is not valid";
    let rules = json!([{"resource": "/dataConnectors/two", "refuse": {"status": 400, "code": "C", "message": echo}}]);
    for (azure, fault) in [(azure(rules).await, false), (azure(json!([])).await, true)] {
        if fault {
            azure.fault("PUT", DEPLOYMENT, Effect::new().error(400, "InvalidTemplate", echo));
        }
        let deployment = Deployment { secrets: ["hunter22"].into_iter().collect(), ..deployment(&azure) };

        let run = run(&azure.client(), &deployment, &Deadline::lasting(LONG)).await;

        let shown = format!("{:?}", run.expect_err("it failed"));
        assert!(shown.contains("'(sensitive value)' is not valid") && !shown.contains("hunter22"), "{shown}");
    }
}
