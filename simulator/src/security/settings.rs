//! Settings of Defender for Cloud, for example the synchronization of alerts with Sentinel. A setting that was never
//! written is disabled. Settings cannot be deleted.

use hyper::Method;
use serde_json::{Value, json};

use super::{NAMESPACE, on_subscription};
use crate::arm::route::{ApiVersions, On, Permission, ResourceType, Route, Scope};
use crate::arm::schema::malformed;
use crate::arm::{ArmError, Context, body, page, store};
use crate::http::Response;

pub(super) const SETTINGS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "settings",
    api_versions: ApiVersions::all(&["2019-01-01", "2021-06-01", "2021-07-01", "2022-05-01"]),
    scope: Scope::Any,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
    ],
};

/// Names and kinds. Azure returns the name of the synchronization as `Sentinel` and accepts any case.
const KINDS: &[(&str, &str)] = &[
    ("MCAS", "DataExportSettings"),
    ("Sentinel", "AlertSyncSettings"),
    ("WDATP", "DataExportSettings"),
    ("WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW", "DataExportSettings"),
    ("WDATP_UNIFIED_SOLUTION", "DataExportSettings"),
];

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    on_subscription(context)?;
    let settings: Vec<Value> = KINDS.iter().map(|(name, kind)| setting(context, name, kind)).collect();
    page::whole(context, settings)
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    on_subscription(context)?;
    let (name, kind) = known(context)?;
    Ok(Response::ok(&setting(context, name, kind)))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    on_subscription(context)?;
    let (name, kind) = known(context)?;
    let sent = body::object(context.request)?;
    if sent.get("kind").and_then(Value::as_str) != Some(kind) {
        return Err(malformed("kind", &format!("'{kind}'")));
    }
    let enabled = sent.get("properties").and_then(|properties| properties["enabled"].as_bool());
    let document =
        with_enabled(context, name, kind, enabled.ok_or_else(|| malformed("properties.enabled", "a boolean"))?);
    context.world.documents.put(&context.target.id, document.clone());
    Ok(Response::ok(&document))
}

fn known(context: &Context<'_>) -> Result<(&'static str, &'static str), ArmError> {
    let wanted = context.target.name();
    let known = KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    known.copied().ok_or_else(|| store::not_found(context.target))
}

fn setting(context: &Context<'_>, name: &str, kind: &str) -> Value {
    let id = format!("{}/providers/{NAMESPACE}/settings/{name}", context.target.scope);
    context.world.documents.get(&id).cloned().unwrap_or_else(|| with_enabled(context, name, kind, false))
}

fn with_enabled(context: &Context<'_>, name: &str, kind: &str, enabled: bool) -> Value {
    json!({
        "id": format!("{}/providers/{NAMESPACE}/settings/{name}", context.target.scope),
        "name": name,
        "type": "Microsoft.Security/settings",
        "kind": kind,
        "properties": {"enabled": enabled},
    })
}
