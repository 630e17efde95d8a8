//! Settling a deployment of an earlier run that may not be over: as long as Azure is at it, it puts back what is taken
//! away.

use serde_json::Value;

use super::run::API_VERSION;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Poll, Request};

/// Deployments into a resource group that Azure is at, as it lists them.
///
/// # Errors
/// What a call can end with.
pub async fn running(arm: &Client, group: &ResourceId, deadline: &Deadline) -> Result<Vec<Running>, Error> {
    let path = format!("{group}/providers/Microsoft.Resources/deployments");
    let request = Request::get(path, API_VERSION).query("$filter", "provisioningState eq 'Running'");
    let documents = arm.list(&request, deadline).await?;
    Ok(documents.iter().filter_map(|document| Running::from_document(group, document)).collect())
}

/// A deployment that Azure is at.
#[derive(Clone, Debug)]
pub struct Running {
    /// ARM id.
    pub id: ResourceId,
    parameters: Value,
}

impl Running {
    fn from_document(group: &ResourceId, document: &Value) -> Option<Self> {
        let id = group.extension("Microsoft.Resources", "deployments", document["name"].as_str()?);
        Some(Self { id, parameters: document["properties"]["parameters"].clone() })
    }

    /// A text among the parameters that it was started with; names compare without case.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let parameters = self.parameters.as_object()?;
        let (_, found) = parameters.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        found["value"].as_str()
    }
}

/// A deployment that could not be brought to its end.
#[derive(Debug)]
pub struct StillRunning {
    /// Why it is not known to be over.
    pub error: Error,
    /// Why it could not be cancelled, where that was tried in vain.
    pub cancellation: Option<Error>,
}

/// How a deployment is; none where it is not in the history.
///
/// # Errors
/// What a call can end with.
pub async fn outcome(arm: &Client, deployment: &ResourceId, deadline: &Deadline) -> Result<Option<Poll>, Error> {
    arm.progress(&Request::get(deployment.clone(), API_VERSION), deadline).await
}

/// Cancels the deployment, if Azure is still at it, and waits until it is over, whichever way. One that is not in the
/// history is over.
///
/// # Errors
/// [`StillRunning`]: Azure may still be at it.
pub async fn cancel_and_wait(arm: &Client, deployment: &ResourceId, deadline: &Deadline) -> Result<(), StillRunning> {
    let read = Request::get(deployment.clone(), API_VERSION);
    let still_running = |error| StillRunning { error, cancellation: None };
    let found = outcome(arm, deployment, deadline).await.map_err(still_running)?;
    if !matches!(found, Some(Poll::Running)) {
        return Ok(());
    }
    tracing::info!(deployment = deployment.name(), "cancelling a deployment of an earlier run, which still goes on");
    let cancel = Request::post(format!("{deployment}/cancel"), API_VERSION);
    // Where it could not be cancelled, it comes to its end by itself, or has just done so.
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
    async fn what_is_over_or_unknown_is_left_alone() {
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
    async fn what_runs_is_listed_with_its_parameters() {
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
    async fn what_goes_on_is_cancelled_and_waited_for() {
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
    async fn what_cannot_be_cancelled_is_waited_for_until_time_is_over() {
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
