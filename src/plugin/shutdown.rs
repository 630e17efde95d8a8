//! How the process shuts down: gracefully, so that calls in flight finish, or immediately.

use tokio_util::sync::CancellationToken;

/// Shared by everything that can start a shutdown and everything that reacts to one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shutdown {
    started: CancellationToken,
    immediate: CancellationToken,
    parent_exited: CancellationToken,
}

impl Shutdown {
    /// Takes no new calls and lets calls in flight finish.
    pub(crate) fn start_graceful(&self) {
        self.started.cancel();
    }

    /// Shuts down gracefully because the CLI has exited. Operations are cancelled, because no state records what they
    /// do.
    pub(crate) fn start_after_parent_exit(&self) {
        self.parent_exited.cancel();
        self.start_graceful();
    }

    /// Ends the process as soon as the reply to the current call is sent.
    pub(crate) fn start_immediate(&self) {
        self.started.cancel();
        self.immediate.cancel();
    }

    /// Resolves when any shutdown has started.
    pub(crate) async fn started(&self) {
        self.started.cancelled().await;
    }

    /// Resolves when an immediate shutdown has started.
    pub(crate) async fn immediate_started(&self) {
        self.immediate.cancelled().await;
    }

    /// Cancelled when the CLI is gone.
    pub(crate) fn parent_exited(&self) -> CancellationToken {
        self.parent_exited.clone()
    }
}
