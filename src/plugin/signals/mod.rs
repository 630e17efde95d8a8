//! Shutdown on signals, and on the exit of the Terraform process that started this process.

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

/// A signal, independent of the operating system.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Signal {
    /// Ctrl-C, which Terraform and its plugins both receive.
    Interrupt,
    /// SIGTERM, SIGHUP, or a closed console.
    Terminate,
}

/// The effect of Ctrl-C.
#[derive(Clone, Copy, Debug)]
pub(super) enum OnInterrupt {
    /// Does nothing. Terraform receives the signal too, and calls `StopProvider`. If the plugin ended itself, Terraform
    /// would lose track of objects that are being created.
    Ignore,
    /// Shuts down, like any program in a terminal.
    ShutDown,
}

/// Starts a graceful shutdown on the first signal, and an immediate one on the second.
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

/// Starts `shutdown` when the parent process exits, because no `Shutdown` call can follow.
///
/// Linux can send a signal instead, but sends it when the *thread* that started the plugin exits, which may be too
/// early.
#[cfg(unix)]
pub(super) fn watch_parent(shutdown: Shutdown) {
    let parent = unix::Parent::current();
    tokio::spawn(async move {
        parent.exited().await;
        tracing::info!("the CLI is gone; cancelling the calls in flight");
        shutdown.start_after_parent_exit();
    });
}

/// Does nothing. On Windows, watching the parent needs unsafe code, which this crate does not have. If Terraform is
/// killed there, this process keeps running.
#[cfg(not(unix))]
pub(super) fn watch_parent(_: Shutdown) {}
