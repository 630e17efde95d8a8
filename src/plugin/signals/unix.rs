//! Unix signals and the parent process.

use std::io;
use std::os::unix::process::parent_id;
use std::time::Duration;

use tokio::signal::unix::{self, SignalKind};

use super::Signal;

/// How often to check the parent process.
const PARENT_POLL_INTERVAL: Duration = Duration::from_millis(500);

/// The signals that ask a process to end.
pub(super) struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hang_up: unix::Signal,
}

impl Signals {
    /// Installs handlers. They do not set the signals to ignored, because a child process such as the Azure CLI would
    /// inherit that.
    pub(super) fn install() -> io::Result<Self> {
        Ok(Self {
            interrupt: unix::signal(SignalKind::interrupt())?,
            terminate: unix::signal(SignalKind::terminate())?,
            hang_up: unix::signal(SignalKind::hangup())?,
        })
    }

    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.hang_up.recv() => Signal::Terminate,
        }
    }
}

/// The process that started this one. Its ID may be 1, for example in a container.
pub(super) struct Parent(u32);

impl Parent {
    pub(super) fn current() -> Self {
        Self(parent_id())
    }

    /// Resolves when this process has another parent.
    pub(super) async fn exited(self) {
        let mut poll = tokio::time::interval(PARENT_POLL_INTERVAL);
        while parent_id() == self.0 {
            poll.tick().await;
        }
    }
}
