//! The body of an error response, in all formats that Azure uses.
//!
//! The formats are `{"error": {code, message, details}}`, the same without the envelope, a failed long-running
//! operation (`{id, status, error}`), and OData. A message may contain another error as JSON text. The body may also
//! have a byte order mark, be an HTML page, or be empty.

use serde_json::Value;

use super::{ErrorDetail, PolicyViolation, TextPosition};
use crate::azure::text;
use crate::json::{self, JsonError};
use crate::redaction::Secrets;

/// The maximum depth of nested errors.
const DEPTH_LIMIT: usize = 8;

/// The maximum number of nested errors that are kept.
const DETAIL_LIMIT: usize = 50;

/// The maximum number of characters of a body that is not JSON.
const TEXT_LIMIT: usize = 300;

/// The body of an error response.
#[derive(Debug, Default, Eq, PartialEq)]
pub(in crate::azure) struct ErrorBody {
    /// The innermost code.
    pub(in crate::azure) code: Option<String>,
    /// The innermost message. Never empty.
    pub(in crate::azure) message: String,
    /// The nested errors, in one list.
    pub(in crate::azure) details: Vec<ErrorDetail>,
    /// The policies that deny the request. Nested errors list their own.
    pub(in crate::azure) policies: Vec<PolicyViolation>,
    /// Whether the body is not from Azure: a proxy or a gateway responded.
    pub(in crate::azure) foreign: bool,
}

/// The innermost errors of a document or of JSON text: those without nested errors.
#[must_use]
pub fn innermost(document: &Value) -> Vec<ErrorDetail> {
    let opened = document.as_str().and_then(nested);
    let document = opened.as_ref().unwrap_or(document);
    let mut found = Vec::new();
    if let Some(error) = error_in(document) {
        leaves(error, &[], 0, &mut found);
    }
    found
}

/// Collects the innermost errors. `inherited` are the policies of the enclosing error.
fn leaves(error: &Value, inherited: &[PolicyViolation], depth: usize, found: &mut Vec<ErrorDetail>) {
    let own_message = message(error).unwrap_or_default();
    let mut policies = PolicyViolation::in_error(error, &own_message);
    if policies.is_empty() {
        policies = inherited.to_vec();
    }
    let inside = nested(&own_message);
    let inside = inside.as_ref().and_then(error_in);
    let details = field(error, "details").and_then(Value::as_array).into_iter().flatten();
    let inner = field(error, "innererror").filter(|inner| is_error(inner));
    let below: Vec<&Value> = details.chain(inner).chain(inside).collect();
    let before = found.len();
    if depth < DEPTH_LIMIT {
        for error in below {
            leaves(error, &policies, depth + 1, found);
        }
    }
    if found.len() == before && found.len() < DETAIL_LIMIT && !own_message.is_empty() {
        let (code, target) = (text(error, "code"), text(error, "target"));
        found.push(ErrorDetail { code, target, message: own_message, policies, position: position(error) });
    }
}

/// The body without the byte order mark that some services put before JSON.
pub(in crate::azure) fn strip_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

impl ErrorBody {
    /// Parses any body. If it is not an error of Azure, the message describes the body.
    pub(in crate::azure) fn parse(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(strip_bom(body));
        let text = text.trim();
        if text.is_empty() {
            return Self { message: "the response has no body".to_owned(), ..Self::default() };
        }
        let document = match json::parse(text.as_bytes()) {
            Ok(document) => document,
            Err(JsonError::TooLarge) => {
                return Self { message: "the response is too large".to_owned(), ..Self::default() };
            }
            Err(JsonError::Invalid(_)) => {
                let excerpt = text::line(&text::without_tags(text), TEXT_LIMIT);
                let message = format!("the response is not JSON, it may come from a proxy or a gateway: {excerpt}");
                return Self { message, foreign: true, ..Self::default() };
            }
        };
        Self::of_document(&document)
    }

    /// Reads the error in a document, for example of a failed operation.
    pub(in crate::azure) fn of_document(document: &Value) -> Self {
        let mut body = Self::default();
        match error_in(document) {
            Some(error) => body.read(error),
            None => body.message = "the response describes no error".to_owned(),
        }
        if body.message.is_empty() {
            let below = body.details.first().map(|detail| detail.message.clone());
            body.message = below.unwrap_or_else(|| "Azure returned no message".to_owned());
        }
        body
    }

    /// The same error with `secrets` masked.
    pub(in crate::azure) fn masked(mut self, secrets: &Secrets) -> Self {
        self.message = secrets.mask(&self.message).into_owned();
        let mask = |text: &str| secrets.mask(text).into_owned();
        self.details.iter_mut().for_each(|detail| detail.map_texts(&mask));
        self.policies.iter_mut().for_each(|policy| policy.map_texts(&mask));
        self
    }

    /// Reads one error. An error inside its message replaces its code and message.
    fn read(&mut self, error: &Value) {
        let errors = unfold(error);
        self.code = code_of(&errors);
        self.message = message_of(&errors);
        self.policies = policies_of(&errors);
        for error in &errors {
            self.collect(error, 0);
        }
    }

    /// Collects the errors in `details` and `innererror`, at all levels.
    fn collect(&mut self, error: &Value, depth: usize) {
        if depth > DEPTH_LIMIT {
            return;
        }
        let details = field(error, "details").and_then(Value::as_array).into_iter().flatten();
        let inner = field(error, "innererror").filter(|inner| is_error(inner));
        for detail in details.chain(inner) {
            if self.details.len() >= DETAIL_LIMIT {
                return;
            }
            let errors = unfold(detail);
            let message = message_of(&errors);
            let (code, policies) = (code_of(&errors), policies_of(&errors));
            if !message.is_empty() || !policies.is_empty() {
                let (target, position) = (text(detail, "target"), position(detail));
                self.details.push(ErrorDetail { code, target, message, policies, position });
            }
            self.collect(detail, depth + 1);
        }
    }
}

/// The error, the error inside its message, the error inside that message, and so on.
fn unfold(error: &Value) -> Vec<Value> {
    let mut errors = vec![error.clone()];
    while errors.len() <= DEPTH_LIMIT {
        let inner = errors.last().and_then(message).as_deref().and_then(nested);
        let Some(inner) = inner.as_ref().and_then(error_in) else { break };
        errors.push(inner.clone());
    }
    errors
}

/// The innermost code.
fn code_of(errors: &[Value]) -> Option<String> {
    errors.iter().rev().find_map(|error| text(error, "code"))
}

/// The policies of the innermost error that names any.
fn policies_of(errors: &[Value]) -> Vec<PolicyViolation> {
    let policies = |error: &Value| PolicyViolation::in_error(error, &message(error).unwrap_or_default());
    errors.iter().rev().map(policies).find(|found| !found.is_empty()).unwrap_or_default()
}

/// The position of the error in the text of a query: Log Analytics writes `line` and `pos`.
fn position(error: &Value) -> Option<TextPosition> {
    let number = |name: &str| usize::try_from(field(error, name)?.as_u64()?).ok();
    Some(TextPosition { line: number("line")?, pos: number("pos")? })
}

/// Whether an `innererror` contains a message or policies.
fn is_error(inner: &Value) -> bool {
    message(inner).is_some() || field(inner, "additionalInfo").is_some()
}

/// The innermost message.
fn message_of(errors: &[Value]) -> String {
    errors.last().and_then(message).unwrap_or_default()
}

/// The object with code and message: the field `error` (in OData: `odata.error`), or the document itself.
fn error_in(document: &Value) -> Option<&Value> {
    let below = field(document, "error").or_else(|| field(document, "odata.error"));
    match below {
        Some(error @ Value::Object(_)) => Some(error),
        _ if text(document, "code").is_some() || message(document).is_some() => Some(document),
        _ => field(document, "properties").and_then(|properties| field(properties, "error")),
    }
}

fn message(error: &Value) -> Option<String> {
    text(error, "message")
        // OData: {"message": {"lang": "en", "value": "…"}}
        .or_else(|| field(error, "message").and_then(|message| text(message, "value")))
        // OAuth: {"error": "word", "error_description": "…"}
        .or_else(|| text(error, "error_description"))
        .or_else(|| text(error, "error"))
}

/// Parses an error that is JSON text inside a message.
fn nested(message: &str) -> Option<Value> {
    let start = message.trim_start_matches('\u{feff}').trim();
    if !start.starts_with('{') && !start.starts_with("\"{") {
        return None;
    }
    match json::parse(start.as_bytes()).ok()? {
        Value::String(inner) => json::parse(inner.as_bytes()).ok(),
        document @ Value::Object(_) => Some(document),
        _ => None,
    }
}

/// Reads a field by its name, ignoring case: older services write `Code` and `Message`.
pub(super) fn field<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let object = object.as_object()?;
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

pub(super) fn text(object: &Value, name: &str) -> Option<String> {
    let value = field(object, name)?;
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests;
