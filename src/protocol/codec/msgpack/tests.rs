//! Tests of the documented encodings byte by byte, and of round trips of generated values.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{decode, encode};
use crate::framework::{Number, Path, Type, Value};
use crate::protocol::codec::strategies::typed_values;

const UNKNOWN: &[u8] = &[0xd4, 0, 0];

fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).expect("a number"))
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn list(element: Type) -> Type {
    Type::List(Box::new(element))
}

fn object<T>(members: impl IntoIterator<Item = (&'static str, T)>) -> BTreeMap<String, T> {
    members.into_iter().map(|(name, member)| (name.to_owned(), member)).collect()
}

/// Asserts that a value is encoded as `bytes`, and that `bytes` are decoded to the value.
#[track_caller]
fn assert_encoding(value: &Value, ty: &Type, bytes: &[u8]) {
    assert_eq!(encode(value, ty).expect("valid for the type"), bytes, "encoding {value:?}");
    assert_eq!(&decode(bytes, ty).expect("valid for the type"), value, "decoding {bytes:x?}");
}

/// Asserts that decoding fails at `path` because of `problem`.
#[track_caller]
fn assert_rejected(bytes: &[u8], ty: &Type, path: &Path, problem: &str) {
    let error = decode(bytes, ty).expect_err("invalid for the type");
    assert_eq!(&error.path(), path);
    let detail = error.into_request_diagnostic("It").detail;
    assert!(detail.contains(problem), "{detail}");
}

#[test]
fn encodes_primitives() {
    assert_encoding(&Value::Null, &Type::String, &[0xc0]);
    assert_encoding(&Value::Unknown, &Type::String, UNKNOWN);
    assert_encoding(&Value::Bool(true), &Type::Bool, &[0xc3]);
    assert_encoding(&text("hi"), &Type::String, b"\xa2hi");
}

#[test]
fn encodes_numbers_as_text() {
    assert_encoding(&number("7"), &Type::Number, b"\xa17");
    assert_encoding(&number("-33"), &Type::Number, b"\xa3-33");
    assert_encoding(&number("0.1"), &Type::Number, b"\xa30.1");
    assert_encoding(&number("18446744073709551616"), &Type::Number, b"\xb418446744073709551616");
}

#[test]
fn decodes_the_largest_unsigned_integer() {
    let decoded = decode(&[0xcf, 255, 255, 255, 255, 255, 255, 255, 255], &Type::Number).expect("a number");
    assert_eq!(decoded, number("18446744073709551615"));
}

#[test]
fn encodes_collections() {
    assert_encoding(
        &Value::List(vec![text("a"), Value::Unknown]),
        &list(Type::String),
        &[&b"\x92\xa1a"[..], UNKNOWN].concat(),
    );
    assert_encoding(&Value::Set(vec![]), &Type::Set(Box::new(Type::Bool)), &[0x90]);
    let tuple = Type::Tuple(vec![Type::Bool, Type::Number]);
    assert_encoding(&Value::Tuple(vec![Value::Bool(false), number("1")]), &tuple, b"\x92\xc2\xa11");
    let map = Value::Map(object([("k", Value::Bool(true))]));
    assert_encoding(&map, &Type::Map(Box::new(Type::Bool)), b"\x81\xa1k\xc3");
}

#[test]
fn sorts_the_attributes_of_an_object() {
    let ty = Type::Object(object([("b", Type::Bool), ("a", Type::String)]));
    let value = Value::Object(object([("a", Value::Null), ("b", Value::Bool(true))]));
    assert_encoding(&value, &ty, b"\x82\xa1a\xc0\xa1b\xc3");
}

#[test]
fn encodes_dynamic_values_with_their_type() {
    let dynamic = |ty, value| Value::Dynamic(Box::new((ty, value)));
    assert_encoding(&Value::Null, &Type::Dynamic, &[0xc0]);
    assert_encoding(&Value::Unknown, &Type::Dynamic, UNKNOWN);
    assert_encoding(&dynamic(Type::String, text("x")), &Type::Dynamic, b"\x92\xc4\x08\"string\"\xa1x");
    assert_encoding(&dynamic(Type::Bool, Value::Null), &Type::Dynamic, b"\x92\xc4\x06\"bool\"\xc0");
}

#[test]
fn accepts_the_type_of_a_dynamic_value_as_a_string() {
    let decoded = decode(b"\x92\xa6\"bool\"\xc3", &Type::Dynamic).expect("a dynamic value");
    assert_eq!(decoded, Value::Dynamic(Box::new((Type::Bool, Value::Bool(true)))));
}

#[test]
fn decodes_every_extension_as_unknown() {
    let not_null = [0xc7, 3, 12, 0x81, 1, 0xc2];
    let prefix = [&[0xc7, 12, 12, 0x82, 1, 0xc2, 2][..], b"\xa7https:/"].concat();
    let long = [&[0xc8, 0x08, 0x00, 0x2a][..], &[0; 2048]].concat();
    let fixed = [&[0xd8, 12][..], &[0; 16]].concat();
    for bytes in [UNKNOWN, &[0xd4, 99, 7], &not_null, &prefix, &long, &fixed] {
        assert_eq!(decode(bytes, &Type::String).expect("an unknown value"), Value::Unknown, "{bytes:x?}");
    }
}

#[test]
fn accepts_attributes_in_any_order() {
    let ty = Type::Object(object([("a", Type::Bool), ("b", Type::Bool)]));
    let decoded = decode(b"\x82\xa1b\xc2\xa1a\xc3", &ty).expect("an object");
    assert_eq!(decoded, Value::Object(object([("a", Value::Bool(true)), ("b", Value::Bool(false))])));
}

#[test]
fn normalizes_strings_to_nfc() {
    let decomposed = [b"\xa3e", "\u{301}".as_bytes()].concat();
    let composed = [b"\xa2", "\u{e9}".as_bytes()].concat();

    assert_eq!(decode(&decomposed, &Type::String).expect("a string"), text("\u{e9}"));
    assert_eq!(encode(&text("e\u{301}"), &Type::String).expect("a string"), composed);
}

#[test]
fn errors_name_the_attribute() {
    let rule = Type::Object(object([("kind", Type::String)]));
    let ty = Type::Object(object([("rules", list(rule))]));

    let rules = Path::attribute("rules");
    assert_rejected(
        b"\x81\xa5rules\x92\x81\xa4kind\xc0\x81\xa4kind\xc3",
        &ty,
        &rules.index(1).child("kind"),
        "expected a string, found a bool",
    );
    assert_rejected(b"\x81\xa5rules\xa1x", &ty, &Path::attribute("rules"), "expected a list, found a string");
}

#[test]
fn error_in_a_set_element_names_the_set() {
    let ty = Type::Object(object([("names", Type::Set(Box::new(Type::Object(object([("a", Type::Bool)])))))]));
    assert_rejected(
        b"\x81\xa5names\x91\x81\xa1a\x01",
        &ty,
        &Path::attribute("names"),
        "expected a bool, found a number",
    );
}

#[test]
fn rejects_missing_duplicate_and_unknown_attributes() {
    let ty = Type::Object(object([("a", Type::Bool), ("b", Type::Bool)]));
    assert_rejected(b"\x81\xa1a\xc3", &ty, &Path::attribute("b"), "missing");
    assert_rejected(b"\x82\xa1a\xc3\xa1a\xc3", &ty, &Path::attribute("a"), "twice");
    assert_rejected(b"\x83\xa1a\xc3\xa1b\xc3\xa1c\xc3", &ty, &Path::root(), "no attribute `c`");
}

#[test]
fn rejects_data_after_the_value() {
    assert_rejected(&[0xc3, 0xc3], &Type::Bool, &Path::root(), "after the value: 1 bytes");
}

#[test]
fn rejects_infinite_numbers() {
    assert_rejected(&[0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0], &Type::Number, &Path::root(), "infinite");
}

#[test]
fn rejects_encoding_a_value_of_another_type() {
    let pair = Type::Tuple(vec![Type::Bool, Type::Bool]);
    let cases = [
        (Value::Tuple(vec![Value::Null]), pair, "expected a tuple of 2, found a tuple"),
        (Value::Object(object([("b", Value::Null)])), Type::Object(object([("a", Type::Bool)])), "no attribute `b`"),
        (text("a"), Type::Bool, "expected a bool, found a string"),
    ];
    for (value, ty, problem) in cases {
        let detail = encode(&value, &ty).expect_err("another type").into_response_diagnostic("It").detail;
        assert!(detail.contains(problem), "{detail}");
    }
}

#[test]
fn rejects_excessively_nested_dynamic_values() {
    let bytes = [b"\x92\xc4\x09\"dynamic\"".repeat(100_000), vec![0xc0]].concat();
    assert_rejected(&bytes, &Type::Dynamic, &Path::root(), "nested too deeply");
}

proptest! {
    #[test]
    fn round_trips_every_value((ty, value) in typed_values()) {
        let bytes = encode(&value, &ty).expect("valid for the type");
        prop_assert_eq!(decode(&bytes, &ty).expect("it was encoded as this type"), value);
    }

    #[test]
    fn rejects_truncated_data((ty, value) in typed_values(), cut in any::<prop::sample::Index>()) {
        let bytes = encode(&value, &ty).expect("valid for the type");
        prop_assert!(decode(&bytes[..cut.index(bytes.len())], &ty).is_err());
    }

    #[test]
    fn numbers_keep_every_digit(text in "-?(0|[1-9][0-9]{0,80})\\.[0-9]{0,79}[1-9]") {
        let bytes = encode(&number(&text), &Type::Number).expect("a number");
        let Value::Number(read) = decode(&bytes, &Type::Number).expect("a number") else {
            panic!("a number is read as a number");
        };
        prop_assert_eq!(read.to_string(), text);
    }
}
