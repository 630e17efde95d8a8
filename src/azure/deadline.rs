//! How long an operation may take, and what cancels it.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::text::human;

/// The limits of one operation. Every await in `azure` respects them.
#[derive(Clone, Debug)]
pub struct Deadline {
    /// When the operation must have ended: its Terraform timeout.
    pub at: Instant,
    /// The time limit that ends then.
    limit: TimeLimit,
    /// Cancelled when Terraform asks the provider to stop.
    pub cancellation: CancellationToken,
    /// Until then, a missing role may only be too new to have taken effect.
    role_grace_until: Option<Instant>,
}

/// How long something may take in all.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TimeLimit {
    /// From its beginning to the deadline.
    pub duration: Duration,
    /// Whether it is the timeout of the operation, which the user can raise.
    pub is_adjustable: bool,
}

impl TimeLimit {
    /// Why work that took `waited` has ended, as a fragment: the limit has passed, or the next attempt, in `next_wait`, would
    /// be after it.
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

/// How long a request of a create is repeated while a role is missing. A role assignment of the same run mostly takes
/// effect within this time.
const ROLE_GRACE_PERIOD: Duration = Duration::from_secs(2 * 60);

impl Deadline {
    /// The deadline of an operation whose timeout the user can raise.
    #[must_use]
    pub fn of_operation(at: Instant, timeout: Duration, cancellation: CancellationToken) -> Self {
        Self { at, limit: TimeLimit { duration: timeout, is_adjustable: true }, cancellation, role_grace_until: None }
    }

    /// A deadline `duration` from now that nothing cancels.
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

    /// The same deadline for an operation whose role may have been assigned recently. For two minutes from now, a
    /// missing role is no reason to give up.
    #[must_use]
    pub fn with_role_grace_period(self) -> Self {
        Self { role_grace_until: Some(Instant::now() + ROLE_GRACE_PERIOD), ..self }
    }

    /// The same deadline for a request that may be refused for good.
    #[must_use]
    pub fn without_role_grace_period(&self) -> Self {
        Self { role_grace_until: None, ..self.clone() }
    }

    /// How much longer a missing role is waited for.
    pub(super) fn role_grace_period(&self) -> Duration {
        let until = self.role_grace_until.map(|until| until.min(self.at));
        until.map(|until| until.saturating_duration_since(Instant::now())).unwrap_or_default()
    }

    /// The time limit that ends at the deadline.
    #[must_use]
    pub const fn limit(&self) -> TimeLimit {
        self.limit
    }

    /// What is left until the deadline; zero once it has passed.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// Whether the deadline has passed or the operation was cancelled.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.cancellation.is_cancelled() || self.remaining().is_zero()
    }

    /// Runs `future` until the deadline or the cancellation, which drop it.
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

/// Why work inside a [`Deadline`] ended before it was done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Interrupted {
    /// Terraform asked the provider to stop.
    Cancelled,
    /// The operation's timeout has passed.
    TimedOut,
}

impl Interrupted {
    /// The error for work until `deadline` that began at `started` and changed nothing.
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
    async fn stops_work_at_the_deadline() {
        let deadline = Deadline::lasting(Duration::from_secs(5));

        let result = deadline.run(std::future::pending::<()>()).await;

        assert_eq!(result, Err(Interrupted::TimedOut));
        assert_eq!(deadline.remaining(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn cancellation_takes_precedence_over_ready_work() {
        let deadline = Deadline::lasting(Duration::from_secs(5));
        deadline.cancellation.cancel();

        assert_eq!(deadline.run(async {}).await, Err(Interrupted::Cancelled));
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_a_new_role_at_most_two_minutes_within_the_deadline() {
        let long = Deadline::lasting(Duration::from_secs(600)).with_role_grace_period();
        let short = Deadline::lasting(Duration::from_secs(5)).with_role_grace_period();

        assert_eq!(long.role_grace_period(), ROLE_GRACE_PERIOD);
        assert_eq!(short.role_grace_period(), Duration::from_secs(5));
        assert_eq!(long.without_role_grace_period().role_grace_period(), Duration::ZERO);
        tokio::time::advance(ROLE_GRACE_PERIOD).await;
        assert_eq!(long.role_grace_period(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_shorter_deadline_never_exceeds_its_parent() {
        let five = Duration::from_secs(5);
        let parent = Deadline::of_operation(Instant::now() + five, five, CancellationToken::new());

        let (longer, shorter) = (parent.at_most(Duration::from_secs(60)), parent.at_most(Duration::from_secs(1)));

        assert_eq!((longer.remaining(), longer.limit()), (Duration::from_secs(5), parent.limit()));
        assert_eq!((shorter.remaining(), shorter.limit().duration), (Duration::from_secs(1), Duration::from_secs(1)));
        assert!(parent.limit().is_adjustable && !shorter.limit().is_adjustable);
    }

    #[tokio::test(start_paused = true)]
    async fn is_over_after_its_time_or_a_cancellation() {
        let (timed, cancelled) = (Deadline::lasting(Duration::from_secs(5)), Deadline::lasting(Duration::from_secs(5)));
        assert!(!timed.is_over());

        cancelled.cancellation.cancel();
        assert!(cancelled.is_over());

        tokio::time::advance(Duration::from_secs(5)).await;
        assert!(timed.is_over());
    }
}
