//! Cancels a deployment of an earlier run and waits for its end. A running deployment restores deleted resources.

use serde_json::Value;

use super::run::API_VERSION;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Poll, Request};

/// Lists the running deployments of a resource group.
///
/// # Errors
/// The error of the request.
pub async fn running(arm: &Client, group: &ResourceId, deadline: &Deadline) -> Result<Vec<Running>, Error> {
    let path = format!("{group}/providers/Microsoft.Resources/deployments");
    let request = Request::get(path, API_VERSION).query("$filter", "provisioningState eq 'Running'");
    let documents = arm.list(&request, deadline).await?;
    Ok(documents.iter().filter_map(|document| Running::from_document(group, document)).collect())
}

/// A running deployment.
#[derive(Clone, Debug)]
pub struct Running {
    /// The ARM ID.
    pub id: ResourceId,
    parameters: Value,
}

impl Running {
    fn from_document(group: &ResourceId, document: &Value) -> Option<Self> {
        let id = group.extension("Microsoft.Resources", "deployments", document["name"].as_str()?);
        Some(Self { id, parameters: document["properties"]["parameters"].clone() })
    }

    /// The value of a text parameter of the deployment. Names are compared ignoring case.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let parameters = self.parameters.as_object()?;
        let (_, found) = parameters.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        found["value"].as_str()
    }
}

/// A deployment that may still be running.
#[derive(Debug)]
pub struct StillRunning {
    /// Why its end could not be confirmed.
    pub error: Error,
    /// Why it could not be canceled, if that was tried and failed.
    pub cancellation: Option<Error>,
}

/// The state of a deployment, or `None` if the deployment history does not contain it.
///
/// # Errors
/// The error of the request.
pub async fn outcome(arm: &Client, deployment: &ResourceId, deadline: &Deadline) -> Result<Option<Poll>, Error> {
    arm.progress(&Request::get(deployment.clone(), API_VERSION), deadline).await
}

/// Cancels the deployment if it is running, and waits until it has ended. A deployment that the history does not contain has
/// ended.
///
/// # Errors
/// [`StillRunning`] if the deployment may still be running.
pub async fn cancel_and_wait(arm: &Client, deployment: &ResourceId, deadline: &Deadline) -> Result<(), StillRunning> {
    let read = Request::get(deployment.clone(), API_VERSION);
    let still_running = |error| StillRunning { error, cancellation: None };
    let found = outcome(arm, deployment, deadline).await.map_err(still_running)?;
    if !matches!(found, Some(Poll::Running)) {
        return Ok(());
    }
    tracing::info!(deployment = deployment.name(), "canceling a deployment of an earlier run, which is still running");
    let cancel = Request::post(format!("{deployment}/cancel"), API_VERSION);
    // If it cannot be canceled, it ends by itself or has just ended.
    let cancellation = arm.send(&cancel, deadline).await.err();
    let mut operation = arm.follow(&read);
    loop {
        match arm.poll(&mut operation, deadline).await {
            Ok(Poll::Running) => {}
            Ok(Poll::Succeeded(_) | Poll::Failed(_)) => return Ok(()),
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) => return Err(StillRunning { error, cancellation }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::azure::testing::{Received, Reply, Server, deadline};

    const PATH: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Resources/deployments/d";

    fn deployment() -> ResourceId {
        ResourceId::parse(PATH).expect("an id")
    }

    fn state(state: &str) -> Reply {
        Reply::json(200, &json!({"properties": {"provisioningState": state}}))
    }

    #[tokio::test]
    async fn an_ended_or_unknown_deployment_is_not_canceled() {
        for word in ["Succeeded", "Failed", "Canceled", ""] {
            let server = Server::arm(move |_, _| match word {
                "" => Reply::error(404, "DeploymentNotFound", "no such deployment"),
                word => state(word),
            })
            .await;

            cancel_and_wait(&server.client(), &deployment(), &deadline()).await.expect("over");

            assert_eq!(server.calls().len(), 1);
        }
    }

    #[tokio::test]
    async fn running_deployments_are_listed_with_their_parameters() {
        let server = Server::arm(|_, _| {
            Reply::json(
                200,
                &json!({"value": [{"name": "d", "properties": {"parameters": {"Workspace": {"value": "w"}}}}]}),
            )
        })
        .await;
        let group = deployment().parent().expect("a resource group");

        let running = running(&server.client(), &group, &deadline()).await.expect("a list");

        assert_eq!(running[0].id.as_str(), PATH);
        assert_eq!((running[0].parameter("workspace"), running[0].parameter("other")), (Some("w"), None));
        assert!(server.calls()[0].contains("filter=provisioningState"), "{:?}", server.calls());
    }

    #[tokio::test]
    async fn a_running_deployment_is_canceled_and_awaited() {
        let is_cancelled = AtomicBool::new(false);
        let server = Server::arm(move |request: &Received, before| {
            if request.method == "POST" {
                is_cancelled.store(true, Ordering::Relaxed);
                return Reply::json(204, &Value::Null);
            }
            let is_over = is_cancelled.load(Ordering::Relaxed) && before > 2;
            state(if is_over { "Canceled" } else { "Running" }).header("retry-after-ms", "5")
        })
        .await;

        cancel_and_wait(&server.client(), &deployment(), &deadline()).await.expect("over in the end");

        let calls = server.calls();
        assert_eq!(calls.iter().filter(|call| call.starts_with("POST ")).count(), 1, "{calls:?}");
        assert_eq!(calls.iter().filter(|call| call.starts_with("GET ")).count(), 4, "{calls:?}");
    }

    #[tokio::test]
    async fn a_deployment_that_cannot_be_canceled_is_awaited_until_the_timeout() {
        let server = Server::arm(|request: &Received, _| match request.method.as_str() {
            "POST" => Reply::error(403, "AuthorizationFailed", "not you"),
            _ => state("Running").header("retry-after-ms", "5"),
        })
        .await;

        let still_running =
            cancel_and_wait(&server.client(), &deployment(), &Deadline::lasting(Duration::from_secs(2))).await;

        let StillRunning { error, cancellation } = still_running.expect_err("it goes on");
        assert!(matches!(error, Error::TimedOut { .. }), "{error}");
        assert_eq!(cancellation.as_ref().and_then(Error::service).map(|refused| refused.status), Some(403));
    }
}
