//! Cancels a deployment of an earlier run and waits until it ends: a running deployment restores deleted resources.

use super::run::API_VERSION;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, PollResult, Request};

/// A deployment that may still be running.
#[derive(Debug)]
pub struct StillRunning {
    /// Why the provider could not confirm that the deployment has ended.
    pub error: Error,
    /// The error of the cancel request, if it failed.
    pub cancellation: Option<Error>,
}

/// The state of a deployment, or `None` if the deployment history does not contain it.
///
/// # Errors
/// The error of the request.
pub async fn progress(arm: &Client, deployment: &ResourceId, deadline: &Deadline) -> Result<Option<PollResult>, Error> {
    arm.progress(&Request::get(deployment.clone(), API_VERSION), deadline).await
}

/// Cancels the deployment if it is running, and waits until it has ended. A deployment outside the history counts as
/// ended.
///
/// # Errors
/// [`StillRunning`] if the deployment may still be running.
pub async fn cancel_and_wait(arm: &Client, deployment: &ResourceId, deadline: &Deadline) -> Result<(), StillRunning> {
    let read = Request::get(deployment.clone(), API_VERSION);
    let still_running = |error| StillRunning { error, cancellation: None };
    let found = progress(arm, deployment, deadline).await.map_err(still_running)?;
    if !matches!(found, Some(PollResult::Running)) {
        return Ok(());
    }
    tracing::info!(deployment = deployment.name(), "canceling a deployment of an earlier run, which is still running");
    let cancel = Request::post(format!("{deployment}/cancel"), API_VERSION);
    // If the cancellation fails, the deployment may have just ended, or it may end by itself. So wait in any case.
    let cancellation = arm.send(&cancel, deadline).await.err();
    let mut operation = arm.follow(&read);
    loop {
        match arm.poll(&mut operation, deadline).await {
            Ok(PollResult::Running) => {}
            Ok(PollResult::Succeeded(_) | PollResult::Failed(_)) => return Ok(()),
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) => return Err(StillRunning { error, cancellation }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use azure_simulator::Effect;
    use serde_json::{Value, json};

    use super::*;
    use crate::azure::testing::deadline;
    use crate::deployment::history::history;
    use crate::testing::Azure;

    const NAME: &str = "d";

    /// Starts a deployment that behaves as `rule` says and has the workspace name as a parameter.
    async fn azure(rule: Value) -> (Azure, ResourceId) {
        let azure = Azure::start_empty().await;
        azure.simulator.patch_world(json!({"behaviors": {"deployment_rules": [rule]}}));
        let group = azure.workspace().resource_id().parent().expect("a resource group");
        let deployment = group.extension("Microsoft.Resources", "deployments", NAME);
        let template = json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "parameters": {"Workspace": {"type": "string"}},
            "resources": [{
                "type": "Microsoft.OperationalInsights/workspaces/providers/dataConnectors",
                "apiVersion": "2025-10-01-preview",
                "name": "[concat(parameters('Workspace'), '/Microsoft.SecurityInsights/c')]",
                "kind": "StaticUI",
                "properties": {"connectorUiConfig": {}},
            }],
        });
        let parameters = json!({"Workspace": {"value": "law-soc"}});
        let body = json!({"properties": {"mode": "Incremental", "template": template, "parameters": parameters}});
        let start = Request::put(&deployment, API_VERSION, body);
        azure.client().send(&start, &deadline()).await.expect("it starts");
        azure.simulator.clear_requests();
        (azure, deployment)
    }

    fn hanging() -> Value {
        json!({"resource": "/dataConnectors/c", "hang": true})
    }

    #[tokio::test(start_paused = true)]
    async fn does_not_cancel_a_finished_or_unknown_deployment() {
        for rule in [json!({}), json!({"refuse": {"status": 400, "code": "C", "message": "M"}})] {
            let (azure, deployment) = azure(rule).await;
            tokio::time::sleep(Duration::from_secs(60)).await;
            let unknown =
                deployment.parent().expect("a group").extension("Microsoft.Resources", "deployments", "other");

            for deployment in [deployment, unknown] {
                azure.simulator.clear_requests();
                cancel_and_wait(&azure.client(), &deployment, &deadline()).await.expect("over");
                assert_eq!(azure.methods("/deployments/"), "GET");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn lists_running_deployments_with_their_parameters() {
        let (azure, deployment) = azure(hanging()).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        let group = deployment.parent().expect("a resource group");

        let running = history(&azure.client(), &group, "Running", &deadline()).await.expect("a list");

        let ids: Vec<&ResourceId> = running.iter().map(|running| &running.id).collect();
        assert_eq!(ids, [&deployment]);
        assert_eq!((running[0].parameter("workspace"), running[0].parameter("other")), (Some("law-soc"), None));
        assert_eq!(azure.simulator.count_requests("GET", "filter=provisioningState"), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn cancels_a_running_deployment_and_waits() {
        let (azure, deployment) = azure(json!({"delay_milliseconds": 600_000})).await;

        cancel_and_wait(&azure.client(), &deployment, &deadline()).await.expect("over in the end");

        assert_eq!(azure.methods("/deployments/"), "GET POST GET");
    }

    #[tokio::test(start_paused = true)]
    async fn waits_until_the_deadline_if_the_cancellation_fails() {
        let (azure, deployment) = azure(hanging()).await;
        azure.fault("POST", "/cancel", Effect::new().error(403, "AuthorizationFailed", "not authorized"));

        let still_running = cancel_and_wait(&azure.client(), &deployment, &deadline()).await;

        let StillRunning { error, cancellation } = still_running.expect_err("it is still running");
        assert!(matches!(error, Error::TimedOut { .. }), "{error}");
        assert_eq!(cancellation.as_ref().and_then(Error::service).map(|error| error.status), Some(403));
    }
}
