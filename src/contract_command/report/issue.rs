//! The text of an issue about a change that no contract expresses, with the fields of the issue template "Contract
//! report".

use serde_json::{Value, json};

use super::{Report, document};
use crate::contract_command::mask::Mask;

pub(super) fn text(report: &Report<'_>, mask: &mut Mask) -> String {
    let changes: Vec<Value> = report
        .changes
        .iter()
        .map(|change| {
            json!({"before": document(change.before.as_ref(), mask), "after": document(change.after.as_ref(), mask)})
        })
        .collect();
    let changes = serde_json::to_string_pretty(&changes).expect("invariant: JSON can be written");
    let reason = mask.text(report.reason());
    let notes: String = report.analysis.notes.iter().map(|note| format!("- {}\n", mask.text(note))).collect();
    format!(
        "Title: Contract: a change that no contract expresses\n\n\
         Source: The command `contract record`, version {}\n\
         API versions: {}\n\
         Why no contract expresses it: {reason}\n{notes}\n\
         The data connectors before and after:\n\n```json\n{changes}\n```\n",
        env!("CARGO_PKG_VERSION"),
        report.seen.versions.used.join(", "),
    )
}
