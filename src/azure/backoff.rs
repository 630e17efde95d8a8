//! Pauses between looks at something that is about to change.

use std::time::Duration;

use tokio::time::Instant;

use super::deadline::Deadline;
use super::error::Error;

/// Pauses that double up to a limit. Each is up to a quarter shorter or longer, so that clients that wait for the same
/// thing spread out.
#[derive(Clone, Debug)]
pub struct Backoff {
    next: Duration,
    longest: Duration,
    since: Instant,
}

impl Backoff {
    /// Pauses that begin with `first` and grow to `longest`.
    #[must_use]
    pub fn growing(first: Duration, longest: Duration) -> Self {
        Self { next: first, longest, since: Instant::now() }
    }

    /// Waits for the next pause.
    ///
    /// # Errors
    /// [`Error::Cancelled`] or [`Error::TimedOut`] if the deadline ends first. The error says how long all pauses took
    /// together.
    pub async fn wait(&mut self, deadline: &Deadline) -> Result<(), Error> {
        let pause = self.next.mul_f64(0.75 + fastrand::f64() / 2.0);
        self.next = (self.next * 2).min(self.longest);
        deadline.run(tokio::time::sleep(pause)).await.map_err(|interrupted| interrupted.into_error(self.since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_double_up_to_the_longest_and_end_with_the_deadline() {
        let deadline = Deadline::lasting(Duration::from_secs(60));
        let mut backoff = Backoff::growing(Duration::from_secs(1), Duration::from_secs(5));
        let started = Instant::now();
        let mut last = started;
        let mut pauses = Vec::new();

        let error = loop {
            match backoff.wait(&deadline).await {
                Ok(()) => pauses.push(last.elapsed().as_secs_f64()),
                Err(error) => break error,
            }
            last = Instant::now();
        };

        for (pause, expected) in pauses.iter().zip([1.0, 2.0, 4.0, 5.0, 5.0, 5.0, 5.0]) {
            assert!((expected * 0.75..=expected * 1.25 + 0.001).contains(pause), "{pauses:?}");
        }
        assert!(matches!(error, Error::TimedOut { waited, .. } if waited.as_secs() == 60), "{error}");
    }
}
