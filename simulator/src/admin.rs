//! The admin endpoints, `/_simulator/…`: read and change the world, click in the portal, inject faults, read the
//! request log, advance the clock. They need no token, and requests to them are not logged.

use hyper::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::alerts::Alert;
use crate::arm::Arm;
use crate::clock;
use crate::entra::Entra;
use crate::faults::Fault;
use crate::http::{Request, Response};
use crate::security_insights::data_connectors::portal;
use crate::state::State;
use crate::world::check_id;

/// Handles a request to `/_simulator/{path}`.
pub(crate) fn handle(path: &str, request: &Request, state: &mut State, arm: Arm<'_>, entra: &Entra<'_>) -> Response {
    let response = match (path, request.method.as_str()) {
        ("state", "GET") => Ok(Response::ok(&state.world.to_value())),
        ("world", "PATCH") => patch_world(request, state),
        ("resources", "PUT") => put_resource(request, state),
        ("resources", "DELETE") => delete_resource(request, state),
        ("portal/connect", "POST") => portal_connect(request, state, arm),
        ("faults", "GET") => Ok(Response::ok(&state.faults.list())),
        ("faults", "POST") => add_faults(request, state),
        ("faults", "DELETE") => {
            state.faults.clear();
            Ok(Response::empty(StatusCode::NO_CONTENT))
        }
        ("alerts", "POST") => raise_alerts(request, state),
        ("requests", "GET") => Ok(Response::ok(&state.log.to_value())),
        ("requests", "DELETE") => {
            state.log.clear();
            Ok(Response::empty(StatusCode::NO_CONTENT))
        }
        ("clock", "POST") => advance_clock(request, state),
        ("clock", "GET") => Ok(time(state)),
        ("tokens", "POST") => issue_token(request, state, entra),
        (
            "state" | "world" | "resources" | "portal/connect" | "faults" | "alerts" | "requests" | "clock" | "tokens",
            _,
        ) => {
            let problem = format!("/_simulator/{path} does not support {}", request.method);
            return error(StatusCode::METHOD_NOT_ALLOWED, &problem);
        }
        _ => return error(StatusCode::NOT_FOUND, "unknown admin endpoint; the simulator's README lists them"),
    };
    response.unwrap_or_else(|problem| error(StatusCode::BAD_REQUEST, &problem))
}

/// `PATCH world`: a JSON merge patch of the `world` object, which it returns.
fn patch_world(request: &Request, state: &mut State) -> Result<Response, String> {
    state.world.try_patch(body(request)?)?;
    Ok(Response::ok(&json!(state.world.settings)))
}

/// The body of `POST tokens`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    /// The user principal name of a user of the world.
    user: String,
    /// The audience.
    resource: String,
}

/// `POST tokens`: an access token for a user, in the output format of the Azure CLI.
fn issue_token(request: &Request, state: &State, entra: &Entra<'_>) -> Result<Response, String> {
    let TokenRequest { user, resource } =
        serde_json::from_value(body(request)?).map_err(|error| format!("not a token request: {error}"))?;
    let (token, claims) = entra.token_of_user(&state.world, &user, &resource)?;
    Ok(Response::ok(&json!({
        "accessToken": token,
        "expires_on": claims.exp,
        "tenant": claims.tid,
        "tokenType": "Bearer",
    })))
}

/// `PUT resources?id=ARM_ID`
fn put_resource(request: &Request, state: &mut State) -> Result<Response, String> {
    let (document, replaced) = state.world.try_put_document(&resource_id(request)?, body(request)?)?;
    Ok(Response::json(if replaced { StatusCode::OK } else { StatusCode::CREATED }, &document))
}

/// `DELETE resources?id=ARM_ID`: 200, or 204 if the document did not exist.
fn delete_resource(request: &Request, state: &mut State) -> Result<Response, String> {
    let existed = state.world.delete_document(&resource_id(request)?);
    Ok(Response::empty(if existed { StatusCode::OK } else { StatusCode::NO_CONTENT }))
}

/// `POST portal/connect?id=WORKSPACE_ID`: an administrator selects **Connect**. Returns the documents that it wrote.
fn portal_connect(request: &Request, state: &mut State, arm: Arm<'_>) -> Result<Response, String> {
    let written = portal::connect(arm, &mut state.world, &resource_id(request)?)?;
    Ok(Response::ok(&json!({"written": written})))
}

fn resource_id(request: &Request) -> Result<String, String> {
    let id = request.parameter("id").ok_or("the query parameter id is missing")?;
    check_id(&id).map(str::to_owned)
}

/// `POST faults`: one fault, or a list of them.
fn add_faults(request: &Request, state: &mut State) -> Result<Response, String> {
    let added = match body(request)? {
        Value::Array(faults) => faults.into_iter().map(|fault| add_fault(fault, state)).collect::<Result<_, _>>()?,
        fault => add_fault(fault, state)?,
    };
    Ok(Response::json(StatusCode::CREATED, &added))
}

fn add_fault(fault: Value, state: &mut State) -> Result<Value, String> {
    let fault: Fault = serde_json::from_value(fault).map_err(|error| format!("not a fault: {error}"))?;
    let id = state.faults.add(fault)?;
    Ok(state.faults.describe(id).unwrap_or_default())
}

/// `POST alerts`: one alert, or a list of them. Returns their documents.
fn raise_alerts(request: &Request, state: &mut State) -> Result<Response, String> {
    let mut raise = |alert: Value| {
        let alert: Alert = serde_json::from_value(alert).map_err(|error| format!("not an alert: {error}"))?;
        state.world.try_raise_alert(&alert)
    };
    let raised = match body(request)? {
        Value::Array(alerts) => alerts.into_iter().map(raise).collect::<Result<_, _>>()?,
        alert => raise(alert)?,
    };
    Ok(Response::json(StatusCode::CREATED, &raised))
}

/// `POST clock`
fn advance_clock(request: &Request, state: &mut State) -> Result<Response, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Advance {
        advance_seconds: u32,
    }
    let advance: Advance = serde_json::from_value(body(request)?)
        .map_err(|error| format!("expected {{\"advance_seconds\": n}}: {error}"))?;
    state.world.advance_clock(f64::from(advance.advance_seconds));
    Ok(time(state))
}

fn time(state: &State) -> Response {
    Response::ok(&json!({"now": clock::iso(state.world.now())}))
}

fn body(request: &Request) -> Result<Value, String> {
    request.json().map_err(|error| format!("the body is not JSON: {error}"))
}

/// An error of the simulator itself, not of Azure.
pub(crate) fn error(status: StatusCode, problem: &str) -> Response {
    Response::json(status, &json!({"error": {"code": "SimulatorAdmin", "message": problem}}))
}
