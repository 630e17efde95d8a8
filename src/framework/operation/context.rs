//! The context of an operation: its deadline, cancellation, warnings and checkpoints.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::state::State;
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::mask::Mask;
use crate::framework::schema::TIMEOUTS_BLOCK;
use crate::framework::value::Path;

/// The context of one operation: its deadline, cancellation, warnings and last checkpoint.
#[derive(Debug)]
pub struct Context {
    deadline: Instant,
    time: Duration,
    /// The argument of the `timeouts` block that sets the deadline, if there is one.
    timeout: Option<&'static str>,
    cancellation: CancellationToken,
    warnings: Mutex<Diagnostics>,
    checkpoint: Mutex<Option<State>>,
    mask: Mask,
}

impl Context {
    pub(in crate::framework) fn new(time: Duration, cancellation: CancellationToken) -> Self {
        Self {
            deadline: Instant::now() + time,
            time,
            timeout: None,
            cancellation,
            warnings: Mutex::default(),
            checkpoint: Mutex::default(),
            mask: Mask::default(),
        }
    }

    /// Sets the secrets of the operation's objects, which messages must not contain.
    #[must_use]
    pub(in crate::framework) fn masking(self, mask: Mask) -> Self {
        Self { mask, ..self }
    }

    /// Sets the argument of the `timeouts` block that sets the deadline.
    #[must_use]
    pub(in crate::framework) fn with_timeout(self, name: Option<&'static str>) -> Self {
        Self { timeout: name, ..self }
    }

    pub(in crate::framework) const fn timeout(&self) -> Option<&'static str> {
        self.timeout
    }

    /// A context with a timeout of half an hour, for tests.
    #[must_use]
    pub fn for_tests() -> Self {
        Self::new(Duration::from_secs(30 * 60), CancellationToken::new())
    }

    /// The time at which the operation must end. A few seconds later, the framework drops it.
    #[must_use]
    pub const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The operation's timeout.
    #[must_use]
    pub const fn time(&self) -> Duration {
        self.time
    }

    /// The cancellation token. It is canceled when the user interrupts the run, and at the deadline. The operation then
    /// has a few seconds to report what exists.
    #[must_use]
    pub const fn cancellation(&self) -> &CancellationToken {
        &self.cancellation
    }

    /// Reports a warning.
    pub fn warn(&self, warning: Diagnostic) {
        lock(&self.warnings).push(self.at_timeout(warning));
    }

    /// Sets the path of diagnostics about the timeout to the argument that sets the timeout.
    pub(in crate::framework) fn at_timeouts(&self, diagnostics: Diagnostics) -> Diagnostics {
        diagnostics.into_iter().map(|diagnostic| self.at_timeout(diagnostic)).collect()
    }

    fn at_timeout(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.timeout.filter(|_| diagnostic.is_about_timeout) {
            Some(name) => diagnostic.at(timeout_path(name)),
            None => diagnostic,
        }
    }

    /// Records that the object now exists with this state. The framework saves the state if the operation panics, or
    /// does not end after a timeout or an interruption. A failed operation reports what exists in
    /// [`Failed`](super::Failed).
    pub fn checkpoint(&self, state: &State) {
        *lock(&self.checkpoint) = Some(state.clone());
    }

    /// Hides the values of sensitive and write-only attributes in a text for the log or a message.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        self.mask.hide(text)
    }

    pub(in crate::framework) const fn secrets(&self) -> &Mask {
        &self.mask
    }

    /// The warnings so far.
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

/// The path of the argument that sets a timeout.
pub(in crate::framework) fn timeout_path(name: &str) -> Path {
    Path::attribute(TIMEOUTS_BLOCK).child(name)
}

/// The values behind these locks are replaced in one step, so a panic cannot leave them inconsistent.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
