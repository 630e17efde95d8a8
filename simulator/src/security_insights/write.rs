//! Optimistic concurrency, and the world's write rules.

use hyper::StatusCode;
use serde_json::{Map, Value};

use crate::arm::authorization::contains;
use crate::arm::{ArmError, Context};
use crate::world::behaviors::WriteRule;

/// Returns 409 if the body has an etag that differs from the document's current etag. A body without an etag replaces
/// the document. If the document does not exist, the etag is ignored.
pub(super) fn check_etag(
    context: &Context<'_>,
    noun: &str,
    before: Option<&Value>,
    sent: &Map<String, Value>,
) -> Result<(), ArmError> {
    let sent_etag = match sent.get("etag") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(etag)) => etag,
        Some(_) => {
            return Err(ArmError::invalid_content("Error converting value to type 'System.String'. Path 'etag'"));
        }
    };
    let current = before.and_then(|before| before["etag"].as_str());
    let bare = |etag: &str| etag.trim_matches('"').to_owned();
    if current.is_none_or(|current| bare(current) == bare(sent_etag)) { Ok(()) } else { Err(conflict(context, noun)) }
}

/// Like [`check_etag`], for data connectors and alert rules. The world's behaviors can require an etag to replace them,
/// as in api-versions before 2022.
pub(super) fn check_etag_or_require(
    context: &Context<'_>,
    noun: &str,
    before: Option<&Value>,
    sent: &Map<String, Value>,
) -> Result<(), ArmError> {
    let is_missing = sent.get("etag").is_none_or(Value::is_null);
    let has_etag = before.is_some_and(|before| before["etag"].is_string());
    if context.world.settings.behaviors.etag_required && has_etag && is_missing {
        return Err(conflict(context, noun));
    }
    check_etag(context, noun, before, sent)
}

fn conflict(context: &Context<'_>, noun: &str) -> ArmError {
    let workspace = context.world.documents.get(&context.target.scope);
    let customer = workspace.and_then(|workspace| workspace["properties"]["customerId"].as_str()).unwrap_or_default();
    let message = format!(
        "Newer instance of {noun} '{}' exists for workspace '{customer}' (Etag does not match). Data was not saved.",
        context.target.name()
    );
    ArmError::new(StatusCode::CONFLICT, "Conflict", message)
}

/// Applies the world's write rules to a document before it is stored.
pub(super) fn apply_rules(context: &Context<'_>, document: &mut Value) -> Result<(), ArmError> {
    let rules = &context.world.settings.behaviors.write_rules;
    for rule in rules {
        if !matches(rule, context, document) {
            continue;
        }
        if let Some(error) = &rule.refuse {
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            return Err(ArmError::new(status, &error.code, error.message.clone()));
        }
        change(rule, document);
    }
    Ok(())
}

fn matches(rule: &WriteRule, context: &Context<'_>, document: &Value) -> bool {
    let same =
        |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(found));
    same(&rule.resource_type, &context.target.resource_type())
        && same(&rule.kind, document["kind"].as_str().unwrap_or_default())
        && same(&rule.client_id, &context.caller.appid)
        && rule.scope.as_ref().is_none_or(|scope| contains(scope, &context.target.id))
}

fn change(rule: &WriteRule, document: &mut Value) {
    for pointer in &rule.remove {
        if let Some((parent, key)) = pointer.rsplit_once('/')
            && let Some(parent) = document.pointer_mut(parent).and_then(Value::as_object_mut)
        {
            parent.shift_remove(key);
        }
    }
    for (pointer, unwanted) in &rule.remove_elements {
        if let Some(array) = document.pointer_mut(pointer).and_then(Value::as_array_mut) {
            array.retain(|element| !unwanted.contains(element));
        }
    }
    for (pointer, value) in &rule.replace {
        if let Some(target) = document.pointer_mut(pointer) {
            *target = value.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn write_rule_removes_elements_and_members_and_replaces_values() {
        let rule: WriteRule = serde_json::from_value(json!({
            "remove": ["/a/b"], "remove_elements": {"/c": ["x"]}, "replace": {"/d": "Disabled", "/absent": 1},
        }))
        .expect("a rule");
        let mut document = json!({"a": {"b": 1, "e": 2}, "c": ["x", "y"], "d": "Enabled"});
        change(&rule, &mut document);
        assert_eq!(document, json!({"a": {"e": 2}, "c": ["y"], "d": "Disabled"}));
    }
}
