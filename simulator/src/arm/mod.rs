//! Resource Manager: what it checks before a resource provider sees a request, in the order of the real one.
//!
//! Token, api-version, resource type, subscription, permission, registration, resource group, parent, name; then the
//! handler that the route table (`route`) names. A new resource type is a new file with its rows.

pub(crate) mod authentication;
pub(crate) mod authorization;
pub(crate) mod body;
pub(crate) mod error;
pub(crate) mod id;
mod name;
mod operation;
pub(crate) mod page;
pub(crate) mod route;
pub(crate) mod store;

use hyper::Method;

use crate::entra::{Claims, Entra};
use crate::http::{Answer, Call};
use crate::world::World;

pub(crate) use error::ArmError;
pub(crate) use id::Target;
pub(crate) use operation::Operation;

/// Answers any path that no other surface has claimed.
pub(crate) fn answer(call: &Call, world: &mut World, entra: &Entra<'_>) -> Answer {
    let mut answer = match run(call, world, entra) {
        Ok(answer) => answer,
        Err(error) => error.answer(),
    };
    common_headers(call, world, &mut answer);
    answer
}

fn run(call: &Call, world: &mut World, entra: &Entra<'_>) -> Result<Answer, ArmError> {
    let caller = authentication::authenticate(call, world, entra)?;
    body::check_size(call)?;
    perform(call, world, &caller, entra.endpoint)
}

/// A request of a caller who is known by now: a client's, or one that a deployment makes on its behalf.
pub(crate) fn perform(call: &Call, world: &mut World, caller: &Claims, endpoint: &str) -> Result<Answer, ArmError> {
    let target = Target::parse(&call.path)?;
    let api_version = call.query_values("api-version").filter(|version| !version.is_empty());
    let api_version = api_version.ok_or_else(ArmError::missing_api_version)?;
    let resource_type = route::resource_type(&target, &api_version)?;

    if let Some(subscription) = &target.subscription {
        authentication::check_subscription(world, caller, subscription)?;
    }
    let (route, action) = route::find(resource_type, &target, call)?;
    if let Some(action) = &action {
        authorization::check(world, caller, action, &target.id)?;
    }
    route::check_registration(world, &target, resource_type)?;
    store::check_parents(world, &target, &call.method)?;
    if call.method == Method::PUT {
        name::check(&target, call)?;
    }
    (route.run)(&mut Operation { world, call, target: &target, api_version: &api_version, caller, endpoint })
}

fn common_headers(call: &Call, world: &World, answer: &mut Answer) {
    let format = time::macros::format_description!("[year][month][day]T[hour][minute][second]Z");
    let time = world.settings.now().format(format).expect("invariant: every time has these components");
    let (limit, left) = match call.method {
        Method::GET | Method::HEAD => ("reads", 16_499),
        Method::DELETE => ("deletes", 799),
        _ => ("writes", 799),
    };
    let scope = if call.path.to_lowercase().starts_with("/subscriptions/") { "subscription" } else { "tenant" };
    let limit = format!("x-ms-ratelimit-remaining-{scope}-{limit}");
    let headers = [
        ("cache-control", "no-cache"),
        ("pragma", "no-cache"),
        ("expires", "-1"),
        ("x-ms-request-id", &call.request_id),
        ("x-ms-correlation-request-id", &call.correlation_id),
        ("x-ms-routing-request-id", &format!("WESTEUROPE:{time}:{}", call.request_id)),
        (&limit, &left.to_string()),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("x-content-type-options", "nosniff"),
    ];
    for (name, value) in headers {
        answer.set_header(name, value);
    }
    let echo = call.header("x-ms-return-client-request-id").is_some_and(|wish| wish.eq_ignore_ascii_case("true"));
    if let (true, Some(id)) = (echo, call.header("x-ms-client-request-id")) {
        answer.set_header("x-ms-client-request-id", id);
    }
}
