//! The attempts of a call so far, and the error that ends the call.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::{Call, FailedAttempt};
use crate::azure::deadline::{Deadline, Interrupted, TimeLimit};
use crate::azure::error::Error;
use crate::azure::retry::{Failure, RetryContext};

/// What the retry policy and the final error need to know about the attempts of a call.
pub(super) struct AttemptHistory {
    /// The number of the current attempt, from 1.
    pub(super) attempt: u32,
    started: Instant,
    /// When the current series of attempts without a response began.
    failing_since: Option<Instant>,
    /// When the service first reported a missing role.
    missing_role_since: Option<Instant>,
    /// Whether an earlier attempt of a write may have taken effect, because its response was lost.
    pub(super) earlier_attempt_lost: bool,
    /// The error of the last attempt that was retried.
    last: Option<Box<Error>>,
    is_write: bool,
    limit: TimeLimit,
}

impl AttemptHistory {
    pub(super) fn new(call: &Call, deadline: &Deadline) -> Self {
        Self {
            attempt: 0,
            started: Instant::now(),
            failing_since: None,
            missing_role_since: None,
            earlier_attempt_lost: false,
            last: None,
            is_write: !call.only_reads(),
            limit: deadline.limit(),
        }
    }

    /// Records a failed attempt, and adds to its error what is known about the earlier attempts.
    pub(super) fn record(&mut self, failed: &mut FailedAttempt) {
        if matches!(failed.failure, Failure::MissingRole) {
            self.missing_role_since.get_or_insert_with(Instant::now);
        }
        if let Error::Service(service) = &mut failed.error {
            service.earlier_attempt_lost = self.earlier_attempt_lost;
            let awaited = self.missing_role_since.map(|since| since.elapsed());
            service.awaited_role = awaited.filter(|awaited| service.is_missing_role() && !awaited.is_zero());
        }
        match failed.failure {
            Failure::Status { .. } | Failure::MissingRole | Failure::Final => self.failing_since = None,
            Failure::NoResponse(_) | Failure::Unreadable => {
                self.failing_since.get_or_insert_with(Instant::now);
            }
        }
        self.earlier_attempt_lost |= self.is_write && failed.error.outcome_unknown();
    }

    /// Records the error of an attempt that will be retried.
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

    /// The error for a deadline or a cancellation during an attempt (`sent`) or between two attempts.
    pub(super) fn interrupted(&mut self, interrupted: Interrupted, sent: bool) -> Error {
        let outcome_unknown = self.earlier_attempt_lost || (self.is_write && sent);
        match interrupted {
            Interrupted::Cancelled => Error::Cancelled { outcome_unknown },
            Interrupted::TimedOut => {
                let (last, waited) = (self.last.take(), self.started.elapsed());
                Error::TimedOut { last, waited, limit: self.limit, next_wait: None, outcome_unknown }
            }
        }
    }

    /// The error for a call whose last attempt failed. Reports whether an earlier attempt may have taken effect.
    pub(super) fn failed(&self, error: Error) -> Error {
        if self.earlier_attempt_lost && !error.outcome_unknown() {
            Error::Unconfirmed { last: Box::new(error) }
        } else {
            error
        }
    }

    /// The error for a call without an access token for its next attempt.
    pub(super) fn no_token(&mut self, error: Error) -> Error {
        match error {
            Error::TimedOut { .. } => self.interrupted(Interrupted::TimedOut, false),
            Error::Cancelled { .. } => self.interrupted(Interrupted::Cancelled, false),
            other => self.failed(other),
        }
    }

    /// The error for a call whose next attempt would be after the deadline.
    pub(super) fn past_deadline(&self, failed: FailedAttempt, wait: Duration) -> Error {
        let last = Box::new(failed.error);
        match failed.failure {
            Failure::Status { retry_after: Some(asked), .. } if asked == wait => {
                Error::Throttled { until: SystemTime::now() + wait, limit: self.limit, last }
            }
            _ => Error::TimedOut {
                last: Some(last),
                waited: self.started.elapsed(),
                limit: self.limit,
                next_wait: Some(wait),
                outcome_unknown: self.earlier_attempt_lost,
            },
        }
    }
}
