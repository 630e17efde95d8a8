//! Unix signals and the parent process.

use std::io;
use std::os::unix::process::parent_id;
use std::time::Duration;

use tokio::signal::unix::{self, SignalKind};

use super::Signal;

/// How long an orphan lives on, at most.
const PARENT_POLL: Duration = Duration::from_millis(500);

/// The signals that ask a process to end.
pub(super) struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hang_up: unix::Signal,
}

impl Signals {
    /// Takes them over. They are handled rather than ignored, since a child (the Azure CLI) inherits what is ignored.
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

/// Resolves when this process has got another parent than it has now. In a container the first one may well be 1.
pub(super) async fn parent_gone() {
    let parent = parent_id();
    let mut poll = tokio::time::interval(PARENT_POLL);
    while parent_id() == parent {
        poll.tick().await;
    }
}
