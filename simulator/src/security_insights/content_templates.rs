//! Installed content templates, from which users create resources.

use super::document::{self, NewDocument};
use super::{NAMESPACE, api_versions, onboarding_states, query, schema, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, store};
use crate::http::Response;
use hyper::Method;

pub(super) const CONTENT_TEMPLATES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "contentTemplates",
    api_versions: api_versions::CONTENT,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: document::get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: document::delete },
    ],
};

/// Properties that a list includes only if `$expand` names them.
const EXPANDABLE: &[&str] = &["mainTemplate", "dependantTemplates"];

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let expand = context.request.parameter("$expand").unwrap_or_default();
    let wanted: Vec<&str> = expand.split(',').map(|path| path.trim().trim_start_matches("properties/")).collect();
    let mut documents = store::list(context);
    for document in &mut documents {
        if let Some(properties) = document["properties"].as_object_mut() {
            properties.retain(|name, _| !EXPANDABLE.contains(&name.as_str()) || wanted.contains(&name.as_str()));
        }
    }
    query::respond(context, documents)
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let sent = body::object(context.request)?;
    let properties = schema::read(schema::of("contentTemplates"), sent.get("properties"), false)?;
    schema::require_texts(&properties, &["contentId", "contentKind", "displayName", "packageId", "version"])?;
    let before = document::before(context);
    write::check_etag(context, "content template", before.as_ref(), &sent)?;
    let new = NewDocument {
        segment: "contentTemplates",
        shown_type: "contenttemplates",
        kind: None,
        properties,
        has_system_data: true,
    };
    let (status, document) = document::save(context, new)?;
    Ok(Response::json(status, &document))
}
