//! Pauses between looks at something that is about to change.

use std::time::Duration;

use tokio::time::Instant;

use super::deadline::Deadline;
use super::error::Error;

/// Each pause is twice as long as the one before, up to a limit.
#[derive(Clone, Debug)]
pub struct Backoff {
    next: Duration,
    longest: Duration,
    since: Instant,
}

impl Backoff {
    /// Backoff from `first` to `longest`.
    #[must_use]
    pub fn growing(first: Duration, longest: Duration) -> Self {
        Self { next: first, longest, since: Instant::now() }
    }

    /// Waits.
    ///
    /// # Errors
    /// [`Error::Cancelled`] or [`Error::TimedOut`] if the deadline ends first. The error says how long all pauses took
    /// together.
    pub async fn wait(&mut self, deadline: &Deadline) -> Result<(), Error> {
        let pause = self.next;
        self.next = (pause * 2).min(self.longest);
        deadline.run(tokio::time::sleep(pause)).await.map_err(|interrupted| interrupted.into_error(self.since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_double_up_to_the_longest_and_end_with_the_budget() {
        let deadline = Deadline::lasting(Duration::from_secs(18));
        let mut backoff = Backoff::growing(Duration::from_secs(1), Duration::from_secs(5));
        let started = Instant::now();
        let mut ends = Vec::new();

        let error = loop {
            match backoff.wait(&deadline).await {
                Ok(()) => ends.push(started.elapsed().as_secs()),
                Err(error) => break error,
            }
        };

        assert_eq!(ends, [1, 3, 7, 12, 17]);
        assert!(matches!(error, Error::TimedOut { waited, .. } if waited.as_secs() == 18), "{error}");
    }
}
