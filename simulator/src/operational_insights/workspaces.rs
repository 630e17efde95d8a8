//! Log Analytics workspaces.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{API_VERSIONS, NAMESPACE};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, page, store};
use crate::clock;
use crate::http::Response;

const TYPE: &str = "Microsoft.OperationalInsights/workspaces";

pub(super) const WORKSPACES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "workspaces",
    api_versions: API_VERSIONS,
    scope: Scope::ResourceGroup,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: delete },
        Route {
            on: On::Action("sharedKeys"),
            method: Method::POST,
            permission: Permission::Verb("sharedKeys/action"),
            handler: shared_keys,
        },
    ],
};

/// The workspaces of a resource group or a subscription.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let scope = &context.target.scope;
    let found = context.world.documents.below(scope).filter(|(id, document)| {
        document["type"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(TYPE))
            && id.contains("/resourcegroups/")
    });
    Ok(page::whole(found.map(|(_, document)| document.clone())))
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    Ok(Response::ok(&store::get(context)?))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let mut wanted = body::object(context.request)?;
    let target = context.target;
    check_name(target.name())?;
    let before = context.world.documents.get(&target.id).cloned();
    let location = wanted.get("location").and_then(Value::as_str).map(|text| text.replace(' ', "").to_lowercase());
    let Some(location) = location else {
        return Err(ArmError::new(
            StatusCode::BAD_REQUEST,
            "LocationRequired",
            "The location property is required for this definition.",
        ));
    };
    if let Some(there) =
        before.as_ref().and_then(|before| before["location"].as_str()).filter(|there| *there != location)
    {
        let message = format!(
            "The resource '{}' already exists in location '{there}' in resource group '{}'. A resource with the same \
             name cannot be created in location '{location}'. Please select a new resource name.",
            target.name(),
            target.resource_group.as_deref().unwrap_or_default()
        );
        return Err(ArmError::new(StatusCode::CONFLICT, "InvalidResourceLocation", message));
    }
    let now = clock::iso(context.world.now());
    let created = before.as_ref().map_or_else(|| json!(now), |before| before["properties"]["createdDate"].clone());
    let customer = before
        .as_ref()
        .map_or_else(|| json!(Uuid::new_v4().to_string()), |before| before["properties"]["customerId"].clone());
    let wanted_properties = wanted.shift_remove("properties").unwrap_or_default();
    let sku = wanted_properties["sku"]["name"].as_str().unwrap_or("PerGB2018").to_owned();
    let retention = wanted_properties["retentionInDays"].as_u64().unwrap_or(30);
    if !(4..=730).contains(&retention) {
        let message =
            format!("'RetentionInDays' property doesn't match the SKU limits. Value '{retention}' is out of range.");
        return Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidParameter", message));
    }
    let features = match &wanted_properties["features"] {
        Value::Object(features) => json!(features),
        _ => json!({"legacy": 0, "searchVersion": 1, "enableLogAccessUsingOnlyResourcePermissions": true}),
    };
    let access = |key: &str| wanted_properties[key].as_str().unwrap_or("Enabled").to_owned();
    let document = json!({
        "properties": {
            "customerId": customer,
            "provisioningState": "Succeeded",
            "sku": {"name": sku, "lastSkuUpdate": now},
            "retentionInDays": retention,
            "features": features,
            "workspaceCapping": {"dailyQuotaGb": -1.0, "quotaNextResetTime": now, "dataIngestionStatus": "RespectQuota"},
            "publicNetworkAccessForIngestion": access("publicNetworkAccessForIngestion"),
            "publicNetworkAccessForQuery": access("publicNetworkAccessForQuery"),
            "createdDate": created,
            "modifiedDate": now,
        },
        "location": location,
        "tags": wanted.get("tags").cloned().unwrap_or_else(|| json!({})),
        "id": store::canonical_id(context, TYPE),
        "name": before.as_ref().map_or_else(|| json!(target.name()), |before| before["name"].clone()),
        "type": TYPE,
        "etag": context.world.next_etag(),
    });
    let status = if before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    context.world.documents.put(&target.id, document.clone());
    Ok(Response::json(status, &document))
}

/// Deletes the workspace with everything on it. There is no soft delete: a new workspace of the same name is empty.
fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let id = &context.target.id;
    if !context.world.documents.contains(id) {
        return Ok(Response::empty(StatusCode::NO_CONTENT));
    }
    context.world.documents.remove_tree(id);
    context.world.settings.onboarding.remove(&id.to_lowercase());
    Ok(Response::empty(StatusCode::OK))
}

/// Keys for agents. The simulator has no ingestion that they could be used for.
fn shared_keys(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let workspace = context.target.parent();
    let document = context.world.documents.get(workspace);
    let document = document.ok_or_else(|| {
        let target = context.target;
        ArmError::resource_not_found(TYPE, target.name(), target.resource_group.as_deref())
    })?;
    let customer = document["properties"]["customerId"].as_str().unwrap_or_default();
    let key = |which: &str| STANDARD.encode(format!("{which} shared key of the simulated workspace {customer}"));
    Ok(Response::ok(&json!({"primarySharedKey": key("primary"), "secondarySharedKey": key("secondary")})))
}

/// A name has 4 to 63 letters, digits and hyphens, and no hyphen at either end.
fn check_name(name: &str) -> Result<(), ArmError> {
    let fits = (4..=63).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if fits {
        return Ok(());
    }
    let message = format!("'Name' does not match expression '^[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$': '{name}'.");
    Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidResourceName", message))
}
