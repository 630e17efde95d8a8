//! The checks that Resource Manager makes before a resource provider sees a request, in Azure's order: token,
//! api-version, resource type, subscription, permission, registration, resource group, parent, name.

use hyper::Method;

use super::error::ArmError;
use super::route::{Arm, Context};
use super::routing::{check_registration, find_route};
use super::{authentication, authorization, body, name, store};
use crate::entra::Entra;
use crate::http::{Request, Response};
use crate::resource_path::ResourcePath;
use crate::world::{Claims, World};

impl Arm<'_> {
    /// Handles a client's request.
    pub(crate) fn handle(&self, request: &Request, world: &mut World, entra: &Entra<'_>) -> Response {
        let result = authentication::authenticate(request, world, entra).and_then(|caller| {
            body::check_size(request)?;
            self.dispatch(request, world, &caller)
        });
        let mut response = result.unwrap_or_else(|error| error.response());
        common_headers(request, world, &mut response);
        response
    }

    /// Checks a request and calls its handler. The caller is already authenticated: a client, or the caller on whose
    /// behalf a deployment runs.
    pub(crate) fn dispatch(&self, request: &Request, world: &mut World, caller: &Claims) -> Result<Response, ArmError> {
        let target = ResourcePath::parse(&request.path)?;
        let api_version = request.parameter_values("api-version").filter(|version| !version.is_empty());
        let api_version = api_version.ok_or_else(ArmError::missing_api_version)?;
        let resource_type = self.resource_type(&target, &api_version)?;

        if let Some(subscription) = &target.subscription {
            authentication::check_subscription(world, caller, subscription)?;
        }
        let (route, action) = find_route(resource_type, &target, request)?;
        if let Some(action) = &action {
            authorization::check(world, caller, action, &target.id)?;
        }
        check_registration(world, &target, resource_type)?;
        store::check_parents(world, &target, &request.method)?;
        if request.method == Method::PUT {
            name::check(&target, request)?;
        }
        (route.handler)(&mut Context { arm: *self, world, request, target: &target, api_version: &api_version, caller })
    }
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
    let echo = request.header("x-ms-return-client-request-id").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if let (true, Some(id)) = (echo, request.header("x-ms-client-request-id")) {
        response.set_header("x-ms-client-request-id", id);
    }
}
