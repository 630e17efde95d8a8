//! Verifies an accepted write: reads the document until Azure returns what was written.

use std::time::Duration;

use tokio::time::Instant;

use super::{Observation, WriteErrorKind, WriteStatus, backoff};
use crate::azure::{Backoff, Deadline, Error, Response};
use crate::sentinel::data_connector::{Change, Document};

/// How long the list may lag behind a write whose response contained the desired document.
const PROPAGATION_TIMEOUT: Duration = Duration::from_secs(20);

/// How long the list may lag behind a write whose response contained another document, which is probably final.
const MISMATCH_TIMEOUT: Duration = Duration::from_secs(2);

/// An accepted write that is being read back.
pub(super) struct ReadBack {
    name: String,
    /// The connectors according to the response, if it contained the desired document.
    shown: Option<Vec<Document>>,
    until: Instant,
    backoff: Backoff,
}

impl ReadBack {
    /// Starts to verify `change` of `target`, which Azure accepted with `response`. `documents` are the connectors
    /// before the write.
    pub(super) fn of<R>(
        change: &Change,
        target: &Document,
        response: Option<Response>,
        documents: &[Document],
        decide: impl FnMut(Observation<'_>) -> Result<Change, R>,
    ) -> Self {
        let is_delete = matches!(change, Change::Delete(_));
        let shown = response.filter(|_| !is_delete).and_then(|response| shown(target, response, documents, decide));
        let limit = if is_delete || shown.is_some() { PROPAGATION_TIMEOUT } else { MISMATCH_TIMEOUT };
        Self { name: target.name().to_owned(), shown, until: Instant::now() + limit, backoff: backoff() }
    }

    pub(super) fn is_of(&self, target: &Document) -> bool {
        target.is_named(&self.name)
    }

    /// Whether the time for the write to become visible is over.
    pub(super) fn is_overdue(&self) -> bool {
        Instant::now() >= self.until
    }

    pub(super) async fn pause(&mut self, deadline: &Deadline) -> Result<(), Error> {
        self.backoff.wait(deadline).await
    }

    pub(super) fn into_shown(self) -> Option<Vec<Document>> {
        self.shown
    }
}

/// Whether an error of a read says nothing about the write: a timeout, a cancellation, or no response. In this case, a
/// response to the write that contained the desired document is sufficient. The next refresh reads again.
pub(super) fn is_inconclusive<R>(kind: &WriteErrorKind<R>) -> bool {
    matches!(
        kind,
        WriteErrorKind::Azure(
            Error::Cancelled { .. } | Error::TimedOut { .. } | Error::Throttled { .. } | Error::Transport { .. }
        )
    )
}

/// The connectors according to the response to a write; `None` if a change is left.
fn shown<R>(
    target: &Document,
    response: Response,
    documents: &[Document],
    mut decide: impl FnMut(Observation<'_>) -> Result<Change, R>,
) -> Option<Vec<Document>> {
    let written = Document::parse(response.body).ok()?;
    let others = documents.iter().filter(|document| !document.is_named(target.name()));
    let after: Vec<Document> = others.cloned().chain([written]).collect();
    let left = decide(Observation { documents: &after, status: WriteStatus::Accepted }).ok()?;
    (left == Change::Nothing).then_some(after)
}
