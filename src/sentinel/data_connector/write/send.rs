//! Sends a write, and determines the result of a write whose response was lost.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Observation, WriteStatus, Writer};
use crate::azure::{Deadline, Error, Request, Response};
use crate::sentinel::NotReady;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE;
use crate::sentinel::data_connector::{Change, Document};

/// How long to wait for the response to a write after a cancellation, because otherwise its result is unknown. Together
/// with [`FINAL_READ_TIMEOUT`], this must be less than the few seconds that the framework gives to a canceled
/// operation.
const CANCELLATION_GRACE: Duration = Duration::from_millis(1500);

/// The timeout of the last read after the deadline of the operation.
const FINAL_READ_TIMEOUT: Duration = Duration::from_millis(2500);

/// A write whose response was lost.
pub(super) struct LostWrite<'a> {
    pub(super) target: &'a Document,
    /// The stored document before the write.
    pub(super) held: Option<&'a Document>,
    /// The status before this write.
    pub(super) status: WriteStatus,
}

impl Writer<'_> {
    /// Sends a change. Returns `None` if the document to delete does not exist.
    pub(super) async fn send(&self, change: &Change) -> Result<Option<Response>, NotReady> {
        let (Change::Put(document) | Change::Delete(document)) = change else { return Ok(None) };
        let id = self.workspace.sentinel_resource(RESOURCE_TYPE, document.name());
        let is_delete = matches!(change, Change::Delete(_));
        let request = if is_delete {
            Request::delete(&id, self.api_version)
        } else {
            Request::put(&id, self.api_version, document.clone().into_body())
        };
        self.session.invalidate(&id);
        let sent = self
            .when_ready(async || match self.send_with_grace(&request).await {
                Err(error) if is_delete && error.is_not_found() => Ok(None),
                sent => sent.map(Some),
            })
            .await;
        self.session.invalidate(&id);
        sent
    }

    /// Sends a request. A cancellation takes effect after [`CANCELLATION_GRACE`].
    async fn send_with_grace(&self, request: &Request) -> Result<Response, Error> {
        let cancellation = CancellationToken::new();
        let deadline = self.deadline.with_cancellation(cancellation.clone());
        let mut sending = std::pin::pin!(self.session.arm().send(request, &deadline));
        let stop = async {
            self.deadline.cancellation.cancelled().await;
            tokio::time::sleep(CANCELLATION_GRACE).await;
        };
        tokio::select! {
            sent = &mut sending => sent,
            () = stop => {
                cancellation.cancel();
                sending.await
            }
        }
    }

    /// Reads the connectors after a lost response, even after the deadline of the operation. Returns them if the write
    /// took effect and no change is left.
    ///
    /// # Errors
    /// Otherwise, the status of the writes.
    pub(super) async fn after_lost_response<R>(
        &self,
        error: &Error,
        LostWrite { target, held, status }: LostWrite<'_>,
        mut decide: impl FnMut(Observation<'_>) -> Result<Change, R>,
    ) -> Result<Vec<Document>, WriteStatus> {
        let is_interrupted = matches!(error, Error::Cancelled { .. } | Error::TimedOut { .. });
        let deadline = if is_interrupted { Deadline::lasting(FINAL_READ_TIMEOUT) } else { self.deadline.clone() };
        // The client does not start a pause that would exceed the deadline. Therefore, if the deadline has passed, a
        // request was still running.
        let may_be_under_way = match error {
            Error::Cancelled { .. } => true,
            Error::TimedOut { .. } => self.deadline.remaining().is_zero(),
            _ => false,
        };
        let may_exist = status.max(WriteStatus::ResponseLost);
        let Ok(documents) = self.read_confirmed(&deadline).await else {
            return Err(if error.outcome_unknown() { may_exist } else { status });
        };
        if let Ok(Change::Nothing) = decide(Observation { documents: &documents, status: may_exist }) {
            return Ok(documents);
        }
        let is_unchanged = documents.iter().find(|document| document.is_named(target.name())) == held;
        Err(if is_unchanged && !may_be_under_way { status } else { may_exist })
    }
}
