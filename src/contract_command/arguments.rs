//! The arguments of `contract record` and `contract check`.

use std::ffi::OsString;
use std::time::Duration;

use crate::framework::{AttributeValue, OperationTimeout, Value};
use crate::sentinel::WorkspaceId;

/// A command with its arguments.
#[derive(Debug, PartialEq)]
pub(super) enum Command {
    /// `contract record`
    Record(Record),
    /// `contract check`
    Check(Check),
    /// Print this text.
    Help(&'static str),
}

impl Command {
    /// The workspace, if `--json` is set.
    pub(super) const fn json_workspace(&self) -> Option<&WorkspaceId> {
        match self {
            Self::Record(Record { json: true, workspace, .. }) | Self::Check(Check { json: true, workspace }) => {
                Some(workspace)
            }
            _ => None,
        }
    }
}

/// The arguments of `contract record`.
#[derive(Debug, PartialEq)]
pub(super) struct Record {
    pub(super) workspace: WorkspaceId,
    pub(super) json: bool,
    /// How long to wait for the change.
    pub(super) timeout: Duration,
    /// Whether to detect the change by polling even if stdin is a terminal.
    pub(super) poll: bool,
    /// The time between two lists.
    pub(super) interval: Duration,
}

/// The arguments of `contract check`.
#[derive(Debug, PartialEq)]
pub(super) struct Check {
    pub(super) workspace: WorkspaceId,
    pub(super) json: bool,
}

const TIMEOUT: Duration = Duration::from_secs(15 * 60);
const INTERVAL: Duration = Duration::from_secs(5);

/// The output of `contract --help`.
const HELP: &str = "\
Learn which request the portal's Connect button sends, as a `contract` block for sentinel_dfc_tenant_connector.

Usage:
  terraform-provider-sentinel contract record --workspace-id ID [options]
  terraform-provider-sentinel contract check --workspace-id ID [--json]

  record    List the data connectors, wait while an administrator selects Connect, list them again, and print what
            changed and the contract that expresses it
  check     Print which contract a workspace that is already connected uses

Both only read. They authenticate like the provider, with environment variables (ARM_TENANT_ID, ARM_CLIENT_ID, …) or the Azure
CLI, and need the role Microsoft Sentinel Reader on the workspace. Tenant IDs, subscription IDs and secrets are masked in
the result.

Options:
  --workspace-id ID    The ID of the Log Analytics workspace: /subscriptions/…/workspaces/NAME
  --json               Print the result as JSON on stdout, also after an error, except exit code 2. Progress and errors
                       go to stderr
  --poll               record: detect the change by polling. The default if stdin is not a terminal. Otherwise, press Enter
                       after you have selected Connect
  --interval DURATION  record: the time between two lists. Defaults to 5s
  --timeout DURATION   record: how long to wait for the change. Defaults to 15m
  --help               Print this help

Exit codes:
  0    a contract was found
  1    an error: for example authentication failed, the workspace does not exist, or nobody can connect it because it has no
       connector page and stdin is not a terminal
  2    the arguments are wrong
  3    record: nothing relevant changed; check: the workspace is not connected
  4    the change cannot be expressed as a contract. The result contains the text of an issue
  130  canceled with Ctrl-C or SIGTERM
";

/// Parses the arguments after `contract`.
///
/// # Errors
/// An argument is missing or invalid.
pub(super) fn parse(arguments: &[OsString]) -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut command = None;
    let (mut workspace, mut json, mut poll) = (None, false, false);
    let (mut timeout, mut interval) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Short('h') | lexopt::Arg::Long("help") => return Ok(Command::Help(HELP)),
            lexopt::Arg::Long("workspace-id") if workspace.is_some() => {
                return Err("the option '--workspace-id' is set twice".into());
            }
            lexopt::Arg::Long("workspace-id") => workspace = Some(parser.value()?.into_string()?),
            lexopt::Arg::Long("json") => json = true,
            lexopt::Arg::Long("poll") => poll = true,
            lexopt::Arg::Long("timeout") => timeout = Some(duration("--timeout", parser.value()?.into_string()?)?),
            lexopt::Arg::Long("interval") => interval = Some(duration("--interval", parser.value()?.into_string()?)?),
            lexopt::Arg::Value(name) if command.is_none() => command = Some(name.into_string()?),
            other => return Err(other.unexpected()),
        }
    }
    let is_check = match command.as_deref() {
        Some("record") => false,
        Some("check") => true,
        Some(other) => return Err(format!("unknown command {other:?}: expected `record` or `check`").into()),
        None => return Err("no command: expected `record` or `check`".into()),
    };
    let workspace = workspace.ok_or("the option '--workspace-id' is missing")?;
    let workspace = WorkspaceId::parse(workspace.trim()).map_err(|error| error.to_string())?;
    if !is_check {
        let timeout = timeout.unwrap_or(TIMEOUT);
        let interval = interval.unwrap_or_else(|| INTERVAL.min(timeout));
        if interval > timeout {
            return Err(format!("'--interval' ({interval:?}) is longer than '--timeout' ({timeout:?})").into());
        }
        return Ok(Command::Record(Record { workspace, json, timeout, poll, interval }));
    }
    let given = [("--poll", poll), ("--timeout", timeout.is_some()), ("--interval", interval.is_some())];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((name, _)) => Err(format!("`check` does not wait, so it has no option '{name}'").into()),
        None => Ok(Command::Check(Check { workspace, json })),
    }
}

/// A duration in Terraform's syntax.
fn duration(option: &str, text: String) -> Result<Duration, lexopt::Error> {
    let parsed = OperationTimeout::from_value(&Value::String(text));
    parsed.map(|timeout| timeout.duration()).map_err(|invalid| format!("'{option}': {}", invalid.detail).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/\
                      Microsoft.OperationalInsights/workspaces/law-soc";

    fn parsed(arguments: &[&str]) -> Result<Command, String> {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        parse(&arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn parses_both_commands() {
        let workspace = || WorkspaceId::parse(ID).expect("an ID");
        let record = Record { workspace: workspace(), json: true, timeout: TIMEOUT, poll: false, interval: INTERVAL };

        assert_eq!(parsed(&["record", "--json", "--workspace-id", ID]), Ok(Command::Record(record)));
        let check = Check { workspace: workspace(), json: false };
        assert_eq!(parsed(&["--workspace-id", &format!(" {ID} "), "check"]), Ok(Command::Check(check)));
        assert_eq!(parsed(&["--help"]), Ok(Command::Help(HELP)));
        assert_eq!(parsed(&["record", "-h"]), Ok(Command::Help(HELP)));
    }

    #[test]
    fn parses_durations_like_terraform() {
        let arguments = ["record", "--workspace-id", ID, "--timeout=1h30m", "--interval", "500ms", "--poll"];

        let Ok(Command::Record(record)) = parsed(&arguments) else { panic!("a record") };

        assert_eq!((record.timeout, record.interval), (Duration::from_secs(5400), Duration::from_millis(500)));
        assert!(record.poll);
    }

    #[test]
    fn describes_invalid_arguments() {
        for (arguments, expected) in [
            (&["--workspace-id", ID][..], "no command"),
            (&["learn"], "unknown command \"learn\""),
            (&["record"], "'--workspace-id' is missing"),
            (&["check", "--workspace-id", ID, "--workspace-id", ID], "'--workspace-id' is set twice"),
            (&["record", "--workspace-id", "law-soc"], "is not the ARM ID of a Log Analytics workspace"),
            (&["record", "--workspace-id", ID, "--timeout", "soon"], "'--timeout': \"soon\" is not a duration"),
            (&["record", "--workspace-id", ID, "--timeout", "0s"], "'--timeout': \"0s\" must be longer than zero"),
            (
                &["record", "--workspace-id", ID, "--timeout", "3s", "--interval", "10s"],
                "'--interval' (10s) is longer than '--timeout' (3s)",
            ),
            (&["check", "--workspace-id", ID, "--poll"], "'--poll'"),
            (&["record", "now"], "unexpected argument"),
            (&["record", "--frobnicate"], "invalid option"),
        ] {
            let error = parsed(arguments).expect_err("wrong arguments");
            assert!(error.contains(expected), "{arguments:?}: {error}");
        }
    }
}
