//! The document of a workspace: writable properties, Azure's defaults, and properties that only Azure writes.

use std::sync::LazyLock;

use hyper::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::TYPE;
use crate::arm::location::{self, LocationOf};
use crate::arm::schema::Reader;
use crate::arm::{ArmError, Context, store, tags};
use crate::clock;

/// The writable properties of api-version 2025-07-01, and the identity.
static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "properties": {
            "sku": {
                "name!": "=PerGB2018|CapacityReservation|Free|Standard|Premium|PerNode|Standalone|LACluster",
                "capacityReservationLevel": "integer",
            },
            "retentionInDays": "integer",
            "workspaceCapping": {"dailyQuotaGb": "number"},
            "publicNetworkAccessForIngestion": "=Enabled|Disabled|SecuredByPerimeter",
            "publicNetworkAccessForQuery": "=Enabled|Disabled|SecuredByPerimeter",
            "forceCmkForQuery": "boolean",
            "features": {
                "enableDataExport": "boolean",
                "immediatePurgeDataOn30Days": "boolean",
                "enableLogAccessUsingOnlyResourcePermissions": "boolean",
                "clusterResourceId": "string",
                "disableLocalAuth": "boolean",
                "*": "any",
            },
            "defaultDataCollectionRuleResourceId": "string",
            "replication": {"location": "string", "enabled": "boolean"},
        },
        "identity": {
            "type!": "=SystemAssigned|UserAssigned|None",
            "userAssignedIdentities": {"*": "any"},
        },
    })
});

/// The checked body of a PUT or PATCH.
pub(super) struct WorkspaceRequest {
    pub(super) location: Option<&'static str>,
    tags: Option<Map<String, Value>>,
    identity: Option<Value>,
    properties: Map<String, Value>,
}

impl WorkspaceRequest {
    /// Checks a body. `is_whole` requires a location and adds the defaults of a new workspace.
    pub(super) fn read(body: &Map<String, Value>, is_whole: bool) -> Result<Self, ArmError> {
        let reader = Reader { definitions: &Value::Null, keep_unknown: false };
        let part = |name: &str| {
            let sent = body.get(name).filter(|sent| !sent.is_null());
            sent.map(|sent| reader.read(&SCHEMA[name], sent, name)).transpose()
        };
        let location = match body.get("location") {
            None | Some(Value::Null) if !is_whole => None,
            sent => Some(location::read(sent, LocationOf::Resource(TYPE))?),
        };
        let mut properties = match part("properties")? {
            Some(Value::Object(properties)) => properties,
            _ => Map::new(),
        };
        check_retention(&properties)?;
        if let Some(replication) = properties.get("replication").filter(|replication| replication["enabled"] == true) {
            location::read(replication.get("location"), LocationOf::Resource(TYPE))?;
        }
        if is_whole {
            properties.entry("sku").or_insert_with(|| json!({"name": "PerGB2018"}));
            properties.entry("retentionInDays").or_insert_with(|| json!(30));
        }
        Ok(Self { location, tags: tags::read(body)?, identity: part("identity")?, properties })
    }
}

fn check_retention(properties: &Map<String, Value>) -> Result<(), ArmError> {
    match properties.get("retentionInDays").map(Value::as_i64) {
        None | Some(Some(4..=730)) => Ok(()),
        Some(days) => {
            let days = days.unwrap_or_default();
            let message =
                format!("'RetentionInDays' property doesn't match the SKU limits. Value '{days}' is out of range.");
            Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidParameter", message))
        }
    }
}

/// The document that a PUT stores.
pub(super) fn new(context: &mut Context<'_>, before: Option<&Value>, request: WorkspaceRequest) -> Value {
    let now = clock::iso(context.world.now());
    let kept = |name: &str| before.map(|before| before["properties"][name].clone()).filter(|value| !value.is_null());
    let start = json!({
        "properties": {
            "customerId": kept("customerId").unwrap_or_else(|| json!(Uuid::new_v4().to_string())),
            "provisioningState": "Succeeded",
            "sku": {},
            "retentionInDays": 30,
            "features": {"legacy": 0, "searchVersion": 1, "enableLogAccessUsingOnlyResourcePermissions": true},
            "workspaceCapping": {
                "dailyQuotaGb": -1.0, "quotaNextResetTime": now, "dataIngestionStatus": "RespectQuota",
            },
            "publicNetworkAccessForIngestion": "Enabled",
            "publicNetworkAccessForQuery": "Enabled",
            "createdDate": kept("createdDate").unwrap_or_else(|| json!(now)),
        },
        "location": request.location,
        "tags": {},
        "id": store::canonical_id(context, TYPE),
        "name": before.map_or_else(|| json!(context.target.name()), |before| before["name"].clone()),
        "type": TYPE,
    });
    patched(context, start, request)
}

/// The document with the members of the request.
pub(super) fn patched(context: &mut Context<'_>, mut document: Value, request: WorkspaceRequest) -> Value {
    let now = clock::iso(context.world.now());
    for (name, value) in request.properties {
        match (&mut document["properties"][&name], value) {
            (Value::Object(current), Value::Object(request)) => current.extend(request),
            (current, value) => *current = value,
        }
        if name == "sku" {
            document["properties"]["sku"]["lastSkuUpdate"] = json!(now);
        }
    }
    document["properties"]["modifiedDate"] = json!(now);
    if let Some(tags) = request.tags {
        document["tags"] = Value::Object(tags);
    }
    if let Some(mut identity) = request.identity {
        if identity["type"] == "SystemAssigned" {
            identity["principalId"] = json!(Uuid::new_v4().to_string());
            identity["tenantId"] = home_tenant(context);
        }
        document["identity"] = identity;
    }
    document["etag"] = json!(context.world.next_etag());
    document
}

fn home_tenant(context: &Context<'_>) -> Value {
    let subscription = context.target.subscription.as_deref().unwrap_or_default();
    let document = context.world.documents.get(&format!("/subscriptions/{subscription}"));
    document.map(|document| document["tenantId"].clone()).unwrap_or_default()
}
