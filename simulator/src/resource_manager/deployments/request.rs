//! The body of a deployment request.

use hyper::StatusCode;
use serde_json::{Map, Value};

use crate::arm::{ArmError, Context, body, expansion, tags};
use crate::template::Expanded;
use crate::world::World;

/// A deployment as the client requests it.
pub(super) struct DeploymentRequest {
    pub(super) template: Value,
    /// `{"workspace": {"value": "law-soc"}}`
    pub(super) parameters: Map<String, Value>,
    pub(super) tags: Option<Map<String, Value>>,
}

/// Reads the body of a PUT or of `validate`.
pub(super) fn read(context: &Context<'_>) -> Result<DeploymentRequest, ArmError> {
    let mut sent = body::object(context.request)?;
    if sent.get("location").is_some_and(|location| !location.is_null()) {
        let message = format!(
            "The 'location' property is not allowed for '{}' at resource group scope. Please see \
             https://aka.ms/arm-syntax for usage details.",
            context.target.name()
        );
        return Err(ArmError::new(StatusCode::BAD_REQUEST, "LocationNotAllowed", message));
    }
    let Some(Value::Object(mut properties)) = sent.shift_remove("properties") else {
        return Err(invalid("The request content must have the member 'properties', an object"));
    };
    match properties.get("mode").and_then(Value::as_str) {
        Some(mode) if mode.eq_ignore_ascii_case("Incremental") => {}
        Some(mode) if mode.eq_ignore_ascii_case("Complete") => {
            let message = "Deployments in mode 'Complete', which delete all other resources of the resource group, \
                           are not supported.";
            return Err(ArmError::new(StatusCode::BAD_REQUEST, "DeploymentModeNotSupported", message));
        }
        Some(other) => {
            return Err(invalid(&format!(
                "Error converting value \"{other}\" to type 'DeploymentMode'. Path 'properties.mode'"
            )));
        }
        None => return Err(invalid("Required property 'mode' not found in JSON. Path 'properties'")),
    }
    let is_present = |name: &&str| properties.get(*name).is_some_and(|link| !link.is_null());
    if ["templateLink", "parametersLink"].iter().any(is_present) {
        let message = "Unable to download deployment content from the link. Please see https://aka.ms/arm-deploy for \
                       usage details.";
        return Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidContentLink", message));
    }
    let template = match properties.shift_remove("template") {
        Some(template @ Value::Object(_)) => template,
        None | Some(Value::Null) => {
            return Err(ArmError::new(
                StatusCode::BAD_REQUEST,
                "InvalidTemplate",
                "Deployment template validation failed: 'The template is missing: one of 'template' and \
                 'templateLink' is needed.'.",
            ));
        }
        Some(_) => return Err(invalid("The template is not an object. Path 'properties.template'")),
    };
    let parameters = match properties.shift_remove("parameters") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(parameters)) if parameters.values().all(Value::is_object) => parameters,
        Some(_) => {
            return Err(invalid("Each parameter is an object with the member 'value'. Path 'properties.parameters'"));
        }
    };
    Ok(DeploymentRequest { template, parameters, tags: tags::read(&sent)? })
}

/// The template's resources and outputs.
pub(super) fn expand(
    world: &World,
    group: &str,
    name: &str,
    request: &DeploymentRequest,
) -> Result<Expanded, ArmError> {
    expansion::expand(world, group, name, &request.template, &request.parameters)
}

fn invalid(problem: &str) -> ArmError {
    ArmError::invalid_content(problem)
}
