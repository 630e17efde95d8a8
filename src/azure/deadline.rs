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
}

impl Deadline {
    /// A deadline with its cancellation.
    #[must_use]
    pub fn new(at: Instant, cancellation: CancellationToken) -> Self {
        Self { at, cancellation }
    }

    /// A deadline `duration` from now that nothing cancels.
    #[must_use]
    pub fn lasting(duration: Duration) -> Self {
        Self::new(Instant::now() + duration, CancellationToken::new())
    }

    /// The same cancellation with a deadline no later than `duration` from now.
    #[must_use]
    pub fn at_most(&self, duration: Duration) -> Self {
        Self { at: self.at.min(Instant::now() + duration), cancellation: self.cancellation.clone() }
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
    async fn work_that_outlasts_the_deadline_is_stopped() {
        let deadline = Deadline::lasting(Duration::from_secs(5));

        let result = deadline.run(std::future::pending::<()>()).await;

        assert_eq!(result, Err(Interrupted::TimedOut));
        assert_eq!(deadline.remaining(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn cancellation_wins_over_work_that_is_ready() {
        let deadline = Deadline::lasting(Duration::from_secs(5));
        deadline.cancellation.cancel();

        assert_eq!(deadline.run(async {}).await, Err(Interrupted::Cancelled));
    }

    #[tokio::test(start_paused = true)]
    async fn a_shorter_deadline_never_exceeds_its_parent() {
        let parent = Deadline::lasting(Duration::from_secs(5));

        assert_eq!(parent.at_most(Duration::from_secs(60)).remaining(), Duration::from_secs(5));
        assert_eq!(parent.at_most(Duration::from_secs(1)).remaining(), Duration::from_secs(1));
    }
}
