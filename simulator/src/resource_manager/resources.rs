//! `GET …/resources`: the top-level resources of a subscription or a resource group.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value};

use super::{API_VERSIONS, NAMESPACE};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, page};
use crate::http::Response;
use crate::resource_path::ResourcePath;

pub(super) const RESOURCES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "resources",
    api_versions: API_VERSIONS,
    scope: Scope::Own,
    routes: &[Route { on: On::Collection, method: Method::GET, permission: Permission::Verb("read"), handler: list }],
};

const PAGE_SIZE: usize = 1000;

/// Members of a resource in a list; `properties` is not one.
const SHOWN: &[&str] = &["id", "name", "type", "kind", "location", "sku", "tags", "identity"];

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let wanted_type = match context.request.parameter("$filter") {
        Some(filter) => Some(type_filter(&filter)?),
        None => None,
    };
    let found: Vec<Value> = context
        .world
        .documents
        .below(&context.target.scope)
        .filter(|(id, _)| is_top_level(id))
        .filter(|(_, document)| {
            wanted_type
                .as_ref()
                .is_none_or(|wanted| document["type"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(wanted)))
        })
        .map(|(_, document)| shown(document))
        .collect();
    page::of(context, &found, PAGE_SIZE)
}

/// Whether the resource is directly in a resource group. Extensions, children and deployments are not in the list.
fn is_top_level(id: &str) -> bool {
    ResourcePath::parse(id).is_ok_and(|target| {
        target.is_instance()
            && target.types.len() == 1
            && !target.namespace.eq_ignore_ascii_case(NAMESPACE)
            && target.resource_group.is_some()
            && target.scope.matches('/').count() == 4
    })
}

fn shown(document: &Value) -> Value {
    let of = |key: &&str| document.get(*key).map(|value| ((*key).to_owned(), value.clone()));
    Value::Object(SHOWN.iter().filter_map(of).collect::<Map<String, Value>>())
}

/// Only `resourceType eq '…'` is simulated.
fn type_filter(filter: &str) -> Result<String, ArmError> {
    let words: Vec<&str> = filter.split_whitespace().collect();
    match words.as_slice() {
        [property, operator, literal]
            if property.eq_ignore_ascii_case("resourceType")
                && operator.eq_ignore_ascii_case("eq")
                && literal.len() > 1
                && literal.starts_with('\'')
                && literal.ends_with('\'') =>
        {
            Ok(literal.trim_matches('\'').to_owned())
        }
        _ => Err(ArmError::new(
            StatusCode::BAD_REQUEST,
            "InvalidFilterInQueryString",
            format!("Invalid $filter '{filter}' specified in the query string."),
        )),
    }
}
