//! What a call remembers from attempt to attempt, and how it ends.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::Call;
use crate::azure::retry::{Outcome, Situation};
use crate::azure::{Deadline, Error, Interrupted};

/// What has happened to a call so far.
pub(super) struct Progress {
    pub(super) attempt: u32,
    started: Instant,
    /// Begin of the unbroken row of attempts without an answer.
    failing_since: Option<Instant>,
    /// A write of an earlier attempt may have been carried out.
    pub(super) lost: bool,
    /// A token was refused as expired once; the next refusal is final.
    pub(super) refreshed: bool,
    pub(super) last: Option<Box<Error>>,
    writes: bool,
}

impl Progress {
    pub(super) fn new(call: &Call) -> Self {
        Self {
            attempt: 0,
            started: Instant::now(),
            failing_since: None,
            lost: false,
            refreshed: false,
            last: None,
            writes: !call.method.is_safe(),
        }
    }

    /// Takes an outcome into account; the error learns about earlier attempts.
    pub(super) fn note(&mut self, mut error: Error, outcome: &Outcome) -> Error {
        if let Error::Service(service) = &mut error {
            service.earlier_attempt_lost = self.lost;
        }
        match outcome {
            Outcome::Status { .. } => self.failing_since = None,
            Outcome::Failed(_) | Outcome::Unreadable => {
                self.failing_since.get_or_insert_with(Instant::now);
            }
        }
        self.lost |= self.writes && error.outcome_unknown();
        error
    }

    pub(super) fn situation(&self, deadline: &Deadline) -> Situation {
        Situation {
            attempt: self.attempt,
            failing_for: self.failing_since.map(|since| since.elapsed()).unwrap_or_default(),
            remaining: deadline.remaining(),
            jitter: fastrand::f64(),
        }
    }

    pub(super) fn interrupted(&mut self, interrupted: Interrupted, sent: bool) -> Error {
        let outcome_unknown = self.lost || (self.writes && sent);
        match interrupted {
            Interrupted::Cancelled => Error::Cancelled { outcome_unknown },
            Interrupted::TimedOut => {
                Error::TimedOut { last: self.last.take(), waited: self.started.elapsed(), outcome_unknown }
            }
        }
    }

    /// The error that ends the call: where an earlier attempt may have been carried out, that stays known.
    pub(super) fn end(&self, error: Error) -> Error {
        if self.lost && !error.outcome_unknown() { Error::Unconfirmed { last: Box::new(error) } } else { error }
    }

    /// No token to go on with.
    pub(super) fn token_failed(&mut self, error: Error) -> Error {
        match error {
            Error::TimedOut { .. } => self.interrupted(Interrupted::TimedOut, false),
            Error::Cancelled { .. } => self.interrupted(Interrupted::Cancelled, false),
            other => self.end(other),
        }
    }

    pub(super) fn too_late(&self, error: Error, outcome: &Outcome, wait: Duration) -> Error {
        match outcome {
            Outcome::Status { retry_after: Some(asked), .. } if *asked == wait => {
                Error::Throttled { until: SystemTime::now() + wait, last: Box::new(error) }
            }
            _ => Error::TimedOut {
                last: Some(Box::new(error)),
                waited: self.started.elapsed(),
                outcome_unknown: self.lost,
            },
        }
    }
}
