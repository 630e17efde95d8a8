//! The one way to write data connectors: read all of them, let a pure function decide what to change, send that with the
//! etag, and read again.
//!
//! After an etag conflict, this starts again with what Azure holds. If the response to a write is lost, the connectors
//! are read to find out whether it took effect (`send.rs`). If a write is accepted, it is read back: the function decides
//! again and must find nothing left to change (`read_back.rs`).

mod read_back;
mod send;

use std::time::Duration;

use super::{Change, Document, list, read_again};
use crate::azure::{Backoff, Deadline, Error};
use crate::sentinel::{NotReady, WorkspaceId, unless_gone, when_onboarded};
use crate::session::Session;
use read_back::ReadBack;
use send::LostWrite;

/// Pauses before the connectors are read again after a conflict, and while an accepted write is read back.
const INITIAL_PAUSE: Duration = Duration::from_millis(300);
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// How often a connector that the list has is deleted again although Azure answers that it does not exist.
const NOT_FOUND_LIMIT: u32 = 3;

/// Writes the data connectors of one workspace in one operation. Take a [`Session::lock`] of the workspace first.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// The run.
    pub session: &'a Session,
    /// The workspace of the connectors.
    pub workspace: &'a WorkspaceId,
    /// The api-version of all requests.
    pub api_version: &'a str,
    /// The deadline of the operation.
    pub deadline: &'a Deadline,
    /// What the operation is for.
    pub purpose: Purpose<'a>,
}

/// What the connectors are written for. It decides what an answer that something is missing means.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a> {
    /// To connect. The workspace may be onboarded but not yet known to all APIs of Sentinel: then the operation waits.
    Connect,
    /// To disconnect what exists as far as the state knows. It counts as missing only if a second look confirms it.
    Disconnect {
        /// The names that the connector may have.
        names: &'a [String],
    },
}

/// What a decision is based on.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// What the workspace holds now.
    pub documents: &'a [Document],
    /// What this operation has written so far.
    pub status: WriteStatus,
}

/// What became of the writes of an operation.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum WriteStatus {
    /// Nothing was written.
    NotSent,
    /// The response to a write was lost: it may have taken effect.
    ResponseLost,
    /// A write was accepted.
    Accepted,
}

/// Why a reconciliation failed.
#[derive(Debug)]
pub struct WriteError<R> {
    /// What went wrong.
    pub kind: WriteErrorKind<R>,
    /// What may exist in Azure all the same.
    pub status: WriteStatus,
}

/// Kinds of [`WriteError`].
#[derive(Debug)]
pub enum WriteErrorKind<R> {
    /// The deciding function refused to change what it found.
    Rejected(R),
    /// Sentinel is not on the workspace, or the workspace does not exist.
    NotOnboarded,
    /// Azure accepted the write but holds something else: this document, or none.
    NotStored(Option<Document>),
    /// A request failed.
    Azure(Error),
}

impl Writer<'_> {
    /// Writes until `decide` has nothing left to change, and returns what the workspace holds then.
    ///
    /// `decide` is called after each read and must depend on nothing else. After an accepted write, it judges what came
    /// back: if it still wants to change the same document, Azure did not keep the write.
    ///
    /// # Errors
    /// [`WriteError`], with what may exist in Azure all the same.
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
            let change = decide(observation).map_err(|refusal| progress.fail(WriteErrorKind::Rejected(refusal)))?;
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
                    not_found += 1; // the list has it: one of the two answers is wrong
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
                // Azure may answer "not found" to a write that took effect.
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

    /// Reads all connectors. As long as nothing was written, what is to be disconnected must be missing twice.
    async fn observe(&self, status: WriteStatus) -> Result<Vec<Document>, NotReady> {
        if status == WriteStatus::NotSent {
            self.when_ready(|| self.read_confirmed(self.deadline)).await
        } else {
            // Something may exist now. One wrong answer that it is gone must not taint it.
            unless_gone(self.session, self.workspace, self.deadline, || self.list(self.deadline)).await
        }
    }

    /// Reads all connectors, and again if they lack the one to be disconnected.
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

/// A reconciliation under way.
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

    /// The error that ends the reconciliation. A timeout is blamed on the conflicts.
    fn fail<R>(&self, kind: WriteErrorKind<R>) -> WriteError<R> {
        let kind = match kind {
            WriteErrorKind::Azure(error) => {
                let error = error.blamed_on(self.conflict.as_ref());
                let is_sent = self.status != WriteStatus::NotSent;
                WriteErrorKind::Azure(if is_sent { error.after_a_write() } else { error })
            }
            other => other,
        };
        WriteError { kind, status: self.status }
    }

    /// The connectors cannot be read any more. If a write was accepted, its response may be enough.
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
