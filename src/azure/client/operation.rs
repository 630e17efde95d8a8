//! Long-running operations: starts them and polls their status.

use std::time::{Duration, SystemTime};

use reqwest::Url;
use tokio::time::Instant;

use super::long_running::{self, OperationError, OperationStatus, StatusMonitor};
use super::{Client, Request, Response};
use crate::azure::deadline::Deadline;
use crate::azure::error::Error;
use crate::redaction::Secrets;

/// The result of starting an operation.
#[derive(Clone, Debug)]
pub enum Started {
    /// The operation has already ended.
    Done(Response),
    /// The operation has already failed.
    Failed(OperationError),
    /// The operation is running.
    Running(LongRunningOperation),
}

/// A running operation.
#[derive(Clone, Debug)]
pub struct LongRunningOperation {
    monitor: StatusMonitor,
    started: Instant,
    /// The delay before the next poll.
    wait: Duration,
}

/// The result of one poll.
#[derive(Clone, Debug)]
pub enum PollResult {
    /// The operation is still running: poll again.
    Running,
    /// The operation succeeded. The response describes the operation, not the resource.
    Succeeded(Response),
    /// The operation failed or was canceled.
    Failed(OperationError),
}

impl Started {
    /// The result of a response without a URL to poll.
    fn ended(response: Response, secrets: &Secrets) -> Self {
        match long_running::operation_status(response.status, &response.body, secrets) {
            OperationStatus::Failed(error) => Self::Failed(error),
            OperationStatus::Running | OperationStatus::Succeeded => Self::Done(response),
        }
    }
}

impl PollResult {
    fn of(response: Response, secrets: &Secrets) -> Self {
        match long_running::operation_status(response.status, &response.body, secrets) {
            OperationStatus::Running => Self::Running,
            OperationStatus::Succeeded => Self::Succeeded(response),
            OperationStatus::Failed(error) => Self::Failed(error),
        }
    }
}

impl LongRunningOperation {
    /// An earlier write, polled by reading the resource.
    fn of_resource(url: Url) -> Self {
        Self { monitor: StatusMonitor::Resource(url), started: Instant::now(), wait: Duration::from_secs(1) }
    }
}

impl Client {
    /// Sends a PUT, POST or DELETE that may start a long-running operation.
    ///
    /// # Errors
    /// As [`Client::send`]; [`Error::ForeignHost`] if the URL to poll is on another host.
    pub async fn start(&self, request: &Request, deadline: &Deadline) -> Result<Started, Error> {
        let call = self.call_for(request);
        let response = self.call(&call, deadline).await?;
        let monitor =
            StatusMonitor::from_response(&call.method, &call.url, response.status, &response.headers, &response.body)
                .map_err(|cause| call.invalid(response.status, cause))?;
        let Some(monitor) = monitor else { return Ok(Started::ended(response, self.secrets())) };
        self.service.check(monitor.url())?;
        let wait = long_running::poll_delay(&response.headers, SystemTime::now());
        Ok(Started::Running(LongRunningOperation { monitor, started: Instant::now(), wait }))
    }

    /// Polls the resource of an earlier write, for example after the response to the write was lost.
    #[must_use]
    pub fn follow(&self, resource: &Request) -> LongRunningOperation {
        LongRunningOperation::of_resource(self.url(resource))
    }

    /// Waits for the delay that Azure requested, then polls once.
    ///
    /// # Errors
    /// As [`Client::send`]. After an error, the operation may still be running.
    pub async fn poll(&self, operation: &mut LongRunningOperation, deadline: &Deadline) -> Result<PollResult, Error> {
        let pause = deadline.run(tokio::time::sleep(operation.wait)).await;
        pause.map_err(|end| end.into_error(operation.started, deadline))?;
        let call = self.call_to(operation.monitor.url().clone());
        let response = match self.call(&call, deadline).await {
            Ok(response) => response,
            Err(error)
                if error.is_not_found() && long_running::is_within_not_found_grace(operation.started.elapsed()) =>
            {
                return Ok(PollResult::Running);
            }
            Err(error) => return Err(error),
        };
        operation.wait = long_running::poll_delay(&response.headers, SystemTime::now());
        let updated =
            operation.monitor.updated(&response.headers).map_err(|cause| call.invalid(response.status, cause));
        let poll = PollResult::of(response, self.secrets());
        if matches!(poll, PollResult::Running) {
            operation.monitor = updated?;
            self.service.check(operation.monitor.url())?;
        }
        Ok(poll)
    }

    /// Reads the status of a write from its resource, without waiting. `None` if the resource does not exist.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn progress(&self, resource: &Request, deadline: &Deadline) -> Result<Option<PollResult>, Error> {
        Ok(self.get_optional(resource, deadline).await?.map(|response| PollResult::of(response, self.secrets())))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::azure::testing::{Received, Reply, Server, deadline};

    const PATH: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Resources/deployments/d";
    const OPERATION: &str = "/subscriptions/s/operations/1";

    fn put() -> Request {
        Request::put(PATH, "v", json!({}))
    }

    fn soon(reply: Reply) -> Reply {
        reply.header("retry-after-ms", "5")
    }

    /// Starts a server that starts an operation for each PUT. `status` responds to the polls.
    async fn server(status: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Server {
        Server::arm(move |request: &Received, before| {
            if request.method == "PUT" {
                soon(Reply::json(201, &json!({})))
                    .header("azure-asyncoperation", &format!("{OPERATION}?api-version=own"))
            } else {
                status(before)
            }
        })
        .await
    }

    async fn end(server: &Server) -> Result<PollResult, Error> {
        let client = server.client();
        let Started::Running(mut operation) = client.start(&put(), &deadline()).await? else { panic!("it takes time") };
        loop {
            match client.poll(&mut operation, &deadline()).await? {
                PollResult::Running => {}
                end => return Ok(end),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn polls_an_operation_until_it_ends() {
        let server = server(|before| {
            let status = if before < 2 { "Running" } else { "Succeeded" };
            soon(Reply::json(200, &json!({"status": status})))
        })
        .await;

        let end = end(&server).await.expect("an end");

        assert!(matches!(end, PollResult::Succeeded(_)), "{end:?}");
        let poll = format!("GET {OPERATION}?api-version=own");
        assert_eq!(server.calls()[1..], [poll.clone(), poll.clone(), poll]);
    }

    #[tokio::test(start_paused = true)]
    async fn reports_an_operation_that_fails_at_once() {
        let failed = json!({"properties": {"provisioningState": "Failed", "error": {"code": "C", "message": "M"}}});
        let server = Server::arm(move |_, _| Reply::json(201, &failed)).await;

        let started = server.client().start(&put(), &deadline()).await.expect("a response");

        assert!(matches!(&started, Started::Failed(error) if error.code.as_deref() == Some("C")), "{started:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn treats_a_404_of_a_new_operation_as_running() {
        let server = server(|before| match before {
            0 => Reply::error(404, "NotFound", "not yet"),
            _ => Reply::json(200, &json!({"status": "Failed", "error": {"code": "C", "message": "M"}})),
        })
        .await;

        let PollResult::Failed(error) = end(&server).await.expect("an end") else { panic!("it failed") };

        assert_eq!((error.code.as_deref(), error.message.as_str()), (Some("C"), "M"));
    }

    #[tokio::test(start_paused = true)]
    async fn sends_no_token_to_a_host_outside_the_cloud() {
        let server = Server::arm(|_, _| {
            Reply::json(202, &Value::Null).header("location", "https://elsewhere.example/operations/1")
        })
        .await;

        let error = server.client().start(&put(), &deadline()).await.expect_err("rejected");

        assert!(matches!(error, Error::ForeignHost { .. }), "{error}");
        assert_eq!(server.calls().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn stops_polling_at_the_deadline() {
        let server = server(|_| Reply::json(200, &json!({"status": "Running"}))).await;
        let client = server.client();
        let short = Deadline::lasting(Duration::from_secs(45));
        let Ok(Started::Running(mut operation)) = client.start(&put(), &short).await else { panic!("it takes time") };

        let error = loop {
            match client.poll(&mut operation, &short).await {
                Ok(PollResult::Running) => {}
                Ok(end) => panic!("{end:?}"),
                Err(error) => break error,
            }
        };

        assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    }
}
