//! The result as JSON.

use serde_json::{Value, json};

use super::{Report, document, issue};
use crate::contract_command::difference::Change;
use crate::contract_command::hcl;
use crate::contract_command::mask::Mask;
use crate::contract_command::outcome::Outcome;
use crate::sentinel::data_connector::{Category, category};

pub(super) fn json(report: &Report<'_>, mut mask: Mask) -> Value {
    let mut result = json!({
        "command": if report.is_record { "record" } else { "check" },
        "result": word(report),
        "is_default": Value::Null,
        "contract": Value::Null,
        "hcl": Value::Null,
        "reason": Value::Null,
        "notes": report.analysis.notes.iter().map(|note| mask.text(note)).collect::<Vec<_>>(),
        "api_versions": report.versions.used,
        "unsupported_api_versions": report.versions.unsupported,
    });
    match &report.analysis.outcome {
        Outcome::Nothing => {}
        Outcome::Contract(arguments) => {
            result["is_default"] = arguments.is_default().into();
            if !arguments.is_default() {
                result["contract"] = mask.json(&arguments.to_json());
                result["hcl"] = mask.text(&hcl::contract(arguments)).into();
            }
        }
        Outcome::Inexpressible(reason) => result["reason"] = mask.text(reason).into(),
    }
    if report.is_record {
        result["changes"] = report.changes.iter().map(|change| of_change(change, &mut mask)).collect();
        if matches!(report.analysis.outcome, Outcome::Inexpressible(_)) {
            result["issue"] = issue::text(report, &mut mask).into();
        }
    }
    result
}

/// The result in one word.
const fn word(report: &Report<'_>) -> &'static str {
    match (&report.analysis.outcome, report.is_record) {
        (Outcome::Nothing, true) => "nothing_changed",
        (Outcome::Nothing, false) => "not_connected",
        (Outcome::Contract(_), _) => "contract",
        (Outcome::Inexpressible(_), _) => "inexpressible",
    }
}

/// What a connector of this kind is for the question whether it is the connection.
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
