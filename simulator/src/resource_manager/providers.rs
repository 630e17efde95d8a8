//! Resource providers of a subscription: their registration, and the api-versions of their types.

use hyper::Method;
use serde_json::{Value, json};

use super::{API_VERSIONS, NAMESPACE};
use crate::arm::route::{self, On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Operation, page};
use crate::http::Response;

pub(super) const PROVIDERS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "subscriptions/providers",
    api_versions: API_VERSIONS,
    scope: Scope::Own,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, run: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, run: get },
        Route { on: On::Action("register"), method: Method::POST, permission: Permission::Register, run: register },
    ],
};

fn list(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    let providers = operation.world.documents.children(&operation.target.id);
    Ok(page::whole(providers.map(|document| describe(document.clone()))))
}

fn get(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    let target = operation.target;
    let found = operation.world.documents.get(&target.id).cloned();
    let document = found.or_else(|| simulated(operation)).ok_or_else(|| invalid(target.name()))?;
    Ok(Response::ok(&describe(document)))
}

/// Registration takes minutes in Azure, during which the state is `Registering`; here it is done at once.
fn register(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    let target = operation.target;
    let id = target.parent();
    let found = operation.world.documents.get(id).cloned();
    let mut document = found.or_else(|| simulated(operation)).ok_or_else(|| invalid(target.name()))?;
    document["registrationState"] = json!("Registered");
    operation.world.documents.put(id, document.clone());
    Ok(Response::ok(&describe(document)))
}

/// A provider that the simulator has but the subscription has never registered.
fn simulated(operation: &Operation<'_>) -> Option<Value> {
    let namespace = route::of_namespace(operation.target.name()).next()?.namespace;
    let subscription = operation.target.subscription.as_deref()?;
    Some(json!({
        "id": format!("/subscriptions/{subscription}/providers/{namespace}"),
        "namespace": namespace,
        "registrationPolicy": "RegistrationRequired",
        "registrationState": "NotRegistered",
    }))
}

/// Adds the resource types, which the route table knows.
fn describe(mut document: Value) -> Value {
    let namespace = document["namespace"].as_str().unwrap_or_default();
    let types = route::of_namespace(namespace).map(|row| {
        let versions: Vec<&str> = row.api_versions.iter().rev().copied().collect();
        json!({"resourceType": row.name, "locations": ["West Europe", "North Europe"], "apiVersions": versions})
    });
    document["resourceTypes"] = types.collect();
    document
}

fn invalid(namespace: &str) -> ArmError {
    let message = format!("The resource namespace '{namespace}' is invalid.");
    ArmError::new(hyper::StatusCode::NOT_FOUND, "InvalidResourceNamespace", message)
}
