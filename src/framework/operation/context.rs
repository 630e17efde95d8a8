//! The bounds of one operation, and what an author says while it runs.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::state::State;
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::mask::Mask;

/// One operation: how long it may take, whether it is still wanted, and what is to be told of it.
#[derive(Debug)]
pub struct Context {
    deadline: Instant,
    cancellation: CancellationToken,
    warnings: Mutex<Diagnostics>,
    checkpoint: Mutex<Option<State>>,
    mask: Mask,
}

impl Context {
    pub(in crate::framework) fn new(time: Duration, cancellation: CancellationToken) -> Self {
        Self {
            deadline: Instant::now() + time,
            cancellation,
            warnings: Mutex::default(),
            checkpoint: Mutex::default(),
            mask: Mask::default(),
        }
    }

    /// This context, with the secrets of the objects that the operation is about.
    #[must_use]
    pub(in crate::framework) fn masking(self, mask: Mask) -> Self {
        Self { mask, ..self }
    }

    /// A context of half an hour, for tests of an author's functions.
    #[must_use]
    pub fn for_tests() -> Self {
        Self::new(Duration::from_secs(30 * 60), CancellationToken::new())
    }

    /// When the operation must be over. A little later it is given up, wherever it is.
    #[must_use]
    pub const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Cancelled when the user interrupts the run, and at the deadline. What is cancelled has a few seconds to say
    /// what exists.
    #[must_use]
    pub const fn cancellation(&self) -> &CancellationToken {
        &self.cancellation
    }

    /// Tells the user something that is not an error.
    pub fn warn(&self, warning: Diagnostic) {
        lock(&self.warnings).push(warning);
    }

    /// Says that the object exists from here on, as this state has it. It is saved whatever happens next: a failure, a
    /// panic, the deadline, an interrupt.
    pub fn checkpoint(&self, state: &State) {
        *lock(&self.checkpoint) = Some(state.clone());
    }

    /// Text for the log or a message, without the values of the object's sensitive and write-only attributes.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        self.mask.hide(text)
    }

    pub(in crate::framework) const fn secrets(&self) -> &Mask {
        &self.mask
    }

    /// What was warned of so far.
    #[must_use]
    pub fn warnings(&self) -> Diagnostics {
        lock(&self.warnings).clone()
    }

    /// The last checkpoint.
    #[must_use]
    pub fn last_checkpoint(&self) -> Option<State> {
        lock(&self.checkpoint).clone()
    }
}

/// What is behind these locks is replaced in one step, so a panic elsewhere leaves nothing half-done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_for_the_log_does_not_show_the_secrets_of_the_object() {
        let context = Context::for_tests().masking(Mask::of_value(&"s3cret".into()));

        assert_eq!(context.mask("sent s3cret"), "sent (sensitive value)");
    }
}
