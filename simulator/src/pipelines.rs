//! The token services of pipelines: `…/idtoken` of GitHub Actions and `…/oidctoken` of Azure DevOps.
//!
//! A job of the world may request OIDC tokens. The simulator signs them with its own key, because its Entra does not
//! verify their signatures.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::entra::Entra;
use crate::http::{Request, Response};
use crate::world::World;
use crate::world::pipelines::Job;

/// The lifetime of an OIDC token.
const LIFETIME_SECONDS: i64 = 300;

/// Handles a request to a token service. Returns none for other paths.
pub(crate) fn handle(request: &Request, world: &World, entra: &Entra<'_>) -> Option<Response> {
    let mut segments = request.path.split('/').map(str::to_ascii_lowercase);
    if segments.any(|segment| segment == "idtoken") {
        return Some(github(request, world, entra));
    }
    request.path.to_ascii_lowercase().ends_with("/oidctoken").then(|| azure_devops(request, world, entra))
}

fn bearer(request: &Request) -> Option<&str> {
    request.header("authorization")?.strip_prefix("Bearer ")
}

fn github(request: &Request, world: &World, entra: &Entra<'_>) -> Response {
    if request.method != Method::GET {
        return error(StatusCode::METHOD_NOT_ALLOWED, "The method is not allowed.");
    }
    let job = world.settings.pipelines.iter().find_map(|job| match job {
        Job::GitHub { request_token, owner, subject } if bearer(request) == Some(request_token) => {
            Some((owner, subject))
        }
        _ => None,
    });
    let Some((owner, subject)) = job else {
        return error(StatusCode::UNAUTHORIZED, "The request token is not the one of a running job.");
    };
    let audience = request.parameter("audience").unwrap_or_else(|| format!("https://github.com/{owner}"));
    let token = issue(world, entra, "https://token.actions.githubusercontent.com", subject, &audience);
    Response::ok(&json!({"count": token.len(), "value": token}))
}

fn azure_devops(request: &Request, world: &World, entra: &Entra<'_>) -> Response {
    let job = world.settings.pipelines.iter().find_map(|job| match job {
        Job::AzureDevOps { access_token, issuer, service_connections } if bearer(request) == Some(access_token) => {
            Some((issuer, service_connections))
        }
        _ => None,
    });
    let Some((issuer, connections)) = job else {
        let suppressed = request.header("x-tfs-fedauthredirect") == Some("Suppress");
        return if suppressed {
            error(StatusCode::UNAUTHORIZED, "TF400813: The user is not authorized to access this resource.")
        } else {
            let page = "<html><head><title>Azure DevOps Services | Sign In</title></head></html>";
            Response::text(StatusCode::NON_AUTHORITATIVE_INFORMATION, "text/html", page)
        };
    };
    if request.method != Method::POST {
        let message = format!("The requested resource does not support http method '{}'.", request.method);
        return error(StatusCode::METHOD_NOT_ALLOWED, &message);
    }
    if request.parameter("api-version").is_none() {
        return error(StatusCode::BAD_REQUEST, "No api-version was supplied for the request.");
    }
    let id = request.parameter("serviceConnectionId").unwrap_or_default();
    let Some(connection) = connections.iter().find(|connection| connection.id.eq_ignore_ascii_case(&id)) else {
        let message = format!("No service connection with id {id} was found in this project.");
        return error(StatusCode::NOT_FOUND, &message);
    };
    let token = issue(world, entra, issuer, &connection.subject, "api://AzureADTokenExchange");
    Response::ok(&json!({"oidcToken": token}))
}

fn error(status: StatusCode, message: &str) -> Response {
    Response::json(status, &json!({"$id": "1", "innerException": Value::Null, "message": message, "errorCode": 0}))
}

fn issue(world: &World, entra: &Entra<'_>, issuer: &str, subject: &str, audience: &str) -> String {
    let now = world.now().unix_timestamp();
    entra.signer.sign(&json!({
        "jti": Uuid::new_v4(), "iss": issuer, "sub": subject, "aud": audience,
        "iat": now, "nbf": now, "exp": now + LIFETIME_SECONDS,
    }))
}
