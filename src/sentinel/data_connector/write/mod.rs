//! Writes data connectors: reads all of them, calls a pure function that decides the change, and sends the change with
//! the etag.
//!
//! After an etag conflict, the writer starts again with the current connectors. If the response to a write is lost, the
//! writer reads the connectors to determine whether the write took effect (`send.rs`). After an accepted write, it
//! reads the connectors until the function finds no further change (`read_back.rs`).

mod read_back;
mod send;

use std::time::Duration;

use super::{Change, Document, list, read_again};
use crate::azure::{Backoff, Deadline, Error};
use crate::sentinel::{NotReady, WorkspaceId, unless_gone, when_onboarded};
use crate::session::Session;
use read_back::ReadBack;
use send::LostWrite;

/// The pauses before another read, after a conflict or an accepted write.
const INITIAL_PAUSE: Duration = Duration::from_millis(300);
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// How often to retry the deletion of a listed connector if Azure responds that it does not exist.
const NOT_FOUND_LIMIT: u32 = 3;

/// Writes the data connectors of one workspace in one operation. The caller must hold a [`Session::lock`] of the
/// workspace.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// The session of the run.
    pub session: &'a Session,
    /// The workspace that contains the connectors.
    pub workspace: &'a WorkspaceId,
    /// The API version of all requests.
    pub api_version: &'a str,
    /// The deadline of the operation.
    pub deadline: &'a Deadline,
    /// The purpose of the operation.
    pub purpose: Purpose<'a>,
}

/// The purpose of a write. It determines what a response that something is missing means.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a> {
    /// Connect. If a recent onboarding of the workspace has not reached all APIs of Sentinel, the operation waits.
    Connect,
    /// Disconnect a connector that is in the state. It counts as missing only if a second read confirms it.
    Disconnect {
        /// The possible names of the connector.
        names: &'a [String],
    },
}

/// The input of a decision.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// The current connectors of the workspace.
    pub documents: &'a [Document],
    /// The status of the writes of this operation.
    pub status: WriteStatus,
}

/// The status of the writes of an operation.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum WriteStatus {
    /// Nothing was written.
    NotSent,
    /// The response to a write was lost. The write may have taken effect.
    ResponseLost,
    /// A write was accepted.
    Accepted,
}

/// The error of a reconciliation.
#[derive(Debug)]
pub struct WriteError<R> {
    /// The cause.
    pub kind: WriteErrorKind<R>,
    /// The status of the writes before the error.
    pub status: WriteStatus,
}

/// The cause of a [`WriteError`].
#[derive(Debug)]
pub enum WriteErrorKind<R> {
    /// The deciding function returned an error.
    Rejected(R),
    /// The workspace is not onboarded to Sentinel, or does not exist.
    NotOnboarded,
    /// Azure accepted the write but did not store it. Contains the current document.
    NotStored(Option<Document>),
    /// A request failed.
    Azure(Error),
}

impl Writer<'_> {
    /// Writes until `decide` returns [`Change::Nothing`], and returns the connectors of the workspace.
    ///
    /// The writer calls `decide` after each read. `decide` must depend only on its argument. If it still changes the
    /// same document some time after an accepted write, Azure did not store the write.
    ///
    /// # Errors
    /// [`WriteError`], with the status of the writes.
    pub async fn reconcile<R>(
        &self,
        mut decide: impl FnMut(Observation<'_>) -> Result<Change, R>,
    ) -> Result<Vec<Document>, WriteError<R>> {
        let mut progress = Progress { status: WriteStatus::NotSent, read_back: None, conflict: None };
        let mut conflicts = backoff();
        let mut not_found = 0;
        loop {
            let documents = match self.observe(progress.status).await {
                Ok(documents) => documents,
                Err(error) => return progress.give_up(error.into()),
            };
            let observation = Observation { documents: &documents, status: progress.status };
            let change = decide(observation).map_err(|error| progress.fail(WriteErrorKind::Rejected(error)))?;
            let Some(target) = change.target() else { return Ok(documents) };
            let held = documents.iter().find(|document| document.is_named(target.name()));

            if let Some(written) = progress.read_back.as_mut().filter(|written| written.is_of(target)) {
                if written.is_overdue() {
                    return Err(progress.fail(WriteErrorKind::NotStored(held.cloned())));
                }
                if let Err(error) = written.pause(self.deadline).await {
                    return progress.give_up(WriteErrorKind::Azure(error));
                }
                continue;
            }
            match self.send(&change).await {
                Ok(None) if not_found < NOT_FOUND_LIMIT => {
                    not_found += 1; // The list contains the connector, so one of the two responses is wrong.
                    conflicts.wait(self.deadline).await.map_err(|error| progress.fail(WriteErrorKind::Azure(error)))?;
                }
                Ok(response) => {
                    progress.accept(ReadBack::of(&change, target, response, &documents, &mut decide));
                }
                Err(NotReady::Azure(error)) if error.is_etag_conflict() => {
                    tracing::debug!(%error, "the document changed after it was read: merging again");
                    progress.conflicted(error);
                    conflicts.wait(self.deadline).await.map_err(|error| progress.fail(WriteErrorKind::Azure(error)))?;
                }
                // Azure may respond "not found" to a write that took effect.
                Err(NotReady::Azure(error)) if error.outcome_unknown() || error.is_not_found() => {
                    let lost = LostWrite { target, held, status: progress.status };
                    return match self.after_lost_response(&error, lost, decide).await {
                        Ok(documents) => Ok(documents),
                        Err(status) => {
                            progress.status = status;
                            Err(progress.fail(WriteErrorKind::Azure(error)))
                        }
                    };
                }
                Err(error) => return Err(progress.fail(error.into())),
            }
        }
    }

    /// Reads all connectors. Before the first write, a second read must confirm that the connector to disconnect is
    /// missing.
    async fn observe(&self, status: WriteStatus) -> Result<Vec<Document>, NotReady> {
        if status == WriteStatus::NotSent {
            self.when_ready(|| self.read_confirmed(self.deadline)).await
        } else {
            // The connector may exist. A single wrong response must not taint the resource.
            unless_gone(self.session, self.workspace, self.deadline, || self.list(self.deadline)).await
        }
    }

    /// Reads all connectors, and confirms with a second read if the connector to disconnect is missing.
    async fn read_confirmed(&self, deadline: &Deadline) -> Result<Vec<Document>, Error> {
        let documents = self.list(deadline).await?;
        match self.purpose {
            Purpose::Connect => Ok(documents),
            Purpose::Disconnect { names } => {
                read_again(self.session, self.workspace, self.api_version, &documents, names, deadline).await
            }
        }
    }

    async fn list(&self, deadline: &Deadline) -> Result<Vec<Document>, Error> {
        list(self.session, self.workspace, self.api_version, deadline).await
    }

    async fn when_ready<T, F: Future<Output = Result<T, Error>>>(&self, call: impl Fn() -> F) -> Result<T, NotReady> {
        match self.purpose {
            Purpose::Connect => when_onboarded(self.session, self.workspace, self.deadline, call).await,
            Purpose::Disconnect { .. } => unless_gone(self.session, self.workspace, self.deadline, call).await,
        }
    }
}

impl Change {
    /// The document to write or delete, if any.
    fn target(&self) -> Option<&Document> {
        match self {
            Self::Nothing => None,
            Self::Put(document) | Self::Delete(document) => Some(document),
        }
    }
}

impl<R> From<NotReady> for WriteErrorKind<R> {
    fn from(error: NotReady) -> Self {
        match error {
            NotReady::NotOnboarded => Self::NotOnboarded,
            NotReady::Azure(error) => Self::Azure(error),
        }
    }
}

/// The progress of a reconciliation.
struct Progress {
    status: WriteStatus,
    /// The accepted write that is being read back.
    read_back: Option<ReadBack>,
    /// The last etag conflict since an accepted write.
    conflict: Option<Error>,
}

impl Progress {
    fn accept(&mut self, read_back: ReadBack) {
        *self = Self { status: WriteStatus::Accepted, read_back: Some(read_back), conflict: None };
    }

    fn conflicted(&mut self, error: Error) {
        if error.outcome_unknown() {
            self.status = self.status.max(WriteStatus::ResponseLost);
        }
        self.conflict = Some(error);
    }

    /// Creates the error of the reconciliation. A timeout contains the last conflict as its cause.
    fn fail<R>(&self, kind: WriteErrorKind<R>) -> WriteError<R> {
        let kind = match kind {
            WriteErrorKind::Azure(error) => {
                let error = error.with_last_error(self.conflict.as_ref());
                let is_sent = self.status != WriteStatus::NotSent;
                WriteErrorKind::Azure(if is_sent { error.after_a_write() } else { error })
            }
            other => other,
        };
        WriteError { kind, status: self.status }
    }

    /// Ends the reconciliation after a failed read. If a write was accepted, its response may be sufficient.
    fn give_up<R>(mut self, kind: WriteErrorKind<R>) -> Result<Vec<Document>, WriteError<R>> {
        let read_back = self.read_back.take();
        let shown = read_back.and_then(ReadBack::into_shown).filter(|_| read_back::is_inconclusive(&kind));
        shown.ok_or_else(|| self.fail(kind))
    }
}

fn backoff() -> Backoff {
    Backoff::growing(INITIAL_PAUSE, MAX_PAUSE)
}

#[cfg(test)]
mod tests;
