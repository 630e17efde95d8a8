//! Resource providers of a subscription: registration, resource types and their api-versions.

use hyper::Method;
use serde_json::{Value, json};

use super::{API_VERSIONS, NAMESPACE};
use crate::arm::location::REGIONS;
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{Arm, ArmError, Context, page};
use crate::http::Response;

pub(super) const PROVIDERS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "subscriptions/providers",
    api_versions: API_VERSIONS,
    scope: Scope::Own,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Action("register"), method: Method::POST, permission: Permission::Register, handler: register },
    ],
};

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let providers = context.world.documents.children(&context.target.id);
    page::whole(context, providers.map(|document| describe(context.arm, document.clone())))
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let target = context.target;
    let found = context.world.documents.get(&target.id).cloned();
    let document = found.or_else(|| simulated(context)).ok_or_else(|| invalid(target.name()))?;
    Ok(Response::ok(&describe(context.arm, document)))
}

/// Registers a provider. In Azure, this takes minutes, with the state `Registering`; in the simulator, it takes no
/// time.
fn register(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let target = context.target;
    let id = target.parent();
    let found = context.world.documents.get(id).cloned();
    let mut document = found.or_else(|| simulated(context)).ok_or_else(|| invalid(target.name()))?;
    document["registrationState"] = json!("Registered");
    context.world.documents.put(id, document.clone());
    Ok(Response::ok(&describe(context.arm, document)))
}

/// A simulated provider that the subscription has never registered.
fn simulated(context: &Context<'_>) -> Option<Value> {
    let namespace = context.arm.of_namespace(context.target.name()).next()?.namespace;
    let subscription = context.target.subscription.as_deref()?;
    Some(json!({
        "id": format!("/subscriptions/{subscription}/providers/{namespace}"),
        "namespace": namespace,
        "registrationPolicy": "RegistrationRequired",
        "registrationState": "NotRegistered",
    }))
}

/// Adds the resource types to the document of a provider.
fn describe(arm: Arm<'_>, mut document: Value) -> Value {
    let namespace = document["namespace"].as_str().unwrap_or_default();
    let types = arm.of_namespace(namespace).map(|resource_type| {
        let versions: Vec<&str> = resource_type.api_versions.iter().collect();
        json!({
            "resourceType": resource_type.name,
            "locations": REGIONS.iter().map(|(_, display, _)| display).collect::<Vec<_>>(),
            "apiVersions": versions,
        })
    });
    document["resourceTypes"] = types.collect();
    document
}

fn invalid(namespace: &str) -> ArmError {
    let message = format!("The resource namespace '{namespace}' is invalid.");
    ArmError::new(hyper::StatusCode::NOT_FOUND, "InvalidResourceNamespace", message)
}
