//! The result as JSON. The members are the same for all commands and results.

use serde_json::{Value, json};

use super::{Report, Seen, document, issue};
use crate::contract_command::difference::Change;
use crate::contract_command::hcl;
use crate::contract_command::mask::Mask;
use crate::contract_command::outcome::Outcome;
use crate::framework::Diagnostic;
use crate::sentinel::data_connector::{Category, category};

/// A command that ended without a result.
pub(in crate::contract_command) struct Stopped<'a> {
    /// Whether the command is `contract record`. Otherwise, it is `contract check`.
    pub(in crate::contract_command) is_record: bool,
    /// The errors. Empty if the user pressed Ctrl-C.
    pub(in crate::contract_command) errors: &'a [Diagnostic],
    pub(in crate::contract_command) seen: &'a Seen,
}

impl Stopped<'_> {
    /// The JSON document for stdout.
    pub(in crate::contract_command) fn json(&self, mut mask: Mask) -> String {
        let (result, reason) = match self.errors {
            [] => ("canceled", "The command was canceled before it had a result.".to_owned()),
            errors => ("error", errors.iter().map(sentences).collect::<Vec<_>>().join("\n\n")),
        };
        pretty(&members(self.is_record, result, &reason, &[], self.seen, &mut mask))
    }
}

pub(super) fn of_report(report: &Report<'_>, mut mask: Mask) -> String {
    let Report { is_record, analysis, changes, seen } = report;
    let result = match (&analysis.outcome, is_record) {
        (Outcome::Nothing, true) => "nothing_changed",
        (Outcome::Nothing, false) => "not_connected",
        (Outcome::Contract(_), _) => "contract",
        (Outcome::Inexpressible(_), _) => "inexpressible",
    };
    let mut document = members(*is_record, result, report.reason(), &report.notes(), seen, &mut mask);
    if let Outcome::Contract(arguments) = &analysis.outcome {
        document["is_default"] = arguments.is_default().into();
        if !arguments.is_default() {
            document["contract"] = mask.json(&arguments.to_json());
            document["hcl"] = mask.text(&hcl::contract(arguments)).into();
        }
    }
    document["changes"] = changes.iter().map(|change| of_change(change, &mut mask)).collect();
    if *is_record && matches!(analysis.outcome, Outcome::Inexpressible(_)) {
        document["issue"] = issue::text(report, &mut mask).into();
    }
    pretty(&document)
}

/// The members of the document. Members that do not apply to the result are null or empty.
fn members(is_record: bool, result: &str, reason: &str, notes: &[String], seen: &Seen, mask: &mut Mask) -> Value {
    let notes = seen.warnings.iter().map(sentences).chain(notes.iter().cloned());
    json!({
        "command": if is_record { "record" } else { "check" },
        "result": result,
        "is_default": Value::Null,
        "contract": Value::Null,
        "hcl": Value::Null,
        "reason": mask.text(reason),
        "notes": notes.map(|note| mask.text(&note)).collect::<Vec<_>>(),
        "issue": Value::Null,
        "api_versions": seen.versions.used,
        "unsupported_api_versions": seen.versions.unsupported,
        "changes": [],
    })
}

fn sentences(diagnostic: &Diagnostic) -> String {
    format!("{}. {}", diagnostic.summary, diagnostic.detail)
}

fn pretty(document: &Value) -> String {
    let text = serde_json::to_string_pretty(document).expect("invariant: JSON can be written");
    format!("{text}\n")
}

/// How a connector of this kind relates to the connection.
fn relevance(kind: &str) -> &'static str {
    match category(kind) {
        Category::DefenderXdr | Category::Unpublished => "connection",
        Category::ConnectorPage => "connector_page",
        Category::SubscriptionConnector => "subscription_connector",
        Category::OtherProduct => "other_product",
    }
}

fn of_change(change: &Change, mask: &mut Mask) -> Value {
    let fields: Vec<Value> = change
        .fields
        .iter()
        .map(|field| {
            let name = field.path.last().map(String::as_str).unwrap_or_default();
            let mut masked = |value: &Option<Value>| mask.named(name, value.as_ref().unwrap_or(&Value::Null));
            let (before, after) = (masked(&field.before), masked(&field.after));
            json!({"path": mask.text(&field.path.join(".")), "before": before, "after": after})
        })
        .collect();
    json!({
        "kind": mask.text(&change.connector().kind),
        "relevance": relevance(&change.connector().kind),
        "fields": fields,
        "before": document(change.before.as_ref(), mask),
        "after": document(change.after.as_ref(), mask),
    })
}
