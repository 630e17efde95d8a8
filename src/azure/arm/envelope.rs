//! Reading the body of an error, in all the shapes that Azure uses.
//!
//! `{"error": {code, message, details}}`, the same without the envelope, the shape of a long-running operation
//! (`{id, status, error}`), OData's, another error as JSON text inside the message, a byte order mark in front, a page
//! of HTML, nothing at all.

use serde_json::Value;

use super::error::Detail;
use crate::azure::text;

/// How deep errors inside messages are followed.
const DEPTH_LIMIT: usize = 8;

/// How many errors below the first are kept.
const DETAIL_LIMIT: usize = 50;

/// Longest text of a body that is not JSON.
const TEXT_LIMIT: usize = 300;

/// An error body, read.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Envelope {
    pub(super) code: Option<String>,
    pub(super) message: String,
    pub(super) details: Vec<Detail>,
    /// The body is not Azure's: something between Azure and us has answered.
    pub(super) foreign: bool,
}

/// Reads any body; what cannot be understood becomes a message that says so.
pub(super) fn read(body: &[u8]) -> Envelope {
    let text = String::from_utf8_lossy(strip_bom(body));
    let text = text.trim();
    if text.is_empty() {
        return Envelope { message: "the answer has no body".to_owned(), ..Envelope::default() };
    }
    let Ok(document) = serde_json::from_str::<Value>(text) else {
        let message = format!(
            "the answer is not JSON, perhaps of a proxy or a gateway: {}",
            text::line(&text::without_tags(text), TEXT_LIMIT)
        );
        return Envelope { message, foreign: true, ..Envelope::default() };
    };
    in_document(&document)
}

/// Reads an error that is part of a document, for example of an operation that has failed.
pub(super) fn in_document(document: &Value) -> Envelope {
    let mut envelope = Envelope::default();
    match error_in(document) {
        Some(error) => envelope.absorb(error, 0),
        None => envelope.message = "the answer holds no error that Azure describes".to_owned(),
    }
    if envelope.message.is_empty() {
        let below = envelope.details.first().map(|detail| detail.message.clone());
        envelope.message = below.unwrap_or_else(|| "Azure gives no message".to_owned());
    }
    envelope
}

/// The errors that say why: those with no others below them. A document or text that describes no error gives none.
#[must_use]
pub fn innermost(document: &Value) -> Vec<Detail> {
    let opened = document.as_str().and_then(nested);
    let document = opened.as_ref().unwrap_or(document);
    let mut found = Vec::new();
    if let Some(error) = error_in(document) {
        leaves(error, 0, &mut found);
    }
    found
}

fn leaves(error: &Value, depth: usize, found: &mut Vec<Detail>) {
    let said = message(error).unwrap_or_default();
    let inside = nested(&said);
    let inside = inside.as_ref().and_then(error_in);
    let below: Vec<&Value> =
        field(error, "details").and_then(Value::as_array).into_iter().flatten().chain(inside).collect();
    let before = found.len();
    if depth < DEPTH_LIMIT {
        for error in below {
            leaves(error, depth + 1, found);
        }
    }
    if found.len() == before && found.len() < DETAIL_LIMIT && !said.is_empty() {
        found.push(Detail { code: text(error, "code"), target: text(error, "target"), message: said });
    }
}

/// The body without a byte order mark, which some services put in front of JSON.
pub(super) fn strip_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

impl Envelope {
    /// Takes over one error; a message that is itself an error in JSON is opened, and the innermost code counts.
    fn absorb(&mut self, error: &Value, depth: usize) {
        let (code, message) = (text(error, "code"), message(error));
        if code.is_some() {
            self.code = code;
        }
        self.gather(error, 0);
        match message.as_deref().and_then(nested).filter(|_| depth < DEPTH_LIMIT) {
            Some(inner) => match error_in(&inner) {
                Some(inner) => self.absorb(inner, depth + 1),
                None => self.message = message.unwrap_or_default(),
            },
            None => self.message = message.unwrap_or_default(),
        }
    }

    /// Collects `details` and `innererror`, however deep.
    fn gather(&mut self, error: &Value, depth: usize) {
        if depth > DEPTH_LIMIT {
            return;
        }
        let details = field(error, "details").and_then(Value::as_array).into_iter().flatten();
        let inner = field(error, "innererror").filter(|inner| message(inner).is_some());
        for detail in details.chain(inner) {
            if self.details.len() >= DETAIL_LIMIT {
                return;
            }
            let mut unfolded = Self::default();
            unfolded.absorb_detail(detail, depth);
            if !unfolded.message.is_empty() {
                let target = text(detail, "target");
                self.details.push(Detail { code: unfolded.code, target, message: unfolded.message });
            }
            self.gather(detail, depth + 1);
        }
    }

    fn absorb_detail(&mut self, detail: &Value, depth: usize) {
        let mut current = detail.clone();
        for _ in depth..=DEPTH_LIMIT {
            if let Some(code) = text(&current, "code") {
                self.code = Some(code);
            }
            self.message = message(&current).unwrap_or_default();
            match nested(&self.message).and_then(|inner| error_in(&inner).cloned()) {
                Some(inner) => current = inner,
                None => return,
            }
        }
    }
}

/// The object that holds code and message: below `error` (or OData's name for it), or the document itself.
fn error_in(document: &Value) -> Option<&Value> {
    let below = field(document, "error").or_else(|| field(document, "odata.error"));
    match below {
        Some(error @ Value::Object(_)) => Some(error),
        // OAuth's shape: {"error": "word", "error_description": "…"}
        Some(Value::String(_)) => Some(document),
        _ if text(document, "code").is_some() || message(document).is_some() => Some(document),
        _ => field(document, "properties").and_then(|properties| field(properties, "error")),
    }
}

fn message(error: &Value) -> Option<String> {
    text(error, "message")
        // OData: {"message": {"lang": "en", "value": "…"}}
        .or_else(|| field(error, "message").and_then(|message| text(message, "value")))
        .or_else(|| text(error, "error_description"))
        .or_else(|| text(error, "error"))
}

/// An error as JSON text inside a message.
fn nested(message: &str) -> Option<Value> {
    let start = message.trim_start_matches('\u{feff}').trim();
    if !start.starts_with('{') && !start.starts_with("\"{") {
        return None;
    }
    match serde_json::from_str(start).ok()? {
        Value::String(inner) => serde_json::from_str(&inner).ok(),
        document @ Value::Object(_) => Some(document),
        _ => None,
    }
}

/// A field by its name without case: older services write `Code` and `Message`.
fn field<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let object = object.as_object()?;
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn text(object: &Value, name: &str) -> Option<String> {
    let value = field(object, name)?;
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn code_and_message(body: &str) -> (Option<String>, String) {
        let envelope = read(body.as_bytes());
        (envelope.code, envelope.message)
    }

    fn both(code: &str, message: &str) -> (Option<String>, String) {
        (Some(code.to_owned()), message.to_owned())
    }

    #[test]
    fn every_shape_gives_code_and_message() {
        for body in [
            r#"{"error":{"code":"C","message":"M"}}"#,
            r#"{"code":"C","message":"M"}"#,
            r#"{"Code":"C","Message":"M"}"#,
            r#"{"id":"/x","status":"Failed","error":{"code":"C","message":"M"}}"#,
            r#"{"odata.error":{"code":"C","message":{"lang":"en","value":"M"}}}"#,
            "\u{feff}{\"error\":{\"code\":\"C\",\"message\":\"M\"}}",
            r#"{"properties":{"error":{"code":"C","message":"M"}}}"#,
        ] {
            assert_eq!(code_and_message(body), both("C", "M"), "{body}");
        }
    }

    #[test]
    fn an_error_inside_the_message_is_opened() {
        let inner =
            json!({"error": {"code": "BadRequest", "message": "Workspace w is not onboarded to Microsoft Sentinel."}});
        let body = json!({"error": {"code": "Outer", "message": inner.to_string()}});

        assert_eq!(
            code_and_message(&body.to_string()),
            both("BadRequest", "Workspace w is not onboarded to Microsoft Sentinel.")
        );
    }

    #[test]
    fn details_are_flattened_with_their_own_inner_errors() {
        let nested = json!({"error": {"code": "Inner", "message": "really"}}).to_string();
        let body = json!({"error": {"code": "DeploymentFailed", "message": "see details", "details": [
            {"code": "Conflict", "target": "t", "message": nested, "details": [{"code": "Deep", "message": "down"}]}
        ]}});

        let envelope = read(body.to_string().as_bytes());

        assert_eq!(envelope.code.as_deref(), Some("DeploymentFailed"));
        let told: Vec<String> = envelope.details.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["Inner (t): really", "Deep: down"]);
    }

    #[test]
    fn a_page_is_told_without_tags_and_known_to_be_foreign() {
        let envelope = read(b"<html><h1>502 Bad Gateway</h1>nginx</html>");

        assert!(envelope.foreign);
        assert_eq!(envelope.message, "the answer is not JSON, perhaps of a proxy or a gateway: 502 Bad Gateway nginx");
    }

    #[test]
    fn nothing_and_strange_things_have_a_message_too() {
        assert_eq!(read(b"  ").message, "the answer has no body");
        assert_eq!(read(b"[]").message, "the answer holds no error that Azure describes");
        assert_eq!(read(br#"{"error":{"code":"C"}}"#).message, "Azure gives no message");
        assert_eq!(read(br#"{"code":"C","details":[null,{"message":"below"}]}"#).message, "below");
        assert_eq!(read(br#"{"error":"invalid","error_description":"why"}"#).message, "why");
    }

    #[test]
    fn the_innermost_errors_are_those_with_nothing_below_them() {
        let inner = json!({"error": {"code": "BadRequest", "message": "really"}}).to_string();
        let document = json!({"error": {"code": "ResourceDeploymentFailure", "message": "see details", "details": [
            {"code": "Wrapped", "message": inner},
            {"code": "Conflict", "target": "t", "message": "in the way", "details": []},
        ]}});

        let told = |document: &Value| innermost(document).iter().map(ToString::to_string).collect::<Vec<_>>();

        assert_eq!(told(&document), ["BadRequest: really", "Conflict (t): in the way"]);
        assert_eq!(told(&json!(document.to_string())), told(&document), "a document as text");
        assert_eq!(told(&json!("OK")), Vec::<String>::new());
        assert_eq!(told(&json!({"code": "C", "message": "M"})), ["C: M"]);
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf =
            prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::from), "\\PC{0,12}".prop_map(Value::from)];
        leaf.prop_recursive(6, 64, 6, |inner| {
            let name = prop_oneof!["error", "code", "message", "details", "innererror", "value", "\\PC{1,4}"];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((name, inner.clone()), 0..5)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
                inner.prop_map(|value| Value::from(value.to_string())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_message(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(!read(&body).message.is_empty());
        }

        #[test]
        fn any_document_gives_a_message_and_a_bounded_number_of_details(document in document()) {
            let envelope = read(document.to_string().as_bytes());
            prop_assert!(!envelope.message.is_empty());
            prop_assert!(envelope.details.len() <= DETAIL_LIMIT);
        }
    }
}
