//! Shutdown of the process: graceful, so that calls in flight finish, or immediate.

use tokio_util::sync::CancellationToken;

/// The state of the shutdown. Its clones share the state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shutdown {
    started: CancellationToken,
    immediate: CancellationToken,
    parent_exited: CancellationToken,
}

impl Shutdown {
    /// Starts a graceful shutdown: the process accepts no new calls, and calls in flight finish.
    pub(crate) fn start_graceful(&self) {
        self.started.cancel();
    }

    /// Starts a graceful shutdown because Terraform has exited. Operations are canceled, because no state can record
    /// their changes.
    pub(crate) fn start_after_parent_exit(&self) {
        self.parent_exited.cancel();
        self.start_graceful();
    }

    /// Ends the process as soon as the response to the current call is sent.
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

    /// A token that is canceled when Terraform has exited.
    pub(crate) fn parent_exited(&self) -> CancellationToken {
        self.parent_exited.clone()
    }
}
