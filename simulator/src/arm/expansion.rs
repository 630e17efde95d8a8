//! A template expanded in a resource group, and the requests that write its resources.

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::error::ArmError;
use crate::http::Request;
use crate::resource_path;
use crate::template::{self, DeploymentScope, Expanded, TemplateError};
use crate::world::World;

/// The resources and outputs of a template that the deployment `name` deploys in the resource group with this ID.
pub(crate) fn expand(
    world: &World,
    group: &str,
    name: &str,
    template: &Value,
    parameters: &Map<String, Value>,
) -> Result<Expanded, ArmError> {
    let scope = deployment_scope(world, group, name, template, parameters);
    template::expand(template, parameters, &scope).map_err(invalid_template)
}

/// The PUT of one resource.
pub(crate) fn put_request(id: &str, api_version: &str, body: &Map<String, Value>, correlation_id: &str) -> Request {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Request {
        is_encrypted: true,
        method: Method::PUT,
        path: resource_path::encode(id),
        query: format!("api-version={api_version}"),
        headers,
        body: Bytes::from(Value::Object(body.clone()).to_string()),
        request_id: Uuid::new_v4().to_string(),
        correlation_id: correlation_id.to_owned(),
        earlier: 0,
        status: None,
        fault: None,
    }
}

fn deployment_scope(
    world: &World,
    group: &str,
    name: &str,
    template: &Value,
    parameters: &Map<String, Value>,
) -> DeploymentScope {
    let resource_group = world.documents.get(group).cloned().unwrap_or_default();
    let subscription_id = group.split('/').nth(2).unwrap_or_default();
    let subscription = world.documents.get(&format!("/subscriptions/{subscription_id}")).cloned().unwrap_or_default();
    let mut shown = json!({});
    for member in ["id", "subscriptionId", "tenantId", "displayName"] {
        shown[member] = subscription[member].clone();
    }
    DeploymentScope {
        deployment: json!({"name": name, "properties": {
            "template": template,
            "templateHash": template::template_hash(template),
            "parameters": parameters,
            "mode": "Incremental",
            "provisioningState": "Accepted",
        }}),
        resource_group,
        tenant: json!({"tenantId": shown["tenantId"], "countryCode": "DE", "displayName": ""}),
        subscription: shown,
        now: world.now(),
    }
}

fn invalid_template(error: TemplateError) -> ArmError {
    let info = json!([{
        "type": "TemplateViolation",
        "info": {"lineNumber": 1, "linePosition": 1, "path": error.path},
    }]);
    ArmError::new(StatusCode::BAD_REQUEST, error.code, error.message).with_member("additionalInfo", info)
}
