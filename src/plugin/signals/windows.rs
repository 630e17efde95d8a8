//! Console events.

use std::io;

use tokio::signal::windows::{self, CtrlBreak, CtrlC, CtrlClose};

use super::Signal;

/// The console events that ask a process to end.
pub(super) struct Signals {
    interrupt: CtrlC,
    interrupt_key: CtrlBreak,
    close: CtrlClose,
}

impl Signals {
    /// Takes them over.
    pub(super) fn install() -> io::Result<Self> {
        Ok(Self { interrupt: windows::ctrl_c()?, interrupt_key: windows::ctrl_break()?, close: windows::ctrl_close()? })
    }

    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.interrupt_key.recv() => Signal::Interrupt,
            _ = self.close.recv() => Signal::Terminate,
        }
    }
}
