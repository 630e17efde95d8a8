//! The one way to write data connectors: read all, let a pure function say what to change, send that with the etag,
//! read again.
//!
//! An etag conflict starts over with what Azure holds by then. A write whose answer was lost is looked up. A write that
//! was accepted is read back: the function is asked again and must have nothing left to do.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::kind::RESOURCE_TYPE;
use super::list::list;
use super::{Change, Document};
use crate::azure::{Deadline, Error, Interrupted, Request, Response};
use crate::sentinel::{Onboarding, OnboardingState, WorkspaceId, is_not_onboarded};
use crate::session::Session;

/// A write that is on its way when Terraform asks to stop gets this long to be answered: knowing is better than
/// guessing. Together with [`LAST_LOOK`] it must stay below the few seconds that the framework gives to what it cancels.
const LINGER: Duration = Duration::from_millis(1500);
/// For a last look at what an unanswered write did, after the operation's own time is over.
const LAST_LOOK: Duration = Duration::from_millis(2500);
/// For a document to appear in the list when Azure's answer to the write already showed it as asked.
const PROPAGATION: Duration = Duration::from_secs(20);
/// The same when the answer showed something else: most likely it stays so.
const SECOND_THOUGHT: Duration = Duration::from_secs(2);
/// Onboarding takes minutes to get around: the first pause is seconds (see [`pause_before`]).
const FIRST_ONBOARDING_PAUSE: u32 = 3;

/// A writer for one operation on one workspace. Take a [`Session::lock_workspace`] first.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// Way to Azure.
    pub session: &'a Session,
    /// Where the connectors live.
    pub workspace: &'a WorkspaceId,
    /// Of every call.
    pub api_version: &'a str,
    /// Bounds of the operation.
    pub deadline: &'a Deadline,
    /// Wait for a workspace that is onboarded but whose Sentinel API does not know it yet. Deleting needs no such
    /// patience: what is not onboarded holds no connector.
    pub awaits_onboarding: bool,
}

/// What a decision is made on.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// What the workspace holds now.
    pub documents: &'a [Document],
    /// What this operation has done before this look.
    pub sent: Sent,
}

/// What became of an operation's writes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Sent {
    /// Nothing was written.
    Nothing,
    /// A write was sent and its answer lost: it may have been carried out.
    Unanswered,
    /// A write was accepted.
    Accepted,
}

/// Why a write came to no good end.
#[derive(Debug)]
pub struct Stopped<R> {
    /// The reason.
    pub reason: Reason<R>,
    /// What may exist nevertheless.
    pub sent: Sent,
}

/// Reasons of [`Stopped`].
#[derive(Debug)]
pub enum Reason<R> {
    /// The deciding function refused what it saw.
    Refused(R),
    /// Sentinel is not on the workspace and nobody is adding it.
    NotOnboarded,
    /// Azure accepted the write, and what it holds is still not what was asked: this document, or none.
    NotKept(Option<Document>),
    /// A call failed.
    Azure(Error),
}

impl<R> Stopped<R> {
    fn new(reason: Reason<R>, sent: Sent) -> Self {
        let reason = match reason {
            Reason::Azure(error) if sent != Sent::Nothing => Reason::Azure(error.after_a_write()),
            other => other,
        };
        Self { reason, sent }
    }
}

impl Writer<'_> {
    /// Writes until `decide` has nothing left to do, and returns what the workspace then holds.
    ///
    /// `decide` is called after every look and must depend on nothing but that and its own constants. After an accepted
    /// write it is called to judge what came back: wanting the same document changed once more means it was not kept.
    ///
    /// # Errors
    /// [`Stopped`], with what may exist in Azure in spite of it.
    pub async fn converge<R>(
        &self,
        mut decide: impl FnMut(Look<'_>) -> Result<Change, R>,
    ) -> Result<Vec<Document>, Stopped<R>> {
        let started = Instant::now();
        let mut sent = Sent::Nothing;
        let mut accepted: Option<Accepted> = None;
        let mut conflicts = Conflicts::default();
        loop {
            let documents = match self.look(started).await {
                Ok(documents) => documents,
                Err(reason) => return Accepted::settle(accepted, conflicts.blamed(reason), sent),
            };
            let change = decide(Look { documents: &documents, sent })
                .map_err(|refusal| Stopped::new(Reason::Refused(refusal), sent))?;
            let (Change::Put(target) | Change::Delete(target)) = &change else { return Ok(documents) };
            if let Some(written) = accepted.as_mut().filter(|written| target.is_named(&written.name)) {
                if Instant::now() >= written.until {
                    let held = documents.iter().find(|document| document.is_named(target.name())).cloned();
                    return Err(Stopped::new(Reason::NotKept(held), sent));
                }
                written.looks += 1;
                if let Err(error) = self.pause(written.looks, started, None).await {
                    return Accepted::settle(accepted, Reason::Azure(error), sent);
                }
                continue;
            }
            match self.send(&change).await {
                Ok(response) => {
                    sent = Sent::Accepted;
                    let shown = shown(&documents, &change, response, &mut decide);
                    let is_plausible = shown.is_some() || matches!(change, Change::Delete(_));
                    let until = Instant::now() + if is_plausible { PROPAGATION } else { SECOND_THOUGHT };
                    accepted = Some(Accepted { name: target.name().to_owned(), shown, until, looks: 0 });
                }
                Err(error) if error.is_etag_conflict() => {
                    if error.outcome_unknown() {
                        sent = sent.max(Sent::Unanswered);
                    }
                    tracing::debug!(error = %error, "the document changed since it was read: merging again");
                    let paused = self.pause(conflicts.count, started, None).await;
                    conflicts.add(error);
                    if let Err(error) = paused {
                        return Err(Stopped::new(conflicts.blamed(Reason::Azure(error)), sent));
                    }
                }
                Err(error) if self.awaits_onboarding && is_not_onboarded(&error) => {
                    if let Err(error) = self.pause(FIRST_ONBOARDING_PAUSE, started, Some(error)).await {
                        return Err(Stopped::new(Reason::Azure(error), sent));
                    }
                }
                Err(error) if error.outcome_unknown() => {
                    let before = documents.iter().find(|document| document.is_named(target.name()));
                    let lost = Lost { target, before, sent };
                    return match self.after_lost_answer(&error, lost, decide).await {
                        Ok(documents) => Ok(documents),
                        Err(sent) => Err(Stopped::new(conflicts.blamed(Reason::Azure(error)), sent)),
                    };
                }
                Err(error) => return Err(Stopped::new(conflicts.blamed(Reason::Azure(error)), sent)),
            }
        }
    }

    /// Reads all connectors, where asked for until the workspace is ready.
    async fn look<R>(&self, started: Instant) -> Result<Vec<Document>, Reason<R>> {
        let mut turns = FIRST_ONBOARDING_PAUSE;
        loop {
            let error = match list(self.session, self.workspace, self.api_version, self.deadline).await {
                Ok(documents) => return Ok(documents),
                Err(error) if self.awaits_onboarding && is_not_onboarded(&error) => error,
                Err(error) => return Err(Reason::Azure(error)),
            };
            match self
                .session
                .look_up(&OnboardingState::of(self.workspace), self.deadline)
                .await
                .map_err(Reason::Azure)?
            {
                Onboarding::Absent => return Err(Reason::NotOnboarded),
                Onboarding::Present => {
                    tracing::info!(workspace = %self.workspace, "onboarded, but Sentinel does not know it yet: waiting");
                    self.pause(turns, started, Some(error)).await.map_err(Reason::Azure)?;
                    turns += 1;
                }
            }
        }
    }

    async fn send(&self, change: &Change) -> Result<Option<Response>, Error> {
        let request = match change {
            Change::Nothing => return Ok(None),
            Change::Put(document) => {
                let id = self.workspace.sentinel_resource(RESOURCE_TYPE, document.name());
                Request::put(id, self.api_version, document.clone().into_body())
            }
            Change::Delete(document) => {
                Request::delete(self.workspace.sentinel_resource(RESOURCE_TYPE, document.name()), self.api_version)
            }
        };
        let patient = CancellationToken::new();
        let deadline = Deadline::new(self.deadline.at, patient.clone());
        let mut sending = std::pin::pin!(self.session.arm().send(&request, &deadline));
        let stop = async {
            self.deadline.cancellation.cancelled().await;
            tokio::time::sleep(LINGER).await;
        };
        let outcome = tokio::select! {
            outcome = &mut sending => outcome,
            () = stop => {
                patient.cancel();
                sending.await
            }
        };
        match outcome {
            Ok(response) => Ok(Some(response)),
            Err(error) if matches!(change, Change::Delete(_)) && error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A write may have been carried out: look, even if the operation's own time is over. Either it was, and nothing is
    /// left to do, or this is what may exist.
    async fn after_lost_answer<R>(
        &self,
        error: &Error,
        Lost { target, before, sent }: Lost<'_>,
        mut decide: impl FnMut(Look<'_>) -> Result<Change, R>,
    ) -> Result<Vec<Document>, Sent> {
        let is_interrupted = matches!(error, Error::Cancelled { .. } | Error::TimedOut { .. });
        let deadline = if is_interrupted { Deadline::lasting(LAST_LOOK) } else { self.deadline.clone() };
        // The client gives up before the deadline rather than wait beyond it, so at the deadline a request is under way.
        let may_be_under_way = match error {
            Error::Cancelled { .. } => true,
            Error::TimedOut { .. } => self.deadline.remaining().is_zero(),
            _ => false,
        };
        let look = list(self.session, self.workspace, self.api_version, &deadline).await;
        let may_exist = sent.max(Sent::Unanswered);
        let Ok(documents) = look else { return Err(may_exist) };
        if let Ok(Change::Nothing) = decide(Look { documents: &documents, sent: may_exist }) {
            return Ok(documents);
        }
        let is_as_before = documents.iter().find(|document| document.is_named(target.name())) == before;
        Err(if is_as_before && !may_be_under_way { sent } else { may_exist })
    }

    /// Waits a while that grows with `turns`; `because` is what the timeout is then blamed on. There is no waiting for a
    /// moment after the deadline.
    async fn pause(&self, turns: u32, started: Instant, because: Option<Error>) -> Result<(), Error> {
        let wait = pause_before(turns, fastrand::f64());
        let slept = if wait < self.deadline.remaining() {
            self.deadline.run(tokio::time::sleep(wait)).await
        } else {
            Err(Interrupted::TimedOut)
        };
        slept.map_err(|interrupted| match interrupted {
            Interrupted::Cancelled => Error::Cancelled { outcome_unknown: false },
            Interrupted::TimedOut => {
                Error::TimedOut { last: because.map(Box::new), waited: started.elapsed(), outcome_unknown: false }
            }
        })
    }
}

/// A write whose answer was lost.
struct Lost<'a> {
    target: &'a Document,
    /// What Azure held in its place before the write.
    before: Option<&'a Document>,
    /// What was sent before this write.
    sent: Sent,
}

/// Writes that were refused because the document had changed.
#[derive(Default)]
struct Conflicts {
    count: u32,
    last: Option<Box<Error>>,
}

impl Conflicts {
    fn add(&mut self, error: Error) {
        self.count += 1;
        self.last = Some(Box::new(error));
    }

    /// Where time is up for no reason of its own, the conflicts are the reason.
    fn blamed<R>(&self, reason: Reason<R>) -> Reason<R> {
        match reason {
            Reason::Azure(Error::TimedOut { last: None, waited, outcome_unknown }) => {
                Reason::Azure(Error::TimedOut { last: self.last.clone(), waited, outcome_unknown })
            }
            other => other,
        }
    }
}

/// A write that was accepted and is being read back.
struct Accepted {
    name: String,
    /// The workspace as the answer to the write showed it, where that is as asked.
    shown: Option<Vec<Document>>,
    until: Instant,
    looks: u32,
}

impl Accepted {
    /// A write cannot be read back, because time is up, Terraform asks to stop, or no answer comes: the answer to the
    /// write counts if it showed the document as asked. The next refresh looks again.
    fn settle<R>(accepted: Option<Self>, reason: Reason<R>, sent: Sent) -> Result<Vec<Document>, Stopped<R>> {
        let says_nothing = matches!(
            reason,
            Reason::Azure(
                Error::Cancelled { .. } | Error::TimedOut { .. } | Error::Throttled { .. } | Error::Transport { .. }
            )
        );
        match accepted.and_then(|written| written.shown).filter(|_| says_nothing) {
            Some(shown) => Ok(shown),
            None => Err(Stopped::new(reason, sent)),
        }
    }
}

/// What the workspace holds if the answer to a write is to be believed; none where that is not what was asked, and for
/// a delete, whose answer shows nothing.
fn shown<R>(
    before: &[Document],
    change: &Change,
    response: Option<Response>,
    decide: &mut impl FnMut(Look<'_>) -> Result<Change, R>,
) -> Option<Vec<Document>> {
    let Change::Put(target) = change else { return None };
    let answer = Document::parse(response?.body).ok()?;
    let others = before.iter().filter(|document| !document.is_named(target.name()));
    let after: Vec<Document> = others.cloned().chain([answer]).collect();
    let left = decide(Look { documents: &after, sent: Sent::Accepted }).ok()?;
    (left == Change::Nothing).then_some(after)
}

/// 0.2–0.4 s, 0.4–0.8 s … up to 6.4–12.8 s.
fn pause_before(turns: u32, jitter: f64) -> Duration {
    Duration::from_millis(200 << turns.min(5)).mul_f64(1.0 + jitter.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests;
