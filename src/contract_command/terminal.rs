//! Messages on stderr while a command runs, and the Enter key.

use std::env;
use std::io::{self, BufRead, IsTerminal, Write};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::print_to_stderr;
use crate::azure::human;

/// The time between two lines if stderr cannot rewrite a line.
const LINE_INTERVAL: Duration = Duration::from_secs(30);

/// Whether stdin is a terminal, so that the user can press Enter.
pub(super) fn has_keyboard() -> bool {
    io::stdin().is_terminal()
}

/// Resolves when the user presses Enter, or closes the input.
pub(super) fn enter() -> oneshot::Receiver<()> {
    let (pressed, enter) = oneshot::channel();
    // The thread ends with the process: a read from a terminal cannot be interrupted.
    thread::spawn(move || {
        let _ = io::stdin().lock().read_line(&mut String::new());
        let _ = pressed.send(());
    });
    enter
}

/// The progress of a wait: one rewritten line in a terminal, or a new line every 30 seconds elsewhere.
pub(super) struct Progress {
    rewrites: bool,
    started: Instant,
    written: Option<Instant>,
}

impl Progress {
    pub(super) fn start() -> Self {
        // A dumb terminal shows escape codes as text.
        let rewrites = io::stderr().is_terminal() && env::var_os("TERM").is_none_or(|terminal| terminal != "dumb");
        Self { rewrites, started: Instant::now(), written: None }
    }

    /// Shows what the command waits for, and for how long.
    pub(super) fn show(&mut self, what: &str) {
        let waited = human(Duration::from_secs(self.started.elapsed().as_secs().max(1)));
        if self.rewrites {
            // Carriage return, and clear to the end of the line.
            let _ = write!(io::stderr().lock(), "\r{what} ({waited}) \u{1b}[K");
            self.written = Some(Instant::now());
        } else if self.written.is_none_or(|written| written.elapsed() >= LINE_INTERVAL) {
            print_to_stderr(&format!("{what} ({waited})\n"));
            self.written = Some(Instant::now());
        }
    }
}

impl Drop for Progress {
    /// Ends the line.
    fn drop(&mut self) {
        if self.rewrites && self.written.is_some() {
            print_to_stderr("\n");
        }
    }
}
