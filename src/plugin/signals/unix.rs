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

/// The process that started this one. In a container it may well be number 1, as an adopter of orphans is elsewhere.
pub(super) struct Parent(u32);

impl Parent {
    pub(super) fn current() -> Self {
        Self(parent_id())
    }

    /// Resolves when this process has got another parent.
    pub(super) async fn gone(self) {
        let mut poll = tokio::time::interval(PARENT_POLL);
        while parent_id() == self.0 {
            poll.tick().await;
        }
    }
}
