//! `/_simulator`: how a test looks at the world, changes it behind everybody's back, and breaks the wire.
//!
//! No token is needed, and none of it is logged as a request.

mod resources;
mod world;

use hyper::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::Order;
use crate::http::{Answer, Call};
use crate::service::State;

/// Answers `/_simulator/{path}`.
pub(crate) fn answer(path: &str, call: &Call, state: &mut State) -> Answer {
    let answer = match (path, call.method.as_str()) {
        ("state", "GET") => Ok(Answer::ok(&state.world.dump())),
        ("world", "PATCH") => world::patch(call, &mut state.world),
        ("resources", "PUT") => resources::put(call, &mut state.world),
        ("resources", "DELETE") => resources::delete(call, &mut state.world),
        ("faults", "GET") => Ok(Answer::ok(&state.faults.list())),
        ("faults", "POST") => add_faults(call, state),
        ("faults", "DELETE") => {
            state.faults.clear();
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        }
        ("requests", "GET") => Ok(Answer::ok(&json!(state.journal.entries()))),
        ("requests", "DELETE") => {
            state.journal.clear();
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        }
        ("clock", "POST") => advance_clock(call, state),
        ("clock", "GET") => Ok(time(state)),
        ("state" | "world" | "resources" | "faults" | "requests" | "clock", _) => {
            return complaint(StatusCode::METHOD_NOT_ALLOWED, &format!("{} is not offered here", call.method));
        }
        _ => return complaint(StatusCode::NOT_FOUND, "the README of the simulator lists what /_simulator offers"),
    };
    answer.unwrap_or_else(|sentence| complaint(StatusCode::BAD_REQUEST, &sentence))
}

/// One fault, or a list of them.
fn add_faults(call: &Call, state: &mut State) -> Result<Answer, String> {
    match body(call)? {
        Value::Array(orders) => {
            let added: Result<Vec<Value>, String> = orders.into_iter().map(|order| add_fault(order, state)).collect();
            Ok(Answer::json(StatusCode::CREATED, &Value::Array(added?)))
        }
        order => Ok(Answer::json(StatusCode::CREATED, &add_fault(order, state)?)),
    }
}

fn add_fault(order: Value, state: &mut State) -> Result<Value, String> {
    let order: Order = serde_json::from_value(order).map_err(|error| format!("not a fault: {error}"))?;
    state.faults.add(order)
}

fn advance_clock(call: &Call, state: &mut State) -> Result<Answer, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Advance {
        advance_seconds: u32,
    }
    let advance: Advance =
        serde_json::from_value(body(call)?).map_err(|error| format!("expected {{\"advance_seconds\": n}}: {error}"))?;
    state.world.settings.clock_offset_seconds += i64::from(advance.advance_seconds);
    Ok(time(state))
}

fn time(state: &State) -> Answer {
    Answer::ok(&json!({"now": crate::clock::iso(state.world.settings.now())}))
}

fn body(call: &Call) -> Result<Value, String> {
    call.json().map_err(|error| format!("the body is not JSON: {error}"))
}

fn complaint(status: StatusCode, sentence: &str) -> Answer {
    Answer::json(status, &json!({"error": {"code": "SimulatorAdmin", "message": sentence}}))
}
