//! `whatIf`: the changes that a deployment would make.

use serde_json::{Map, Value, json};

use super::{names, preflight, request, results};
use crate::arm::{ArmError, Context};
use crate::http::Response;
use crate::resource_manager::resources::is_top_level;
use crate::template::Resource;

/// Compares the template's resources with the existing resources. The comparison takes no time; the URL in `Location`
/// returns the result.
pub(super) fn start(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let target = context.target;
    names::check(target.name())?;
    let request = request::read(context)?;
    let expanded = request::expand(context.world, &target.scope, target.name(), &request)?;
    preflight::check(context.arm, context.world, context.caller, target.name(), &expanded.resources)?;
    let mut changes: Vec<Value> =
        expanded.resources.iter().map(|resource| change(context.world.documents.get(&resource.id), resource)).collect();
    let is_in_template = |id: &str| expanded.resources.iter().any(|resource| resource.id.eq_ignore_ascii_case(id));
    let others = context.world.documents.below(&target.scope).filter(|(id, _)| is_top_level(id) && !is_in_template(id));
    changes.extend(others.map(|(_, document)| {
        json!({"resourceId": document["id"], "changeType": "Ignore", "before": shown(document), "after": shown(document)})
    }));
    let body = json!({
        "status": "Succeeded",
        "properties": {"correlationId": context.request.correlation_id, "changes": changes},
    });
    Ok(results::accepted(context, Some(body)))
}

/// The change that a template resource makes to the existing document.
fn change(before: Option<&Value>, resource: &Resource) -> Value {
    let mut after = json!({
        "id": resource.id,
        "type": resource.resource_type,
        "name": resource.name,
        "apiVersion": resource.api_version,
    });
    for (name, value) in &resource.body {
        after[name] = value.clone();
    }
    let Some(before) = before else {
        return json!({"resourceId": resource.id, "changeType": "Create", "after": after});
    };
    let mut delta = Vec::new();
    compare("", before, &resource.body, &mut delta);
    let change_type = if delta.is_empty() { "NoChange" } else { "Modify" };
    json!({"resourceId": before["id"], "changeType": change_type, "before": before, "after": after, "delta": delta})
}

/// Adds the members of `after` that differ from `before`, each with its path.
fn compare(path: &str, before: &Value, after: &Map<String, Value>, delta: &mut Vec<Value>) {
    for (name, after) in after {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match (&before[name], after) {
            (before @ Value::Object(_), Value::Object(after)) => compare(&path, before, after, delta),
            (before, after) if before == after => {}
            (Value::Null, after) => delta.push(json!({
                "path": path, "propertyChangeType": "Create", "before": null, "after": after, "children": null,
            })),
            (before, after) => delta.push(json!({
                "path": path, "propertyChangeType": "Modify", "before": before, "after": after, "children": null,
            })),
        }
    }
}

fn shown(document: &Value) -> Value {
    let members = ["id", "name", "type", "location"].iter().map(|name| ((*name).to_owned(), document[*name].clone()));
    Value::Object(members.collect())
}
