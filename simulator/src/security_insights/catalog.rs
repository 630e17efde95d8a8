//! The Content Hub catalog of a workspace.

use serde_json::{Map, Value, json};

use super::{NAMESPACE, packaging};
use crate::arm::Context;
use crate::template::unique_string;

/// The product with this name, which is its content ID. Names are case-insensitive.
pub(super) fn product<'a>(context: &'a Context<'_>, name: &str) -> Option<&'a Value> {
    let named = |product: &&Value| product["contentId"].as_str().is_some_and(|id| id.eq_ignore_ascii_case(name));
    context.world.settings.catalog.packages.iter().find(named)
}

/// The catalog's properties of a product, without its template. If the world has no `contentProductId`, it is derived
/// from the version.
pub(super) fn shown(product: &Value) -> Map<String, Value> {
    let mut shown = product.as_object().cloned().unwrap_or_default();
    shown.shift_remove("packagedContent");
    let text = |name: &str| product[name].as_str().unwrap_or_default();
    let (id, version) = (text("contentId"), text("version"));
    shown.entry("contentProductId").or_insert_with(|| {
        let start: String = id.chars().take(50).collect();
        json!(format!("{start}-sl-{}", unique_string(&[&format!("{id}-Solution-{id}-{version}")])))
    });
    shown
}

/// The content template with this content ID.
pub(super) fn template<'a>(context: &'a Context<'_>, name: &str) -> Option<&'a Value> {
    let named = |template: &&Value| template["contentId"].as_str().is_some_and(|id| id.eq_ignore_ascii_case(name));
    context.world.settings.catalog.templates.iter().find(named)
}

/// A catalog entry as a resource of the workspace. Its name is the `contentId` in `properties`.
pub(super) fn document(context: &Context<'_>, collection: &str, properties: &Map<String, Value>) -> Value {
    let name = properties.get("contentId").and_then(Value::as_str).unwrap_or_default();
    let workspace = context.world.documents.get(&context.target.scope);
    let workspace = workspace.and_then(|workspace| workspace["id"].as_str()).unwrap_or(&context.target.scope);
    json!({
        "id": format!("{workspace}/providers/{NAMESPACE}/{collection}/{name}"),
        "name": name,
        "type": format!("{NAMESPACE}/{}", collection.to_lowercase()),
        "etag": "\"0300bf09-0000-0000-0000-5c37296e0000\"",
        "properties": properties,
    })
}

/// The installed package with this content ID, regardless of its resource name.
pub(super) fn installed<'a>(context: &'a Context<'_>, content_id: &str) -> Option<&'a Value> {
    let collection = format!("{}/providers/{NAMESPACE}/contentPackages", context.target.scope);
    context.world.documents.children(&collection).find(|package| {
        package["properties"]["contentId"].as_str().is_some_and(|id| id.eq_ignore_ascii_case(content_id))
    })
}

/// The ARM template of a product: the world's, or one generated from its dependencies. The world's template always has
/// the product's version, so that a test can publish a new version by changing one place.
pub(super) fn packaged_content(context: &Context<'_>, product: &Value) -> Value {
    match &product["packagedContent"] {
        Value::Null => packaging::template(product, |content_id| template(context, content_id)),
        own => {
            let mut own = own.clone();
            if let Some(version) = own.pointer_mut("/variables/_solutionVersion") {
                *version = product["version"].clone();
            }
            own
        }
    }
}
