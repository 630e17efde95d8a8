//! Tests of error bodies in all formats that Azure uses.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn code_and_message(body: &str) -> (Option<String>, String) {
    let read = ErrorBody::parse(body.as_bytes());
    (read.code, read.message)
}

fn both(code: &str, message: &str) -> (Option<String>, String) {
    (Some(code.to_owned()), message.to_owned())
}

#[test]
fn reads_code_and_message_in_every_format() {
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
fn reads_an_error_inside_the_message() {
    let inner =
        json!({"error": {"code": "BadRequest", "message": "Workspace w is not onboarded to Microsoft Sentinel."}});
    for message in [inner.to_string(), json!(inner.to_string()).to_string(), format!("\u{feff} {inner}")] {
        let body = json!({"error": {"code": "Outer", "message": message}});

        assert_eq!(
            code_and_message(&body.to_string()),
            both("BadRequest", "Workspace w is not onboarded to Microsoft Sentinel.")
        );
    }
}

#[test]
fn keeps_a_message_that_is_not_a_nested_error() {
    for message in ["{", "{\"a\": 1}", "\"{", "[1]"] {
        let body = json!({"code": "C", "message": message});

        assert_eq!(code_and_message(&body.to_string()), both("C", message));
    }
}

#[test]
fn reads_a_numeric_code() {
    assert_eq!(code_and_message(r#"{"error":{"code":403,"message":"M"}}"#), both("403", "M"));
}

/// An error with `length` levels of nested errors. Each message is the level.
fn chain(length: usize) -> Value {
    let error = |depth: usize| json!({"code": "C", "message": depth.to_string()});
    (0..length).rev().fold(error(length), |below, depth| {
        let mut error = error(depth);
        error["details"] = json!([below]);
        error
    })
}

#[test]
fn limits_the_depth_and_number_of_nested_errors() {
    let details = ErrorBody::of_document(&chain(20)).details;
    let messages: Vec<&str> = details.iter().map(|detail| detail.message.as_str()).collect();
    assert_eq!(messages, ["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assert_eq!(innermost(&chain(20))[0].message, "8");
    assert_eq!(innermost(&chain(3))[0].message, "3");

    let many = json!({"code": "C", "message": "M", "details": vec![json!({"message": "D"}); 60]});
    assert_eq!(ErrorBody::of_document(&many).details.len(), DETAIL_LIMIT);
    assert_eq!(innermost(&many).len(), DETAIL_LIMIT);

    let nested = (0..20).fold("M".to_owned(), |inner, depth| json!({"code": depth, "message": inner}).to_string());
    let body = ErrorBody::parse(nested.as_bytes());
    assert_eq!(body.code.as_deref(), Some("11"), "the outermost has code 19, and eight more are read");
}

#[test]
fn flattens_details_and_their_inner_errors() {
    let nested = json!({"error": {"code": "Inner", "message": "really"}}).to_string();
    let body = json!({"error": {"code": "DeploymentFailed", "message": "see details", "details": [
        {"code": "Conflict", "target": "t", "message": nested, "details": [{"code": "Deep", "message": "down"}]}
    ]}});

    let read = ErrorBody::parse(body.to_string().as_bytes());

    assert_eq!(read.code.as_deref(), Some("DeploymentFailed"));
    let shown: Vec<String> = read.details.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["Inner (t): really", "Deep: down"]);
}

#[test]
fn reads_policies_at_every_level() {
    let info = |name: &str| json!([{"type": "PolicyViolation", "info": {"policyAssignmentName": name}}]);
    let nested = json!({"error": {"code": "C", "message": "M", "additionalInfo": info("nested")}}).to_string();
    let body = json!({"error": {
        "code": "RequestDisallowedByPolicy", "message": "M", "additionalInfo": info("top"),
        "details": [
            {"code": "RequestDisallowedByPolicy", "message": "D", "additionalInfo": info("detail")},
            {"code": "Wrapped", "message": nested},
        ],
        "innererror": {"additionalInfo": info("inner")},
    }});

    let read = ErrorBody::parse(body.to_string().as_bytes());

    assert_eq!(read.policies[0].assignment.as_deref(), Some("top"));
    let below: Vec<_> =
        read.details.iter().flat_map(|detail| &detail.policies).filter_map(|it| it.assignment.as_deref()).collect();
    assert_eq!(below, ["detail", "nested", "inner"]);
    let leaf =
        json!({"code": "Outer", "message": "M", "additionalInfo": info("outer"), "details": [{"message": "leaf"}]});
    assert_eq!(innermost(&leaf)[0].policies[0].assignment.as_deref(), Some("outer"));
}

#[test]
fn masks_secrets_in_every_text() {
    let body = json!({"error": {"code": "C", "message": "no hunter22", "details": [
        {"code": "D", "target": "hunter22", "message": json!({"message": "hunter22!"}).to_string()}
    ]}});

    let read = ErrorBody::parse(body.to_string().as_bytes()).masked(&["hunter22"].into_iter().collect());

    assert_eq!(read.message, "no (sensitive value)");
    assert_eq!(read.details[0].to_string(), "D ((sensitive value)): (sensitive value)!");
}

#[test]
fn reads_the_position_of_a_query_error() {
    let syntax = json!({"code": "SYN0002", "message": "Query could not be parsed at 'x' on line [2,7]",
        "line": 2, "pos": 7, "token": "x"});
    let body = json!({"error": {"code": "BadArgumentError", "message": "invalid properties", "innererror":
        {"code": "SyntaxError", "message": "A recognition error occurred in the query.", "innererror": syntax}}});

    let details = ErrorBody::parse(body.to_string().as_bytes()).details;

    let found: Vec<_> = details.iter().map(|detail| (detail.code.as_deref(), detail.position)).collect();
    let position = Some(TextPosition { line: 2, pos: 7 });
    assert_eq!(found, [(Some("SyntaxError"), None), (Some("SYN0002"), position)]);
}

#[test]
fn reports_an_html_page_without_tags() {
    let read = ErrorBody::parse(b"<html><h1>502 Bad Gateway</h1>nginx</html>");

    assert!(read.foreign);
    assert_eq!(read.message, "the response is not JSON, it may come from a proxy or a gateway: 502 Bad Gateway nginx");
}

#[test]
fn every_body_has_a_message() {
    assert_eq!(ErrorBody::parse(b"  ").message, "the response has no body");
    assert_eq!(ErrorBody::parse(b"[]").message, "the response describes no error");
    assert_eq!(ErrorBody::parse(br#"{"error":{"code":"C"}}"#).message, "Azure returned no message");
    assert_eq!(ErrorBody::parse(br#"{"code":"C","details":[null,{"message":"below"}]}"#).message, "below");
    assert_eq!(ErrorBody::parse(br#"{"error":"invalid","error_description":"why"}"#).message, "why");
}

#[test]
fn finds_the_innermost_errors() {
    let inner = json!({"error": {"code": "BadRequest", "message": "really"}}).to_string();
    let document = json!({"error": {"code": "ResourceDeploymentFailure", "message": "see details", "details": [
        {"code": "Wrapped", "message": inner},
        {"code": "Conflict", "target": "t", "message": "in the way", "details": []},
    ]}});

    let shown = |document: &Value| innermost(document).iter().map(ToString::to_string).collect::<Vec<_>>();

    assert_eq!(shown(&document), ["BadRequest: really", "Conflict (t): in the way"]);
    assert_eq!(shown(&json!(document.to_string())), shown(&document), "a document as text");
    assert_eq!(shown(&json!("OK")), Vec::<String>::new());
    assert_eq!(shown(&json!({"code": "C", "message": "M"})), ["C: M"]);
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::from), "\\PC{0,12}".prop_map(Value::from)];
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
    fn arbitrary_bytes_give_a_message(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(!ErrorBody::parse(&body).message.is_empty());
    }

    #[test]
    fn limits_the_details_of_arbitrary_documents(document in document()) {
        let read = ErrorBody::parse(document.to_string().as_bytes());
        prop_assert!(!read.message.is_empty());
        prop_assert!(read.details.len() <= DETAIL_LIMIT);
    }
}
