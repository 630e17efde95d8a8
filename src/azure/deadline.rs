//! How long an operation may take, and what cancels it.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::error::Error;

/// The limits of one operation. Every await in `azure` respects them.
#[derive(Clone, Debug)]
pub struct Deadline {
    /// When the operation must have ended: its Terraform timeout.
    pub at: Instant,
    /// Cancelled when Terraform asks the provider to stop.
    pub cancellation: CancellationToken,
    /// Until then, a missing role may only be too new to have taken effect.
    role_grace_until: Option<Instant>,
}

/// How long a request of a create is repeated while a role is missing. A role assignment of the same run mostly takes
/// effect within this time.
const ROLE_GRACE_PERIOD: Duration = Duration::from_secs(2 * 60);

impl Deadline {
    /// A deadline with its cancellation.
    #[must_use]
    pub fn new(at: Instant, cancellation: CancellationToken) -> Self {
        Self { at, cancellation, role_grace_until: None }
    }

    /// A deadline `duration` from now that nothing cancels.
    #[must_use]
    pub fn lasting(duration: Duration) -> Self {
        Self::new(Instant::now() + duration, CancellationToken::new())
    }

    /// The same cancellation with a deadline no later than `duration` from now.
    #[must_use]
    pub fn at_most(&self, duration: Duration) -> Self {
        Self { at: self.at.min(Instant::now() + duration), ..self.clone() }
    }

    /// The same deadline with another cancellation.
    #[must_use]
    pub fn with_cancellation(&self, cancellation: CancellationToken) -> Self {
        Self { cancellation, ..self.clone() }
    }

    /// The same deadline for an operation whose role may have been assigned a moment ago. For two minutes from now, a
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
    /// The error for work that began at `started` and changed nothing.
    #[must_use]
    pub fn into_error(self, started: Instant) -> Error {
        match self {
            Self::Cancelled => Error::Cancelled { outcome_unknown: false },
            Self::TimedOut => Error::TimedOut { last: None, waited: started.elapsed(), outcome_unknown: false },
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
        let parent = Deadline::lasting(Duration::from_secs(5));

        assert_eq!(parent.at_most(Duration::from_secs(60)).remaining(), Duration::from_secs(5));
        assert_eq!(parent.at_most(Duration::from_secs(1)).remaining(), Duration::from_secs(1));
    }
}
