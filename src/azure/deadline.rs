//! The time limit and the cancellation of an operation.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::text::human;

/// The time limit and the cancellation of one operation. Every wait in `azure` ends with them.
#[derive(Clone, Debug)]
pub struct Deadline {
    /// When the operation must have ended.
    pub at: Instant,
    /// The time limit that ends at `at`.
    limit: TimeLimit,
    /// Cancelled when Terraform asks the provider to stop.
    pub cancellation: CancellationToken,
    /// Until when requests are retried while a role is missing.
    role_grace_until: Option<Instant>,
}

/// How long an operation or a part of it may take.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TimeLimit {
    /// The time from the start to the deadline.
    pub duration: Duration,
    /// Whether this is the timeout of the operation, which the user can raise.
    pub is_adjustable: bool,
}

impl TimeLimit {
    /// Why a step ended after `waited`, as a fragment of a sentence: the limit has passed, or the next attempt, in
    /// `next_wait`, would be after the limit.
    #[must_use]
    pub fn exceeded(self, waited: Duration, next_wait: Option<Duration>) -> String {
        let name = if self.is_adjustable { "timeout" } else { "time limit" };
        let (waited, limit) = (human(waited), human(self.duration));
        match next_wait.map(human) {
            None => format!("the {name} of {limit} passed, {waited} after this step began"),
            Some(wait) => {
                format!(
                    "this step was tried for {waited}, and the next attempt, in {wait}, would be after the {name} of {limit}"
                )
            }
        }
    }
}

/// How long the requests of a create are retried while a role is missing. A role assignment of the same run usually
/// takes effect within this time.
const ROLE_GRACE_PERIOD: Duration = Duration::from_secs(2 * 60);

impl Deadline {
    /// The deadline of an operation with a timeout that the user can raise.
    #[must_use]
    pub fn of_operation(at: Instant, timeout: Duration, cancellation: CancellationToken) -> Self {
        Self { at, limit: TimeLimit { duration: timeout, is_adjustable: true }, cancellation, role_grace_until: None }
    }

    /// A deadline `duration` from now, without a cancellation.
    #[must_use]
    pub fn lasting(duration: Duration) -> Self {
        Self {
            at: Instant::now() + duration,
            limit: TimeLimit { duration, is_adjustable: false },
            cancellation: CancellationToken::new(),
            role_grace_until: None,
        }
    }

    /// The same cancellation with a deadline no later than `duration` from now.
    #[must_use]
    pub fn at_most(&self, duration: Duration) -> Self {
        let earlier = Self::lasting(duration);
        if earlier.at < self.at { Self { at: earlier.at, limit: earlier.limit, ..self.clone() } } else { self.clone() }
    }

    /// The same deadline with another cancellation.
    #[must_use]
    pub fn with_cancellation(&self, cancellation: CancellationToken) -> Self {
        Self { cancellation, ..self.clone() }
    }

    /// The same deadline for an operation whose role may have been assigned recently. For two minutes from now,
    /// requests are retried while a role is missing.
    #[must_use]
    pub fn with_role_grace_period(self) -> Self {
        Self { role_grace_until: Some(Instant::now() + ROLE_GRACE_PERIOD), ..self }
    }

    /// The same deadline for a request that is not retried while a role is missing.
    #[must_use]
    pub fn without_role_grace_period(&self) -> Self {
        Self { role_grace_until: None, ..self.clone() }
    }

    /// How much longer requests are retried while a role is missing.
    pub(super) fn role_grace_period(&self) -> Duration {
        let until = self.role_grace_until.map(|until| until.min(self.at));
        until.map(|until| until.saturating_duration_since(Instant::now())).unwrap_or_default()
    }

    /// The time limit that ends at the deadline.
    #[must_use]
    pub const fn limit(&self) -> TimeLimit {
        self.limit
    }

    /// The time until the deadline; zero after it has passed.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// Whether the deadline has passed or the operation was cancelled.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.cancellation.is_cancelled() || self.remaining().is_zero()
    }

    /// Runs `future`, and drops it at the deadline or the cancellation.
    ///
    /// # Errors
    /// [`Interrupted::Cancelled`] when cancelled (checked first), [`Interrupted::TimedOut`] at the deadline.
    pub async fn run<F: Future>(&self, future: F) -> Result<F::Output, Interrupted> {
        tokio::select! {
            biased;
            () = self.cancellation.cancelled() => Err(Interrupted::Cancelled),
            output = future => Ok(output),
            () = tokio::time::sleep_until(self.at) => Err(Interrupted::TimedOut),
        }
    }
}

/// Why a [`Deadline`] ended a future early.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Interrupted {
    /// Terraform asked the provider to stop.
    Cancelled,
    /// The operation's timeout has passed.
    TimedOut,
}

impl Interrupted {
    /// The error for an operation that began at `started` and changed nothing.
    #[must_use]
    pub fn into_error(self, started: Instant, deadline: &Deadline) -> Error {
        match self {
            Self::Cancelled => Error::Cancelled { outcome_unknown: false },
            Self::TimedOut => Error::TimedOut {
                last: None,
                waited: started.elapsed(),
                limit: deadline.limit(),
                next_wait: None,
                outcome_unknown: false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn drops_a_future_at_the_deadline() {
        let deadline = Deadline::lasting(Duration::from_secs(5));

        let result = deadline.run(std::future::pending::<()>()).await;

        assert_eq!(result, Err(Interrupted::TimedOut));
        assert_eq!(deadline.remaining(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn cancellation_takes_precedence_over_a_ready_future() {
        let deadline = Deadline::lasting(Duration::from_secs(5));
        deadline.cancellation.cancel();

        assert_eq!(deadline.run(async {}).await, Err(Interrupted::Cancelled));
    }

    #[tokio::test(start_paused = true)]
    async fn limits_the_role_grace_period_to_two_minutes() {
        let long = Deadline::lasting(Duration::from_secs(600)).with_role_grace_period();
        let short = Deadline::lasting(Duration::from_secs(5)).with_role_grace_period();

        assert_eq!(long.role_grace_period(), ROLE_GRACE_PERIOD);
        assert_eq!(short.role_grace_period(), Duration::from_secs(5));
        assert_eq!(long.without_role_grace_period().role_grace_period(), Duration::ZERO);
        tokio::time::advance(ROLE_GRACE_PERIOD).await;
        assert_eq!(long.role_grace_period(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn at_most_never_extends_a_deadline() {
        let five = Duration::from_secs(5);
        let parent = Deadline::of_operation(Instant::now() + five, five, CancellationToken::new());

        let (longer, shorter) = (parent.at_most(Duration::from_secs(60)), parent.at_most(Duration::from_secs(1)));

        assert_eq!((longer.remaining(), longer.limit()), (Duration::from_secs(5), parent.limit()));
        assert_eq!((shorter.remaining(), shorter.limit().duration), (Duration::from_secs(1), Duration::from_secs(1)));
        assert!(parent.limit().is_adjustable && !shorter.limit().is_adjustable);
    }

    #[tokio::test(start_paused = true)]
    async fn is_over_after_the_deadline_or_a_cancellation() {
        let (timed, cancelled) = (Deadline::lasting(Duration::from_secs(5)), Deadline::lasting(Duration::from_secs(5)));
        assert!(!timed.is_over());

        cancelled.cancellation.cancel();
        assert!(cancelled.is_over());

        tokio::time::advance(Duration::from_secs(5)).await;
        assert!(timed.is_over());
    }
}
