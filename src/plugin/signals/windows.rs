//! Windows console events.

use std::io;

use tokio::signal::windows::{self, CtrlBreak, CtrlC, CtrlClose};

use super::Signal;

/// The console events that ask a process to end.
pub(super) struct Signals {
    ctrl_c: CtrlC,
    ctrl_break: CtrlBreak,
    close: CtrlClose,
}

impl Signals {
    /// Installs handlers.
    pub(super) fn install() -> io::Result<Self> {
        Ok(Self { ctrl_c: windows::ctrl_c()?, ctrl_break: windows::ctrl_break()?, close: windows::ctrl_close()? })
    }

    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.ctrl_c.recv() => Signal::Interrupt,
            _ = self.ctrl_break.recv() => Signal::Interrupt,
            _ = self.close.recv() => Signal::Terminate,
        }
    }
}
