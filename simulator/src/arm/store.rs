//! Functions for documents of all types: look-up, parents, canonical IDs and `systemData`.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::error::ArmError;
use super::route::Context;
use crate::clock;
use crate::resource_path::{ResourcePath, type_and_name};
use crate::world::World;

/// Returns 404 if the target's resource group or parent resource does not exist.
pub(crate) fn check_parents(world: &World, target: &ResourcePath, method: &Method) -> Result<(), ArmError> {
    if let (Some(subscription), Some(group)) = (&target.subscription, &target.resource_group) {
        let exists = world.documents.contains(&format!("/subscriptions/{subscription}/resourceGroups/{group}"));
        let is_the_group = target.types.last().is_some_and(|last| last == "resourceGroups");
        if !exists && !is_the_group {
            return Err(ArmError::resource_group_not_found(group));
        }
    }
    let Some((scope_type, scope_name)) = type_and_name(&target.scope) else { return Ok(()) };
    if world.documents.contains(&target.scope) {
        return Ok(());
    }
    if *method == Method::PUT {
        let kind = scope_type.rsplit('/').next().unwrap_or_default();
        let message = format!(
            "Failed to perform 'write' on resource(s) of type '{kind}/providers/{}', because the parent resource \
             '{}' could not be found.",
            target.types.join("/"),
            target.scope
        );
        return Err(ArmError::new(StatusCode::NOT_FOUND, "ParentResourceNotFound", message));
    }
    Err(ArmError::resource_not_found(&scope_type, &scope_name, target.resource_group.as_deref()))
}

/// The target's document, or 404.
pub(crate) fn get(context: &Context<'_>) -> Result<Value, ArmError> {
    let target = context.target;
    context.world.documents.get(&target.id).cloned().ok_or_else(|| not_found(target))
}

/// The 404 for the target.
pub(crate) fn not_found(target: &ResourcePath) -> ArmError {
    ArmError::resource_not_found(&target.resource_type(), target.name(), target.resource_group.as_deref())
}

/// The documents of the target, a collection.
pub(crate) fn list(context: &Context<'_>) -> Vec<Value> {
    context.world.documents.children(&context.target.id).cloned().collect()
}

/// The ID of the target's document, which is the stored ID if the document exists. A new ID has the parent's stored
/// casing, the canonical casing of the type, and the name in the request's casing.
pub(crate) fn canonical_id(context: &Context<'_>, resource_type: &str) -> String {
    let target = context.target;
    let stored =
        |id: &str| context.world.documents.get(id).and_then(|document| document["id"].as_str()).map(str::to_owned);
    stored(&target.id).unwrap_or_else(|| {
        let scope = stored(&target.scope).unwrap_or_else(|| target.scope.clone());
        format!("{scope}/providers/{resource_type}/{}", target.name())
    })
}

/// `systemData`: who wrote the document, and when. `before` is the document that is replaced.
pub(crate) fn system_data(context: &Context<'_>, before: Option<&Value>) -> Value {
    let now = clock::iso(context.world.now());
    let author = &context.caller.appid;
    let created = before.map(|before| &before["systemData"]).filter(|data| data.is_object());
    let mut data = Map::new();
    let original_or = |key: &str, otherwise: Value| created.map_or(otherwise, |created| created[key].clone());
    data.insert("createdBy".to_owned(), original_or("createdBy", json!(author)));
    data.insert("createdByType".to_owned(), original_or("createdByType", json!("Application")));
    data.insert("createdAt".to_owned(), original_or("createdAt", json!(now)));
    data.insert("lastModifiedBy".to_owned(), json!(author));
    data.insert("lastModifiedByType".to_owned(), json!("Application"));
    data.insert("lastModifiedAt".to_owned(), json!(now));
    Value::Object(data)
}
