//! What a call remembers between its attempts, and the error that ends it.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::{Call, FailedAttempt};
use crate::azure::deadline::{Deadline, Interrupted};
use crate::azure::error::Error;
use crate::azure::retry::{Failure, RetryContext};

/// The attempts of a call so far.
pub(super) struct AttemptHistory {
    pub(super) attempt: u32,
    started: Instant,
    /// When the current series of attempts without a response began.
    failing_since: Option<Instant>,
    /// When the service first said that a role is missing.
    missing_role_since: Option<Instant>,
    /// An earlier attempt of a write may have taken effect.
    pub(super) lost: bool,
    last: Option<Box<Error>>,
    writes: bool,
}

impl AttemptHistory {
    pub(super) fn new(call: &Call) -> Self {
        Self {
            attempt: 0,
            started: Instant::now(),
            failing_since: None,
            missing_role_since: None,
            lost: false,
            last: None,
            writes: !call.only_reads(),
        }
    }

    /// Records a failed attempt. Its error learns about the earlier ones.
    pub(super) fn record(&mut self, failed: &mut FailedAttempt) {
        if matches!(failed.failure, Failure::MissingRole) {
            self.missing_role_since.get_or_insert_with(Instant::now);
        }
        if let Error::Service(service) = &mut failed.error {
            service.earlier_attempt_lost = self.lost;
            let awaited = self.missing_role_since.map(|since| since.elapsed());
            service.awaited_role = awaited.filter(|awaited| service.is_missing_role() && !awaited.is_zero());
        }
        match failed.failure {
            Failure::Status { .. } | Failure::MissingRole | Failure::Final => self.failing_since = None,
            Failure::NoResponse(_) | Failure::Unreadable => {
                self.failing_since.get_or_insert_with(Instant::now);
            }
        }
        self.lost |= self.writes && failed.error.outcome_unknown();
    }

    /// The call waits and tries again after this error.
    pub(super) fn retry_after(&mut self, error: Error) {
        self.last = Some(Box::new(error));
    }

    pub(super) fn retry_context(&self, deadline: &Deadline) -> RetryContext {
        RetryContext {
            attempt: self.attempt,
            failing_for: self.failing_since.map(|since| since.elapsed()).unwrap_or_default(),
            remaining: deadline.remaining(),
            role_grace_period: deadline.role_grace_period(),
            jitter: fastrand::f64(),
        }
    }

    /// The deadline passed or the call was cancelled: during an attempt (`sent`) or between two.
    pub(super) fn interrupted(&mut self, interrupted: Interrupted, sent: bool) -> Error {
        let outcome_unknown = self.lost || (self.writes && sent);
        match interrupted {
            Interrupted::Cancelled => Error::Cancelled { outcome_unknown },
            Interrupted::TimedOut => {
                Error::TimedOut { last: self.last.take(), waited: self.started.elapsed(), outcome_unknown }
            }
        }
    }

    /// The last attempt failed for good. If an earlier one may have taken effect, the error says so.
    pub(super) fn failed(&self, error: Error) -> Error {
        if self.lost && !error.outcome_unknown() { Error::Unconfirmed { last: Box::new(error) } } else { error }
    }

    /// There is no token for the next attempt.
    pub(super) fn no_token(&mut self, error: Error) -> Error {
        match error {
            Error::TimedOut { .. } => self.interrupted(Interrupted::TimedOut, false),
            Error::Cancelled { .. } => self.interrupted(Interrupted::Cancelled, false),
            other => self.failed(other),
        }
    }

    /// The next attempt would be due after the deadline.
    pub(super) fn past_deadline(&self, failed: FailedAttempt, wait: Duration) -> Error {
        let last = Box::new(failed.error);
        match failed.failure {
            Failure::Status { retry_after: Some(asked), .. } if asked == wait => {
                Error::Throttled { until: SystemTime::now() + wait, last }
            }
            _ => Error::TimedOut { last: Some(last), waited: self.started.elapsed(), outcome_unknown: self.lost },
        }
    }
}
