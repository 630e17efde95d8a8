//! `PUT` and `DELETE /_simulator/resources?id=ARM_ID`: the portal, or a colleague, at work.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::body;
use crate::arm::id;
use crate::http::{Answer, Call};
use crate::world::World;

/// Stores the body as the document of that id. `id`, `name` and `type` are filled in where they are missing.
/// The etag always changes, as it does in Azure whoever writes, unless the body brings a new one of its own.
pub(super) fn put(call: &Call, world: &mut World) -> Result<Answer, String> {
    let id = wanted_id(call)?;
    let Value::Object(mut document) = body(call)? else {
        return Err("a document is a JSON object".to_owned());
    };
    let before = world.documents.get(&id);
    let same_etag = before.is_some_and(|before| before.get("etag") == document.get("etag"));
    let has_etag = document.contains_key("etag") || before.is_some_and(|before| before.get("etag").is_some());
    let stored_id = before.and_then(|before| before["id"].as_str()).unwrap_or(&id).to_owned();
    if !document.contains_key("id") {
        document.shift_insert(0, "id".to_owned(), json!(stored_id));
    }
    if let Some((resource_type, name)) = id::type_and_name(&stored_id) {
        document.entry("name").or_insert_with(|| json!(name));
        document.entry("type").or_insert_with(|| json!(resource_type));
        let versioned = has_etag || resource_type.to_lowercase().starts_with("microsoft.securityinsights/");
        let onboarding = resource_type.eq_ignore_ascii_case("Microsoft.SecurityInsights/onboardingStates");
        if versioned && !onboarding && (same_etag || !document.contains_key("etag")) {
            document.insert("etag".to_owned(), json!(world.settings.next_etag()));
        }
    }
    let document = Value::Object(document);
    let status =
        if world.documents.put(&id, document.clone()).is_some() { StatusCode::OK } else { StatusCode::CREATED };
    Ok(Answer::json(status, &document))
}

/// Removes the document and everything below it: 200, or 204 where there was nothing.
pub(super) fn delete(call: &Call, world: &mut World) -> Result<Answer, String> {
    let id = wanted_id(call)?;
    let existed = world.documents.contains(&id);
    world.documents.remove_tree(&id);
    Ok(Answer::empty(if existed { StatusCode::OK } else { StatusCode::NO_CONTENT }))
}

fn wanted_id(call: &Call) -> Result<String, String> {
    let id = call.query("id").ok_or("the query parameter id is missing")?;
    let id = id.trim_end_matches('/');
    if id.starts_with('/') { Ok(id.to_owned()) } else { Err(format!("{id:?} is not an ARM id: it starts with /")) }
}
