//! The portal: an administrator selects **Connect** on the page of the tenant-based Defender for Cloud connector.
//!
//! Microsoft has not published what the portal writes, so the world's behavior `portal_connect` defines it. Each write
//! goes through the same handler as a client's PUT, so the documents have Azure's shape. The portal merges its
//! properties into the workspace's connector of that kind, if any. The name of a new connector is a GUID.

use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Method, Uri};
use percent_encoding::{CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{NAMESPACE, put};
use crate::arm::{Arm, Context};
use crate::http::Request;
use crate::resource_path::ResourcePath;
use crate::world::behaviors::PortalWrite;
use crate::world::{Claims, World};

/// The connector page with the **Connect** button, which the solution installs.
const PAGE: &str = "MicrosoftDefenderForCloudTenantBased";

/// The application ID of the portal.
const PORTAL: &str = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";

/// Selects **Connect**, and returns the documents that were written. There are none if the Defender XDR connector is
/// connected, because the portal then already shows this connector as connected.
///
/// # Errors
/// If the workspace has no such page, or a write was rejected.
pub(crate) fn connect(arm: Arm<'_>, world: &mut World, workspace: &str) -> Result<Vec<Value>, String> {
    let collection = format!("{}/providers/{NAMESPACE}/dataConnectors", workspace.trim_end_matches('/'));
    if world.documents.get(&format!("{collection}/{PAGE}")).is_none() {
        return Err(format!("the workspace has no connector page {PAGE}: its solution is not installed"));
    }
    let incidents = |document: &Value| document.pointer("/properties/dataTypes/incidents/state").cloned();
    let is_enabled = |state: Value| state.as_str().is_some_and(|state| state.eq_ignore_ascii_case("enabled"));
    let is_xdr_connected = |document: &Value| {
        document["kind"] == "MicrosoftThreatProtection" && incidents(document).is_some_and(is_enabled)
    };
    if world.documents.children(&collection).any(is_xdr_connected) {
        return Ok(Vec::new());
    }
    let writes = world.settings.behaviors.portal_connect.clone();
    writes.iter().map(|write| send(arm, world, &collection, write)).collect()
}

fn send(arm: Arm<'_>, world: &mut World, collection: &str, write: &PortalWrite) -> Result<Value, String> {
    let found = world.documents.children(collection).find(|document| document["kind"] == write.kind.as_str()).cloned();
    let subscription = collection.split('/').nth(2).unwrap_or_default();
    let home = world.documents.get(&format!("/subscriptions/{subscription}"));
    let tenant = home.and_then(|document| document["tenantId"].as_str()).unwrap_or_default().to_owned();

    let mut body = found.unwrap_or_else(|| json!({"name": Uuid::new_v4().to_string(), "properties": {}}));
    body["kind"] = json!(write.kind);
    body["properties"]["tenantId"] = json!(tenant);
    merge(&mut body["properties"], &write.properties);

    let path = format!("{collection}/{}", body["name"].as_str().unwrap_or_default());
    let uri: Uri =
        utf8_percent_encode(&path, CONTROLS).to_string().parse().map_err(|error| format!("{path}: {error}"))?;
    let json = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let request = Request::new(Method::PUT, &uri, HeaderMap::from_iter([json]), body.to_string().into());
    let target = ResourcePath::parse(&request.path).map_err(|_| format!("{path} is not an ARM id"))?;
    let caller = administrator(&tenant);
    let context = &mut Context {
        arm,
        world,
        request: &request,
        target: &target,
        api_version: &write.api_version,
        caller: &caller,
    };
    let response = put(context).unwrap_or_else(|error| error.response());
    let returned: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    if response.status.is_success() {
        Ok(returned)
    } else {
        Err(format!("the portal's request was refused: {returned}"))
    }
}

/// Merges objects, and adds missing elements to arrays.
fn merge(target: &mut Value, source: &Value) {
    match (target, source) {
        (Value::Object(target), Value::Object(source)) => {
            for (name, value) in source {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(target), Value::Array(source)) => {
            for element in source {
                if !target.contains(element) {
                    target.push(element.clone());
                }
            }
        }
        (target, source) => *target = source.clone(),
    }
}

/// The claims of the administrator who selects **Connect**.
fn administrator(tenant: &str) -> Claims {
    let text = |value: &str| value.to_owned();
    Claims {
        aud: text("https://management.azure.com"),
        iss: format!("https://sts.windows.net/{tenant}/"),
        iat: 0,
        nbf: 0,
        exp: 0,
        appid: text(PORTAL),
        appidacr: text("0"),
        idp: None,
        idtyp: text("user"),
        oid: text("9d1f6c3a-52b7-4e08-a4c9-6f0e3b8d7a12"),
        roles: Vec::new(),
        scp: Some("user_impersonation".to_owned()),
        sub: text("9d1f6c3a-52b7-4e08-a4c9-6f0e3b8d7a12"),
        tid: text(tenant),
        uti: text("portal"),
        ver: text("1.0"),
        wids: Vec::new(),
    }
}
