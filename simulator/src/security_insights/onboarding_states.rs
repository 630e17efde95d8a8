//! `onboardingStates/default`: whether Sentinel is enabled on a workspace. All other types require it.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};
use time::Duration;

use super::{NAMESPACE, api_versions, schema};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, page, store};
use crate::clock;
use crate::http::Response;
use crate::world::settings::OnboardingWindow;

pub(super) const ONBOARDING_STATES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "onboardingStates",
    api_versions: api_versions::ONBOARDING,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: delete },
    ],
};

/// Returns 400, or 404 depending on the world's behaviors, unless the workspace is onboarded and the onboarding is
/// effective.
pub(super) fn require(context: &Context<'_>) -> Result<(), ArmError> {
    let workspace = &context.target.scope;
    let state = format!("{workspace}/providers/{NAMESPACE}/onboardingStates/default");
    let window = context.world.settings.onboarding.get(&workspace.to_lowercase());
    let effective = window.is_none_or(|window| is_past(context, &window.effective_at));
    if context.world.documents.contains(&state) && effective {
        return Ok(());
    }
    if context.world.settings.behaviors.missing_sentinel_is_not_found {
        let document = context.world.documents.get(workspace);
        let customer_id =
            document.and_then(|document| document["properties"]["customerId"].as_str()).unwrap_or_default();
        let message = format!("Couldn't find workspaceMetadata of workspace id {customer_id}");
        return Err(ArmError::new(StatusCode::NOT_FOUND, "NotFound", message));
    }
    let name = workspace.rsplit('/').next().unwrap_or_default();
    Err(ArmError::bad_request(format!(
        "Workspace '{name}' is not onboarded to Microsoft Sentinel. Please onboard through the portal \
         (https://aka.ms/azure-sentinel) or use the OnboardingStates ARM api \
         (https://docs.microsoft.com/rest/api/securityinsights/sentinel-onboarding-states)."
    )))
}

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let states = if is_visible(context) { store::list(context) } else { Vec::new() };
    page::whole(context, states)
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    check_name(context)?;
    if !is_visible(context) {
        return Err(store::not_found(context.target));
    }
    Ok(Response::ok(&store::get(context)?))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    check_name(context)?;
    let sent = body::optional_object(context.request)?;
    let properties = match sent.get("properties") {
        None | Some(Value::Null) => Map::new(),
        sent => schema::read(schema::of("onboardingStates"), sent, false)?,
    };
    let managed_key = properties.get("customerManagedKey") == Some(&json!(true));
    let existed = context.world.documents.contains(&context.target.id);
    delete_expired_content(context);
    let document = json!({
        "id": store::canonical_id(context, "Microsoft.SecurityInsights/onboardingStates"),
        "name": "default",
        "type": "Microsoft.SecurityInsights/onboardingStates",
        "properties": {"customerManagedKey": managed_key},
    });
    context.world.documents.put(&context.target.id, document.clone());
    if !existed {
        start_window(context);
    }
    Ok(Response::json(if existed { StatusCode::OK } else { StatusCode::CREATED }, &document))
}

/// Removes Sentinel from the workspace. Data connectors are deleted; a new onboarding within 30 days restores
/// everything else.
fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    check_name(context)?;
    let workspace = context.target.scope.to_lowercase();
    context.world.settings.onboarding.remove(&workspace);
    if context.world.documents.remove(&context.target.id).is_none() {
        return Ok(Response::empty(StatusCode::NO_CONTENT));
    }
    let connectors = format!("{workspace}/providers/{NAMESPACE}/dataConnectors");
    context.world.documents.remove_tree(&connectors);
    let now = clock::iso(context.world.now());
    context.world.settings.offboarded.insert(workspace, now);
    Ok(Response::empty(StatusCode::OK))
}

/// Deletes the content of an earlier onboarding if its retention has ended.
fn delete_expired_content(context: &mut Context<'_>) {
    let workspace = context.target.scope.to_lowercase();
    let ended = context.world.settings.offboarded.remove(&workspace);
    let ended = ended.as_deref().and_then(clock::parse);
    if ended.is_some_and(|ended| ended + RETENTION < context.world.now()) {
        context.world.documents.remove_tree(&format!("{workspace}/providers/{NAMESPACE}"));
    }
}

/// How long Azure keeps the content of a workspace whose onboarding ended.
const RETENTION: Duration = Duration::days(30);

/// Starts the consistency window of a new onboarding.
fn start_window(context: &mut Context<'_>) {
    let now = context.world.now();
    let settings = &mut context.world.settings;
    let after = |seconds: i64| clock::iso(now + Duration::seconds(seconds));
    let window = OnboardingWindow {
        visible_at: after(settings.behaviors.onboarding_visible_after_seconds),
        effective_at: after(settings.behaviors.onboarding_effective_after_seconds),
    };
    settings.onboarding.insert(context.target.scope.to_lowercase(), window);
}

fn is_visible(context: &Context<'_>) -> bool {
    let window = context.world.settings.onboarding.get(&context.target.scope.to_lowercase());
    window.is_none_or(|window| is_past(context, &window.visible_at))
}

fn is_past(context: &Context<'_>, moment: &str) -> bool {
    clock::parse(moment).is_none_or(|moment| moment <= context.world.now())
}

fn check_name(context: &Context<'_>) -> Result<(), ArmError> {
    if context.target.name().eq_ignore_ascii_case("default") {
        return Ok(());
    }
    let message =
        format!("Invalid onboarding state name '{}'. The only supported name is 'default'.", context.target.name());
    Err(ArmError::bad_request(message))
}
