//! The commands `contract record` and `contract check`: what the portal's **Connect** button writes, as a `contract` block.
//!
//! Microsoft has not published the request behind that button. `record` lists the data connectors of a workspace, waits
//! while an administrator clicks, lists them again, and says which `contract` of `sentinel_dfc_tenant_connector` writes the
//! same. `check` says which one a workspace that is already connected uses. Both only read, and log in as the provider does,
//! with environment variables alone.
//!
//! - `arguments.rs`: the command line, and its help
//! - `observe.rs`: reads the lists (I/O), `snapshot.rs`: what they contain, whatever the API version
//! - `difference.rs`: two snapshots → changes
//! - `express.rs`: changes → a contract, or why there is none; `shared.rs` and `dedicated.rs` do so for one connector,
//!   `connected.rs` for a workspace that is connected already
//! - `terms.rs`: a contract as a configuration writes it, `hcl.rs`: its text
//! - `mask.rs`: what is printed has no IDs and no secrets
//! - `report/`: the result as text, as JSON and as the text of an issue
//! - `wait.rs`: waits for the click; `terminal.rs`, `wrap.rs`: the messages meanwhile
//! - `record.rs`, `check.rs`: the two commands

mod arguments;
mod check;
mod connected;
mod dedicated;
mod difference;
mod exit;
mod express;
mod hcl;
mod mask;
mod observe;
mod record;
mod report;
mod shared;
mod snapshot;
mod terminal;
mod terms;
#[cfg(test)]
mod tests;
mod wait;
mod warnings;
mod wrap;

use std::ffi::OsString;
use std::io::{self, Write};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::azure::Deadline;
use crate::framework::{Diagnostic, Diagnostics, Severity};
use crate::provider::{self, EnvVars};
use crate::redaction;
use arguments::Command;
use observe::Observer;

pub use exit::Exit;

/// How long the login and one look at the workspace may take.
const LOOK: Duration = Duration::from_secs(2 * 60);

/// Why a command stops without a result.
enum Stop {
    /// The user pressed Ctrl-C.
    Cancelled,
    /// Something is wrong.
    Failed(Diagnostics),
}

impl<T: Into<Diagnostics>> From<T> for Stop {
    fn from(diagnostics: T) -> Self {
        Self::Failed(diagnostics.into())
    }
}

/// Runs the command in the arguments that follow `contract`. The result is printed on stdout, everything else on stderr.
pub async fn run(arguments: &[OsString], env: &EnvVars) -> Exit {
    let command = match arguments::parse(arguments) {
        Ok(Command::Help(text)) => {
            print(text);
            return Exit::Success;
        }
        Ok(command) => command,
        Err(error) => {
            complain(&format!(
                "error: {error}\n\nRun `terraform-provider-sentinel contract --help` for the arguments.\n"
            ));
            return Exit::Usage;
        }
    };
    let cancellation = CancellationToken::new();
    tokio::spawn({
        let cancellation = cancellation.clone();
        async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                cancellation.cancel();
            }
        }
    });
    let result = execute(&command, env, &cancellation).await;
    if cancellation.is_cancelled() {
        complain("\nCanceled. The command only reads, so nothing was changed in Azure.\n");
        return Exit::Cancelled;
    }
    match result {
        Ok(exit) => exit,
        Err(Stop::Cancelled) => Exit::Cancelled,
        Err(Stop::Failed(diagnostics)) => {
            diagnostics.iter().for_each(|diagnostic| complain(&paragraphs(diagnostic)));
            Exit::Error
        }
    }
}

async fn execute(command: &Command, env: &EnvVars, cancellation: &CancellationToken) -> Result<Exit, Stop> {
    let deadline = Deadline::lasting(LOOK).with_cancellation(cancellation.clone());
    let session = match deadline.run(provider::connect(env, &deadline)).await {
        Ok(session) => session.map_err(environment_only)?,
        Err(_) => return Err(Stop::Cancelled),
    };
    match command {
        Command::Record(arguments) => {
            let observer = Observer { session: &session, workspace: &arguments.workspace, cancellation };
            record::record(&observer, arguments).await
        }
        Command::Check(arguments) => {
            let observer = Observer { session: &session, workspace: &arguments.workspace, cancellation };
            check::check(&observer, arguments).await
        }
        Command::Help(_) => Ok(Exit::Success),
    }
}

/// Says where the settings come from: messages about the login speak of arguments too.
fn environment_only(diagnostics: Diagnostics) -> Diagnostics {
    diagnostics
        .into_iter()
        .map(|diagnostic| {
            let detail = format!(
                "{}\n\nThis command reads only environment variables and the login of the Azure CLI. It has no provider block.",
                diagnostic.detail.trim_end()
            );
            Diagnostic { detail, ..diagnostic }
        })
        .collect()
}

/// A diagnostic for people at a terminal: the summary, and the detail below it.
fn paragraphs(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let detail = wrap::wrap(&diagnostic.detail, "  ");
    format!("{severity}: {}\n\n{detail}\n", diagnostic.summary)
}

/// Prints a result. A closed stream is not an error.
fn print(text: &str) {
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(redaction::sanitize(text).as_bytes()).and_then(|()| stdout.flush());
}

/// Prints what is not the result.
fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(redaction::sanitize(text).as_bytes());
}
