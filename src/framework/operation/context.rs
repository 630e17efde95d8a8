//! The context of one operation: its deadline, its cancellation, its warnings and its checkpoints.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::state::State;
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::mask::Mask;
use crate::framework::schema::TIMEOUTS_BLOCK;
use crate::framework::value::Path;

/// One operation: its deadline, whether it is cancelled, and what is reported about it.
#[derive(Debug)]
pub struct Context {
    deadline: Instant,
    time: Duration,
    /// Name of the timeout in the `timeouts` block that the deadline comes from, if it has one.
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

    /// This context, with the secrets of the objects that the operation is about.
    #[must_use]
    pub(in crate::framework) fn masking(self, mask: Mask) -> Self {
        Self { mask, ..self }
    }

    /// This context, whose deadline the user can set under this name in the `timeouts` block.
    #[must_use]
    pub(in crate::framework) fn with_timeout(self, name: Option<&'static str>) -> Self {
        Self { timeout: name, ..self }
    }

    pub(in crate::framework) const fn timeout(&self) -> Option<&'static str> {
        self.timeout
    }

    /// A context of half an hour, for tests of an author's functions.
    #[must_use]
    pub fn for_tests() -> Self {
        Self::new(Duration::from_secs(30 * 60), CancellationToken::new())
    }

    /// When the operation must end. A little later, it is dropped.
    #[must_use]
    pub const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// How long the operation may take in all: its timeout.
    #[must_use]
    pub const fn time(&self) -> Duration {
        self.time
    }

    /// Cancelled when the user interrupts the run, and at the deadline. A cancelled operation has a few seconds to
    /// report what exists.
    #[must_use]
    pub const fn cancellation(&self) -> &CancellationToken {
        &self.cancellation
    }

    /// Reports a warning.
    pub fn warn(&self, warning: Diagnostic) {
        lock(&self.warnings).push(self.at_timeout(warning));
    }

    /// The same diagnostics. Those about the timeout are at the argument that sets it.
    pub(in crate::framework) fn at_timeouts(&self, diagnostics: Diagnostics) -> Diagnostics {
        diagnostics.into_iter().map(|diagnostic| self.at_timeout(diagnostic)).collect()
    }

    fn at_timeout(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.timeout.filter(|_| diagnostic.is_about_timeout) {
            Some(name) => diagnostic.at(timeout_path(name)),
            None => diagnostic,
        }
    }

    /// Records that the object now exists with this state. The framework saves it if the operation panics, or does not
    /// end after a timeout or an interrupt. An operation that fails reports in its [`Failed`](super::Failed) what exists.
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

/// Where the user sets a timeout.
pub(in crate::framework) fn timeout_path(name: &str) -> Path {
    Path::attribute(TIMEOUTS_BLOCK).child(name)
}

/// The values behind these locks are replaced in one step, so a panic cannot leave them inconsistent.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
