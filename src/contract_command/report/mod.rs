//! The result of a command, or the reason why it has none. IDs and secrets are masked.

mod issue;
mod json;
mod text;

use serde_json::Value;

use super::difference::Change;
use super::mask::Mask;
use super::observe::Versions;
use super::outcome::{Analysis, Outcome};
use super::{Exit, print};
use crate::framework::Diagnostic;

pub(super) use json::Stopped;

/// The result of a command, before it is masked.
pub(super) struct Report<'a> {
    /// Whether the command is `contract record`. Otherwise, it is `contract check`.
    pub(super) is_record: bool,
    pub(super) analysis: Analysis,
    pub(super) changes: &'a [Change],
    pub(super) seen: &'a Seen,
}

/// What a command has found so far. It is reported even if the command stops early.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) versions: Versions,
    /// The warnings that `contract record` printed before the wait.
    pub(super) warnings: Vec<Diagnostic>,
}

impl Report<'_> {
    /// Prints the report as text or as JSON, and returns the exit code.
    pub(super) fn print(&self, mask: Mask, as_json: bool) -> Exit {
        let text = if as_json { json::of_report(self, mask) } else { text::text(self, mask) };
        match (print(&text), &self.analysis.outcome) {
            (false, _) => Exit::Error,
            (true, Outcome::Nothing) => Exit::Nothing,
            (true, Outcome::Contract(_)) => Exit::Success,
            (true, Outcome::Inexpressible(_)) => Exit::Inexpressible,
        }
    }

    /// The explanation of the result, in sentences. Not masked.
    fn reason(&self) -> &str {
        match &self.analysis.outcome {
            Outcome::Nothing if self.is_record => {
                "Nothing relevant changed.\n\nPossible causes: nobody selected Connect before the timeout \
                 (`--timeout`), the portal reported an error, the connector was connected before, or the portal stores the \
                 connection outside of the workspace. `terraform-provider-sentinel contract check` prints what the workspace \
                 uses now."
            }
            Outcome::Nothing => {
                "The workspace is not connected: no data connector streams tenant-wide Defender for Cloud alerts. To learn \
                 which contract the portal uses, run `terraform-provider-sentinel contract record`."
            }
            Outcome::Contract(arguments) if arguments.is_default() => {
                "This is the default contract: nothing needs to be set. Leave `contract` out."
            }
            Outcome::Contract(_) => {
                "This is not the default contract. Add this block to the resource sentinel_dfc_tenant_connector."
            }
            Outcome::Inexpressible(reason) => reason,
        }
    }

    /// Additional notes, in sentences. Not masked.
    fn notes(&self) -> Vec<String> {
        let mut notes = self.analysis.notes.clone();
        if self.is_record && matches!(self.analysis.outcome, Outcome::Contract(_)) {
            notes.push(
                "Selecting Connect has connected this workspace. To adopt the connector, set `adopt_existing = true`."
                    .to_owned(),
            );
        }
        let unsupported = &self.seen.versions.unsupported;
        if !unsupported.is_empty() {
            notes.push(format!("This cloud does not have the API versions {}.", unsupported.join(", ")));
        }
        notes
    }
}

/// The masked content of a connector before or after a change. Null if the connector did not exist.
fn document(connector: Option<&super::snapshot::Connector>, mask: &mut Mask) -> Value {
    let Some(connector) = connector else { return Value::Null };
    let mut fields = serde_json::Map::new();
    fields.insert("name".to_owned(), mask.text(&connector.name).into());
    if let Value::Object(content) = mask.json(&Value::Object(connector.content.clone())) {
        fields.extend(content);
    }
    Value::Object(fields)
}
