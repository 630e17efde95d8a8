//! Paging: `nextLink` is an absolute URL with an opaque token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::error::ArmError;
use super::route::Context;
use crate::http::Response;
use crate::http::request::form_pairs;

/// The characters that a query string must percent-encode.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'$').remove(b'~');

/// The whole collection in one page, for types whose lists cannot be filtered.
///
/// # Errors
/// 400 for a `$filter`, which must not be ignored.
pub(crate) fn whole(context: &Context<'_>, values: impl IntoIterator<Item = Value>) -> Result<Response, ArmError> {
    match context.request.option("$filter") {
        Some(filter) => Err(ArmError::invalid_filter(&filter)),
        None => Ok(Response::ok(&list(values))),
    }
}

/// The body of a page. Does not use the macro `json`, which would copy the values.
fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::Object(Map::from_iter([("value".to_owned(), values.into_iter().collect())]))
}

/// The page that `$skipToken` selects, with at most `size` or `$top` values.
///
/// # Errors
/// 400 for a token of another collection, and for a `$top` that is not a number.
pub(crate) fn of(context: &Context<'_>, values: &[Value], size: usize) -> Result<Response, ArmError> {
    let start = match context.request.parameter("$skipToken") {
        Some(token) => decode(&token, context)?,
        None => 0,
    };
    let size = match context.request.parameter("$top") {
        Some(top) => match top.parse::<usize>() {
            Ok(top) if top > 0 => top.min(size),
            _ => return Err(ArmError::bad_request(format!("Invalid value '{top}' for the query option '$top'."))),
        },
        None => size,
    };
    let end = values.len().min(start.saturating_add(size));
    let page = values.get(start..end).unwrap_or_default();
    let mut body = list(page.iter().cloned());
    if end < values.len() {
        body["nextLink"] = link(context, end).into();
    }
    Ok(Response::ok(&body))
}

fn link(context: &Context<'_>, next: usize) -> String {
    let token = encode(next, context);
    let others = form_pairs(&context.request.query).filter(|(name, _)| !name.eq_ignore_ascii_case("$skipToken"));
    let query: Vec<String> = others
        .chain([("$skipToken".to_owned(), token)])
        .map(|(name, value)| format!("{}={}", utf8_percent_encode(&name, QUERY), utf8_percent_encode(&value, QUERY)))
        .collect();
    format!("{}{}?{}", context.arm.endpoint, context.request.path, query.join("&"))
}

/// The token of a position. It contains the collection, so that a token of one list is invalid in another.
fn encode(position: usize, context: &Context<'_>) -> String {
    URL_SAFE_NO_PAD.encode(format!("{position}~{}", context.target.id.to_lowercase()))
}

fn decode(token: &str, context: &Context<'_>) -> Result<usize, ArmError> {
    let invalid = || ArmError::bad_request("The provided skip token is invalid.");
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid())?;
    let text = String::from_utf8(bytes).map_err(|_| invalid())?;
    let (position, collection) = text.split_once('~').ok_or_else(invalid)?;
    if collection != context.target.id.to_lowercase() {
        return Err(invalid());
    }
    position.parse().map_err(|_| invalid())
}
