//! The result as JSON.

use serde_json::{Value, json};

use super::{Report, document, issue};
use crate::contract_command::difference::Change;
use crate::contract_command::express::{Outcome, relevance};
use crate::contract_command::hcl;
use crate::contract_command::mask::Mask;

pub(super) fn json(report: &Report<'_>, mut mask: Mask) -> Value {
    let mut result = json!({
        "command": if report.is_record { "record" } else { "check" },
        "result": word(report),
        "is_default": Value::Null,
        "contract": Value::Null,
        "hcl": Value::Null,
        "reason": Value::Null,
        "notes": report.verdict.notes.iter().map(|note| mask.text(note)).collect::<Vec<_>>(),
        "api_versions": report.versions.used,
        "unsupported_api_versions": report.versions.unsupported,
    });
    match &report.verdict.outcome {
        Outcome::Nothing => {}
        Outcome::Contract(terms) => {
            result["is_default"] = terms.is_default().into();
            if !terms.is_default() {
                result["contract"] = mask.json(&terms.to_json());
                result["hcl"] = mask.text(&hcl::contract(terms)).into();
            }
        }
        Outcome::Inexpressible(reason) => result["reason"] = mask.text(reason).into(),
    }
    if report.is_record {
        result["changes"] = report.changes.iter().map(|change| of_change(change, &mut mask)).collect();
        if matches!(report.verdict.outcome, Outcome::Inexpressible(_)) {
            result["issue"] = issue::text(report, &mut mask).into();
        }
    }
    result
}

/// The result in one word.
const fn word(report: &Report<'_>) -> &'static str {
    match (&report.verdict.outcome, report.is_record) {
        (Outcome::Nothing, true) => "nothing_changed",
        (Outcome::Nothing, false) => "not_connected",
        (Outcome::Contract(_), _) => "contract",
        (Outcome::Inexpressible(_), _) => "inexpressible",
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
        "relevance": relevance(&change.connector().kind).word(),
        "fields": fields,
        "before": document(change.before.as_ref(), mask),
        "after": document(change.after.as_ref(), mask),
    })
}
