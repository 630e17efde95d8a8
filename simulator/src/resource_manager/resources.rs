//! `GET …/resources`: the top-level resources of a subscription or a resource group.

use hyper::Method;
use serde_json::{Map, Value, json};

use super::tag_filter::{self, views};
use super::{API_VERSIONS, NAMESPACE};
use crate::arm::filter::Filter;
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, authorization, page};
use crate::http::Response;
use crate::resource_path::ResourcePath;

pub(super) const RESOURCES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "resources",
    api_versions: API_VERSIONS,
    scope: Scope::Own,
    routes: &[Route { on: On::Collection, method: Method::GET, permission: Permission::None, handler: list }],
};

const PAGE_SIZE: usize = 1000;

/// Members of a resource in a list, which does not include `properties`.
const SHOWN: &[&str] = &["id", "name", "type", "kind", "managedBy", "location", "sku", "tags", "identity"];

/// Members that a list includes only if `$expand` names them.
const EXPANDABLE: &[&str] = &["createdTime", "changedTime", "provisioningState"];

/// Properties that a filter can mention, in lower case.
const FILTERABLE: &[&str] = &[
    "location",
    "resourcetype",
    "name",
    "resourcegroup",
    "identity/principalid",
    "plan/name",
    "plan/product",
    "plan/promotioncode",
    "plan/publisher",
    "plan/version",
    "tagname",
    "tagvalue",
];

/// The resources that the caller may read.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    authorization::check_any(context.world, context.caller, ACTION, &context.target.scope)?;
    let filter = tag_filter::parse(context, FILTERABLE)?;
    let expanded = expanded(context)?;
    let found: Vec<Value> = context
        .world
        .documents
        .below(&context.target.scope)
        .filter(|(id, _)| is_top_level(id))
        .filter(|(_, document)| is_readable(context, document))
        .filter(|(_, document)| filter.as_ref().is_none_or(|filter| matches(filter, document)))
        .map(|(_, document)| shown(document, &expanded))
        .collect();
    page::of(context, &found, PAGE_SIZE)
}

const ACTION: &str = "Microsoft.Resources/subscriptions/resources/read";

fn is_readable(context: &Context<'_>, document: &Value) -> bool {
    let action = format!("{}/read", document["type"].as_str().unwrap_or_default());
    let id = document["id"].as_str().unwrap_or_default();
    authorization::check(context.world, context.caller, &action, id).is_ok()
}

/// Whether the resource is directly in a resource group. Extensions, children and deployments are not in the list.
pub(super) fn is_top_level(id: &str) -> bool {
    ResourcePath::parse(id).is_ok_and(|target| {
        target.is_instance()
            && target.types.len() == 1
            && !target.namespace.eq_ignore_ascii_case(NAMESPACE)
            && target.resource_group.is_some()
            && target.scope.matches('/').count() == 4
    })
}

fn matches(filter: &Filter, document: &Value) -> bool {
    let group = document["id"].as_str().and_then(|id| id.split('/').nth(4)).unwrap_or_default();
    let base = json!({
        "location": document["location"],
        "resourcetype": document["type"],
        "name": document["name"],
        "resourcegroup": group,
        "identity": {"principalid": document["identity"]["principalId"]},
    });
    views(&base, document).iter().any(|view| filter.matches(view))
}

/// The members that `$expand` names.
fn expanded(context: &Context<'_>) -> Result<Vec<&'static str>, ArmError> {
    let wanted = context.request.parameter("$expand").unwrap_or_default();
    let names = wanted.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| {
            EXPANDABLE.iter().find(|known| known.eq_ignore_ascii_case(name)).copied().ok_or_else(|| {
                ArmError::bad_request(format!(
                    "The $expand value '{name}' is not valid. The supported values are '{}'.",
                    EXPANDABLE.join(", ")
                ))
            })
        })
        .collect()
}

fn shown(document: &Value, expanded: &[&str]) -> Value {
    let of = |key: &&str| document.get(*key).map(|value| ((*key).to_owned(), value.clone()));
    let mut shown: Map<String, Value> = SHOWN.iter().filter_map(of).collect();
    let properties = &document["properties"];
    for name in expanded {
        let value = match *name {
            "createdTime" => &properties["createdDate"],
            "changedTime" => &properties["modifiedDate"],
            _ => &properties["provisioningState"],
        };
        if !value.is_null() {
            shown.insert((*name).to_owned(), value.clone());
        }
    }
    Value::Object(shown)
}
