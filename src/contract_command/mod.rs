//! The commands `contract record` and `contract check`, which print what the portal's **Connect** button writes as a
//! `contract` block.
//!
//! Microsoft has not published the request behind that button. `record` lists the data connectors of a workspace, waits
//! until an administrator selects Connect, and lists them again. It then prints the `contract` of
//! `sentinel_dfc_tenant_connector` that writes the same. `check` prints the contract that a connected workspace uses.
//! Both commands only read. They authenticate like the provider, with environment variables only.
//!
//! - `arguments.rs`: the command line, and its help
//! - `observe.rs`: reads the lists (I/O); `snapshot.rs`: merges the lists of all API versions
//! - `difference.rs`: compares two snapshots
//! - `analyze.rs`: turns changes into a contract, or into the reason why there is none. `shared.rs` and `dedicated.rs`
//!   do this for one connector, `connected.rs` for a workspace that is already connected
//! - `outcome.rs`: the results of the analysis; `data_types.rs`: the enabled data types of a connector
//! - `hcl.rs`: the text of a contract
//! - `mask.rs`: removes IDs and secrets from what is printed
//! - `report/`: the result as text, as JSON and as the text of an issue
//! - `wait.rs`: waits for the change; `terminal.rs`, `wrap.rs`: the messages during the wait
//! - `record.rs`, `check.rs`: the two commands

mod analyze;
mod arguments;
mod check;
mod connected;
mod data_types;
mod dedicated;
mod difference;
mod exit;
mod hcl;
mod mask;
mod observe;
mod outcome;
mod record;
mod report;
mod shared;
mod snapshot;
mod terminal;
#[cfg(test)]
mod tests;
mod wait;
mod warnings;
mod wrap;

use std::ffi::OsString;
use std::io::{self, Write};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::azure::{Deadline, Interrupted};
use crate::azure_diagnostics;
use crate::framework::{Diagnostic, Diagnostics, Severity};
use crate::provider::{self, EnvVars};
use crate::redaction;
use arguments::Command;
use mask::Mask;
use observe::Observer;
use report::{Seen, Stopped};

pub use exit::Exit;

/// The timeout of authentication, and of listing the data connectors with one API version.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(2 * 60);

/// Why a command stops without a result.
enum Stop {
    /// Ctrl-C or SIGTERM.
    Cancelled,
    /// The command failed.
    Failed(Diagnostics),
}

impl<T: Into<Diagnostics>> From<T> for Stop {
    fn from(diagnostics: T) -> Self {
        Self::Failed(diagnostics.into())
    }
}

/// Runs the command in the arguments that follow `contract`. Prints the result on stdout, and everything else on
/// stderr.
pub async fn run(arguments: &[OsString], env: &EnvVars) -> Exit {
    let command = match arguments::parse(arguments) {
        Ok(Command::Help(text)) => {
            return if print(text) { Exit::Success } else { Exit::Error };
        }
        Ok(command) => command,
        Err(error) => {
            print_to_stderr(&format!(
                "error: {error}\n\nRun `terraform-provider-sentinel contract --help` for the arguments.\n"
            ));
            return Exit::Usage;
        }
    };
    let cancellation = CancellationToken::new();
    tokio::spawn({
        let cancellation = cancellation.clone();
        async move {
            if stop_signal().await.is_ok() {
                cancellation.cancel();
            }
        }
    });
    let mut seen = Seen::default();
    let stop = match execute(&command, env, &cancellation, &mut seen).await {
        Ok(exit) => return exit,
        // A failure that Ctrl-C caused is not an error.
        Err(_) if cancellation.is_cancelled() => Stop::Cancelled,
        Err(stop) => stop,
    };
    let (errors, exit) = match stop {
        Stop::Cancelled => {
            print_to_stderr("Canceled. The command only reads, so nothing was changed in Azure.\n");
            (Diagnostics::new(), Exit::Cancelled)
        }
        Stop::Failed(errors) => {
            errors.iter().for_each(|error| print_to_stderr(&format_diagnostic(error)));
            (errors, Exit::Error)
        }
    };
    let is_printed = command.json_workspace().is_none_or(|workspace| {
        let (is_record, errors) = (matches!(command, Command::Record(_)), errors.into_iter().collect::<Vec<_>>());
        print(&Stopped { is_record, errors: &errors, seen: &seen }.json(Mask::new(workspace)))
    });
    if is_printed { exit } else { Exit::Error }
}

/// Waits for Ctrl-C, for SIGTERM, with which CI systems stop a job, or for SIGHUP, the end of the terminal.
#[cfg(unix)]
async fn stop_signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut hang_up) = (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
        _ = hang_up.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stop_signal() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

async fn execute(
    command: &Command,
    env: &EnvVars,
    cancellation: &CancellationToken,
    seen: &mut Seen,
) -> Result<Exit, Stop> {
    let deadline = Deadline::lasting(REQUEST_TIMEOUT).with_cancellation(cancellation.clone());
    let session = in_time(&deadline, provider::session_from_environment(env, &deadline)).await??;
    match command {
        Command::Record(arguments) => {
            let observer = Observer { session: &session, workspace: &arguments.workspace, cancellation };
            record::record(&observer, arguments, seen).await
        }
        Command::Check(arguments) => {
            let observer = Observer { session: &session, workspace: &arguments.workspace, cancellation };
            check::check(&observer, arguments, seen).await
        }
        Command::Help(_) => Ok(Exit::Success),
    }
}

/// Waits for authentication until the deadline, or until the user cancels.
async fn in_time<F: Future>(deadline: &Deadline, authentication: F) -> Result<F::Output, Stop> {
    let started = Instant::now();
    deadline.run(authentication).await.map_err(|interrupted| match interrupted {
        Interrupted::Cancelled => Stop::Cancelled,
        Interrupted::TimedOut => {
            azure_diagnostics::of_command(&interrupted.into_error(started, deadline), "authenticating").into()
        }
    })
}

/// Formats a diagnostic for a terminal: the summary, and the detail below it.
fn format_diagnostic(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let detail = wrap::wrap(&diagnostic.detail, "  ");
    format!("{severity}: {}\n\n{detail}\n", diagnostic.summary)
}

/// Prints a result on stdout, and returns whether that succeeded. A reader that closes the pipe early is not a failure.
fn print(text: &str) -> bool {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(redaction::sanitize(text).as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => true,
        Err(error) => {
            print_to_stderr(&format!("error: The result cannot be written to stdout: {error}\n"));
            false
        }
    }
}

/// Prints errors, warnings and progress on stderr.
fn print_to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(redaction::sanitize(text).as_bytes());
}

#[cfg(test)]
mod authentication_tests {
    use std::future;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn slow_authentication_is_an_error() {
        let deadline = Deadline::lasting(REQUEST_TIMEOUT);

        let Err(Stop::Failed(diagnostics)) = in_time(&deadline, future::pending::<()>()).await else {
            panic!("expected an error")
        };

        assert!(diagnostics.has_errors());
        assert!(diagnostics.to_string().contains("authenticating"), "{diagnostics}");
    }

    #[tokio::test(start_paused = true)]
    async fn canceled_authentication_is_not_an_error() {
        let deadline = Deadline::lasting(REQUEST_TIMEOUT);
        deadline.cancellation.cancel();

        assert!(matches!(in_time(&deadline, future::pending::<()>()).await, Err(Stop::Cancelled)));
    }
}
