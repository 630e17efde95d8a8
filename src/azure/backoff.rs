//! Delays between polls.

use std::time::Duration;

use tokio::time::Instant;

use super::deadline::Deadline;
use super::error::Error;

/// Delays that double up to a limit. Each varies randomly by up to a quarter, so that several clients do not poll at
/// the same time.
#[derive(Clone, Debug)]
pub struct Backoff {
    next: Duration,
    longest: Duration,
    started: Instant,
}

impl Backoff {
    /// Delays that start with `first` and grow to `longest`.
    #[must_use]
    pub fn growing(first: Duration, longest: Duration) -> Self {
        Self { next: first, longest, started: Instant::now() }
    }

    /// Waits for the next delay.
    ///
    /// # Errors
    /// [`Error::Cancelled`] or [`Error::TimedOut`] if the deadline ends first. The error contains the time since
    /// [`Backoff::growing`].
    pub async fn wait(&mut self, deadline: &Deadline) -> Result<(), Error> {
        let delay = self.next.mul_f64(0.75 + fastrand::f64() / 2.0);
        self.next = (self.next * 2).min(self.longest);
        deadline
            .run(tokio::time::sleep(delay))
            .await
            .map_err(|interrupted| interrupted.into_error(self.started, deadline))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn doubles_delays_up_to_the_maximum_until_the_deadline() {
        let deadline = Deadline::lasting(Duration::from_secs(60));
        let mut backoff = Backoff::growing(Duration::from_secs(1), Duration::from_secs(5));
        let started = Instant::now();
        let mut last = started;
        let mut delays = Vec::new();

        let error = loop {
            match backoff.wait(&deadline).await {
                Ok(()) => delays.push(last.elapsed().as_secs_f64()),
                Err(error) => break error,
            }
            last = Instant::now();
        };

        for (delay, expected) in delays.iter().zip([1.0, 2.0, 4.0, 5.0, 5.0, 5.0, 5.0]) {
            assert!((expected * 0.75..=expected * 1.25 + 0.001).contains(delay), "{delays:?}");
        }
        assert!(matches!(error, Error::TimedOut { waited, .. } if waited.as_secs() == 60), "{error}");
    }
}
