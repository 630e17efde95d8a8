//! Resource Manager: what it checks before a resource provider sees a request, in the order of the real one.
//!
//! Token, api-version, resource type, subscription, permission, registration, resource group, parent, name; then the
//! handler that the route table (`route`) names. A new resource type is a new file with its rows.

pub(crate) mod authentication;
pub(crate) mod authorization;
pub(crate) mod body;
pub(crate) mod error;
mod name;
mod operation;
pub(crate) mod page;
pub(crate) mod route;
pub(crate) mod store;

use hyper::Method;

use crate::entra::{Claims, Entra};
use crate::http::{Request, Response};
use crate::resource_path::ResourcePath;
use crate::world::World;

pub(crate) use error::ArmError;
pub(crate) use operation::Operation;

/// Answers any path that no other surface has claimed.
pub(crate) fn handle(request: &Request, world: &mut World, entra: &Entra<'_>) -> Response {
    let mut response = match run(request, world, entra) {
        Ok(response) => response,
        Err(error) => error.response(),
    };
    common_headers(request, world, &mut response);
    response
}

fn run(request: &Request, world: &mut World, entra: &Entra<'_>) -> Result<Response, ArmError> {
    let caller = authentication::authenticate(request, world, entra)?;
    body::check_size(request)?;
    perform(request, world, &caller, entra.endpoint)
}

/// A request of a caller who is known by now: a client's, or one that a deployment makes on its behalf.
pub(crate) fn perform(
    request: &Request,
    world: &mut World,
    caller: &Claims,
    endpoint: &str,
) -> Result<Response, ArmError> {
    let target = ResourcePath::parse(&request.path)?;
    let api_version = request.parameter_values("api-version").filter(|version| !version.is_empty());
    let api_version = api_version.ok_or_else(ArmError::missing_api_version)?;
    let resource_type = route::resource_type(&target, &api_version)?;

    if let Some(subscription) = &target.subscription {
        authentication::check_subscription(world, caller, subscription)?;
    }
    let (route, action) = route::find(resource_type, &target, request)?;
    if let Some(action) = &action {
        authorization::check(world, caller, action, &target.id)?;
    }
    route::check_registration(world, &target, resource_type)?;
    store::check_parents(world, &target, &request.method)?;
    if request.method == Method::PUT {
        name::check(&target, request)?;
    }
    (route.run)(&mut Operation { world, request, target: &target, api_version: &api_version, caller, endpoint })
}

fn common_headers(request: &Request, world: &World, response: &mut Response) {
    let format = time::macros::format_description!("[year][month][day]T[hour][minute][second]Z");
    let time = world.now().format(format).expect("invariant: every time has these components");
    let (limit, left) = match request.method {
        Method::GET | Method::HEAD => ("reads", 16_499),
        Method::DELETE => ("deletes", 799),
        _ => ("writes", 799),
    };
    let scope = if request.path.to_lowercase().starts_with("/subscriptions/") { "subscription" } else { "tenant" };
    let limit = format!("x-ms-ratelimit-remaining-{scope}-{limit}");
    let headers = [
        ("cache-control", "no-cache"),
        ("pragma", "no-cache"),
        ("expires", "-1"),
        ("x-ms-request-id", &request.request_id),
        ("x-ms-correlation-request-id", &request.correlation_id),
        ("x-ms-routing-request-id", &format!("WESTEUROPE:{time}:{}", request.request_id)),
        (&limit, &left.to_string()),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("x-content-type-options", "nosniff"),
    ];
    for (name, value) in headers {
        response.set_header(name, value);
    }
    let echo = request.header("x-ms-return-client-request-id").is_some_and(|wish| wish.eq_ignore_ascii_case("true"));
    if let (true, Some(id)) = (echo, request.header("x-ms-client-request-id")) {
        response.set_header("x-ms-client-request-id", id);
    }
}
