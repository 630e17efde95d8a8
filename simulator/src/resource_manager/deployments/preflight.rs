//! What Resource Manager asks about every resource of a template before it deploys the first: does the type exist in
//! this api-version, is its provider registered, and may the caller write it. And the request that writes it then.

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::arm::{ArmError, authorization, route};
use crate::entra::Claims;
use crate::http::Request;
use crate::resource_path::ResourcePath;
use crate::template::Resource;
use crate::world::World;

/// What a path cannot have as it is.
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`').add(b'{').add(b'}');

/// The first error that the resources meet; those of missing permissions all in one.
pub(super) fn check(world: &World, caller: &Claims, name: &str, resources: &[Resource]) -> Result<(), ArmError> {
    let mut forbidden = Vec::new();
    for resource in resources {
        if resource.resource_type.eq_ignore_ascii_case(super::TYPE) {
            let message = format!(
                "The template deployment '{name}' has a nested deployment '{}'; these are not available in this \
                 simulator.",
                resource.name
            );
            return Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidTemplateDeployment", message));
        }
        let request = call(&resource.id, &resource.api_version, &resource.body, "");
        let target = ResourcePath::parse(&request.path)?;
        let row = route::resource_type(&target, &resource.api_version)?;
        let (_, action) = route::find(row, &target, &request)?;
        route::check_registration(world, &target, row)?;
        let Some(action) = action else { continue };
        if authorization::check(world, caller, &action, &target.id).is_err() {
            forbidden.push(format!(
                "Authorization failed for template resource '{}' of type '{}'. The client '{}' with object id '{}' \
                 does not have permission to perform action '{action}' at scope '{}'.",
                resource.name, resource.resource_type, caller.appid, caller.oid, resource.id
            ));
        }
    }
    if forbidden.is_empty() {
        return Ok(());
    }
    let message = format!("Deployment failed with multiple errors: '{}'", forbidden.join(":"));
    Err(ArmError::new(StatusCode::FORBIDDEN, "InvalidTemplateDeployment", message))
}

/// The PUT of one resource.
pub(super) fn call(id: &str, api_version: &str, body: &Map<String, Value>, correlation_id: &str) -> Request {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Request {
        method: Method::PUT,
        path: utf8_percent_encode(id, PATH).to_string(),
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
