//! The endpoints that issue tokens of managed identities: a virtual machine's, App Service's and Azure Arc's.
//!
//! Unlike all other endpoints, they also respond without TLS, as they do on Azure's machines.

use hyper::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::entra::Entra;
use crate::http::{Request, Response};
use crate::world::World;
use crate::world::machine::Machine;

/// Whether a path is served without TLS.
pub(crate) fn is_local(path: &str) -> bool {
    matches!(path, "/metadata/identity/oauth2/token" | "/msi/token")
}

/// Handles a request to an identity endpoint. Returns none for other paths.
pub(crate) fn handle(request: &Request, world: &World, entra: &Entra<'_>) -> Option<Response> {
    if !is_local(&request.path) {
        return None;
    }
    let Some(machine) = &world.settings.machine else {
        let rejection = error(StatusCode::NOT_FOUND, "not_found", "There is no identity endpoint on this machine.");
        return Some(rejection.into_response());
    };
    let checked = match request.path.as_str() {
        "/msi/token" => check_app_service(request, machine),
        _ => check_metadata(request, machine),
    };
    Some(checked.and_then(|()| issue(request, machine, world, entra)).unwrap_or_else(TokenError::into_response))
}

fn check_app_service(request: &Request, machine: &Machine) -> Result<(), TokenError> {
    let expected = machine.identity_header.as_deref();
    if expected.is_none() || request.header("x-identity-header") != expected {
        return Err(error(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "The header X-IDENTITY-HEADER is not the expected one.",
        ));
    }
    check_query(request, "2019-08-01")
}

fn check_metadata(request: &Request, machine: &Machine) -> Result<(), TokenError> {
    if request.header("metadata").is_none_or(|value| !value.eq_ignore_ascii_case("true")) {
        return Err(error(StatusCode::BAD_REQUEST, "bad_request_102", "Required metadata header not specified"));
    }
    if request.header("x-forwarded-for").is_some() {
        return Err(error(StatusCode::BAD_REQUEST, "bad_request", "Requests through a proxy are refused"));
    }
    let Some(agent) = &machine.arc else { return check_query(request, "2018-02-01") };
    check_query(request, "2020-06-01")?;
    let expected = format!("Basic {}", agent.key);
    match request.header("authorization") {
        Some(given) if given == expected => Ok(()),
        _ => {
            let challenge = format!("Basic realm={}", agent.challenge_file);
            let rejection =
                error(StatusCode::UNAUTHORIZED, "unauthorized", "The key of the challenge file is required.");
            Err(TokenError { challenge: Some(challenge), ..rejection })
        }
    }
}

fn check_query(request: &Request, version: &str) -> Result<(), TokenError> {
    if request.method != Method::GET {
        return Err(error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "The method is not allowed"));
    }
    match request.parameter("api-version") {
        Some(given) if given == version => Ok(()),
        given => {
            let message = format!("The api-version '{}' is not supported", given.unwrap_or_default());
            Err(error(StatusCode::BAD_REQUEST, "bad_request", &message))
        }
    }
}

fn issue(request: &Request, machine: &Machine, world: &World, entra: &Entra<'_>) -> Result<Response, TokenError> {
    let not_found = || error(StatusCode::BAD_REQUEST, "invalid_request", "Identity not found");
    let resource_id_name = if request.path == "/msi/token" { "mi_res_id" } else { "msi_res_id" };
    let same =
        |one: &str, other: &Option<String>| other.as_deref().is_some_and(|other| one.eq_ignore_ascii_case(other));
    let (client_id, resource_id) = (request.parameter("client_id"), request.parameter(resource_id_name));
    let identity = match (&client_id, &resource_id) {
        (None, None) => machine.system_assigned.as_ref(),
        _ => machine.user_assigned.iter().find_map(|identity| {
            let found = same(&identity.client_id, &client_id) || same(&identity.resource_id, &resource_id);
            found.then_some(&identity.client_id)
        }),
    };
    let client_id = identity.ok_or_else(not_found)?;
    let resource = request
        .parameter("resource")
        .ok_or_else(|| error(StatusCode::BAD_REQUEST, "invalid_request", "The parameter resource is missing"))?;
    let Some((token, claims)) = entra.token_of_identity(world, client_id, &resource) else {
        let message = format!("The resource principal named {resource} was not found in the tenant");
        return Err(error(StatusCode::BAD_REQUEST, "invalid_resource", &message));
    };
    Ok(Response::ok(&json!({
        "access_token": token,
        "client_id": client_id,
        "expires_in": (claims.exp - claims.iat).to_string(),
        "expires_on": claims.exp.to_string(),
        "not_before": claims.nbf.to_string(),
        "resource": resource,
        "token_type": "Bearer",
    })))
}

/// The error of an endpoint that issues no token.
struct TokenError {
    status: StatusCode,
    code: &'static str,
    description: String,
    /// `WWW-Authenticate`
    challenge: Option<String>,
}

fn error(status: StatusCode, code: &'static str, description: &str) -> TokenError {
    TokenError { status, code, description: description.to_owned(), challenge: None }
}

impl TokenError {
    fn into_response(self) -> Response {
        let Self { status, code, description, challenge } = self;
        let body = json!({"error": code, "error_description": description, "correlation_id": Uuid::new_v4()});
        let response = Response::json(status, &body);
        match challenge {
            Some(challenge) => response.with_header("www-authenticate", &challenge),
            None => response,
        }
    }
}
