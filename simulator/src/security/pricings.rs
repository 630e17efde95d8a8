//! Plans of Defender for Cloud. A plan that was never written is `Free`.

use hyper::Method;
use serde_json::{Value, json};

use super::{NAMESPACE, on_subscription};
use crate::arm::route::{ApiVersions, On, Permission, ResourceType, Route, Scope};
use crate::arm::schema::malformed;
use crate::arm::{ArmError, Context, body, store};
use crate::http::Response;

pub(super) const PRICINGS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "pricings",
    api_versions: ApiVersions::all(&["2018-06-01", "2022-03-01", "2023-01-01", "2024-01-01", "2025-10-01-preview"]),
    scope: Scope::Any,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
    ],
};

const NAMES: &[&str] = &[
    "Api",
    "AppServices",
    "Arm",
    "CloudPosture",
    "Containers",
    "CosmosDbs",
    "KeyVaults",
    "OpenSourceRelationalDatabases",
    "SqlServerVirtualMachines",
    "SqlServers",
    "StorageAccounts",
    "VirtualMachines",
];

/// All plans, without a `nextLink`.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    on_subscription(context)?;
    let plans: Vec<Value> = NAMES.iter().map(|name| plan(context, name)).collect();
    Ok(Response::ok(&json!({ "value": plans })))
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    on_subscription(context)?;
    Ok(Response::ok(&plan(context, known(context)?)))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    on_subscription(context)?;
    let name = known(context)?;
    let sent = body::object(context.request)?;
    let tier = &sent.get("properties").cloned().unwrap_or_default()["pricingTier"];
    let tier = match tier.as_str() {
        Some(tier) if tier.eq_ignore_ascii_case("Free") => "Free",
        Some(tier) if tier.eq_ignore_ascii_case("Standard") => "Standard",
        _ => return Err(malformed("properties.pricingTier", "'Free' or 'Standard'")),
    };
    let document = with_tier(context, name, tier);
    context.world.documents.put(&context.target.id, document.clone());
    Ok(Response::ok(&document))
}

fn known(context: &Context<'_>) -> Result<&'static str, ArmError> {
    let wanted = context.target.name();
    let known = NAMES.iter().find(|name| name.eq_ignore_ascii_case(wanted));
    known.copied().ok_or_else(|| store::not_found(context.target))
}

fn plan(context: &Context<'_>, name: &str) -> Value {
    let id = format!("{}/providers/{NAMESPACE}/pricings/{name}", context.target.scope);
    context.world.documents.get(&id).cloned().unwrap_or_else(|| with_tier(context, name, "Free"))
}

fn with_tier(context: &Context<'_>, name: &str, tier: &str) -> Value {
    json!({
        "id": format!("{}/providers/{NAMESPACE}/pricings/{name}", context.target.scope),
        "name": name,
        "type": "Microsoft.Security/pricings",
        "properties": {"pricingTier": tier, "freeTrialRemainingTime": "PT0S"},
    })
}
