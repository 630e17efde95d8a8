//! Shutdown by the operating system: signals, and the exit of the CLI that started this process.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

use std::io;

use super::shutdown::Shutdown;

/// A request to end, in terms that all operating systems share.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Signal {
    /// Ctrl-C, which reaches the CLI and its plugins alike.
    Interrupt,
    /// SIGTERM, SIGHUP, a closed console.
    Terminate,
}

/// What Ctrl-C does.
#[derive(Clone, Copy, Debug)]
pub(super) enum OnInterrupt {
    /// Nothing: the CLI gets it too and calls `StopProvider`. If the plugin ended itself, the CLI would lose track of
    /// objects that are being created.
    Ignore,
    /// Shuts down, like any program that runs in a terminal.
    ShutDown,
}

/// Starts `shutdown` on a signal: gracefully on the first one, immediately on the second.
pub(super) fn watch_signals(shutdown: Shutdown, on_interrupt: OnInterrupt) -> io::Result<()> {
    let mut signals = system::Signals::install()?;
    tokio::spawn(async move {
        let mut is_shutting_down = false;
        loop {
            match (signals.next().await, on_interrupt) {
                (Signal::Interrupt, OnInterrupt::Ignore) => tracing::debug!("ignored an interrupt; the CLI handles it"),
                (_, _) if is_shutting_down => shutdown.start_immediate(),
                (signal, _) => {
                    tracing::info!(?signal, "shutting down when the calls in flight are finished");
                    is_shutting_down = true;
                    shutdown.start_graceful();
                }
            }
        }
    });
    Ok(())
}

/// Starts `shutdown` when the parent process exits, because no `Shutdown` call can come any more.
///
/// Linux can also send a signal, but does so when the *thread* that started the plugin exits, which may be too early.
#[cfg(unix)]
pub(super) fn watch_parent(shutdown: Shutdown) {
    let parent = unix::Parent::current();
    tokio::spawn(async move {
        parent.exited().await;
        tracing::info!("the CLI is gone; cancelling the calls in flight");
        shutdown.start_after_parent_exit();
    });
}

/// On Windows, watching the parent needs system calls that this crate does not make, because it has no unsafe code. If the
/// CLI is killed there, the process stays until someone ends it.
#[cfg(not(unix))]
pub(super) fn watch_parent(_: Shutdown) {}
