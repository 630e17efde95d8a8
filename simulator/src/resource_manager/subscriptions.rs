//! Subscriptions and their locations.

use hyper::Method;
use serde_json::json;

use super::{API_VERSIONS, NAMESPACE};
use crate::arm::location::REGIONS;
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, authentication, authorization, page, store};
use crate::http::Response;

pub(super) const SUBSCRIPTIONS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "subscriptions",
    api_versions: API_VERSIONS,
    scope: Scope::Own,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::None, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::None, handler: get },
    ],
};

pub(super) const LOCATIONS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "subscriptions/locations",
    api_versions: API_VERSIONS,
    scope: Scope::Own,
    routes: &[Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: locations }],
};

/// The subscriptions in which the caller has a role, on the subscription, above it or below it.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let world = &context.world;
    let caller = context.caller;
    let visible = world.documents.children("/subscriptions").filter(|document| {
        let Some(id) = document["id"].as_str() else { return false };
        let assigned = authorization::has_role_in(world, &caller.oid, id);
        let subscription = document["subscriptionId"].as_str().unwrap_or_default();
        assigned && authentication::check_subscription(world, caller, subscription).is_ok()
    });
    page::whole(context, visible.cloned())
}

/// Returns the subscription. The world's behaviors decide whether a role below the subscription is sufficient.
fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let (world, caller, id) = (&context.world, context.caller, &context.target.id);
    let is_sufficient = world.settings.behaviors.subscription_readable_from_below;
    if !(is_sufficient && authorization::has_role_below(world, caller, id)) {
        authorization::check(world, caller, "Microsoft.Resources/subscriptions/read", id)?;
    }
    Ok(Response::ok(&store::get(context)?))
}

fn locations(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let subscription = context.target.names.first().map(String::as_str).unwrap_or_default();
    let regions = REGIONS.iter().map(|(name, display, group)| {
        json!({
            "id": format!("/subscriptions/{subscription}/locations/{name}"),
            "name": name,
            "type": "Region",
            "displayName": display,
            "regionalDisplayName": format!("({group}) {display}"),
            "metadata": {"regionType": "Physical", "regionCategory": "Recommended", "geographyGroup": group},
        })
    });
    page::whole(context, regions)
}
