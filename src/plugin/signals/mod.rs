//! What the operating system tells us: signals, and the death of the CLI that started us.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

use std::io;

use super::lifetime::Lifetime;

/// A request to end, as far as the operating systems agree on one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Signal {
    /// Ctrl-C: goes to the CLI and to us alike.
    Interrupt,
    /// SIGTERM, SIGHUP, a closed console.
    Terminate,
}

/// What Ctrl-C means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Interrupts {
    /// Nothing. The CLI got it as well and calls `StopProvider`: a plugin that ends by itself loses what it creates.
    LeftToTheCli,
    /// The end, as for any program run by hand.
    End,
}

/// Lets signals end `lifetime`: the first one politely, the second one at once.
pub(super) fn watch_signals(lifetime: Lifetime, interrupts: Interrupts) -> io::Result<()> {
    let mut signals = system::Signals::install()?;
    tokio::spawn(async move {
        let mut was_asked = false;
        loop {
            match (signals.next().await, interrupts) {
                (Signal::Interrupt, Interrupts::LeftToTheCli) => tracing::debug!("left an interrupt to the CLI"),
                (_, _) if was_asked => lifetime.end(),
                (signal, _) => {
                    tracing::info!(?signal, "finishing what is in flight");
                    was_asked = true;
                    lifetime.finish();
                }
            }
        }
    });
    Ok(())
}

/// Ends `lifetime` when the process that started us is gone: nobody else will ever tell us to.
///
/// What is in flight for it comes to a defined end first. (Linux could signal us instead, but at the death of the *thread* that
/// started us, which may come early.)
#[cfg(unix)]
pub(super) fn watch_parent(lifetime: Lifetime) {
    let parent = unix::Parent::current();
    tokio::spawn(async move {
        parent.gone().await;
        tracing::info!("the CLI is gone; cancelling what is in flight");
        lifetime.abandon();
    });
}

/// Windows keeps no parent to ask for.
#[cfg(not(unix))]
pub(super) fn watch_parent(_: Lifetime) {}
