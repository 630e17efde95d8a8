//! The encoding as it is documented, byte for byte; and what holds for every value and for every input.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::{decode, encode};
use crate::framework::{Number, Path, Type, Value};

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

/// Asserts both directions of one documented encoding.
#[track_caller]
fn is_encoded_as(value: &Value, ty: &Type, bytes: &[u8]) {
    assert_eq!(encode(value, ty).expect("the value is of the type"), bytes, "encoding {value:?}");
    assert_eq!(&decode(bytes, ty).expect("the bytes are of the type"), value, "decoding {bytes:x?}");
}

/// Asserts that reading fails with a message about an attribute.
#[track_caller]
fn is_refused(bytes: &[u8], ty: &Type, path: &Path, problem: &str) {
    let error = decode(bytes, ty).expect_err("the bytes are not of the type");
    assert_eq!(&error.path(), path);
    let detail = error.in_request("It").detail;
    assert!(detail.contains(problem), "{detail}");
}

#[test]
fn primitives() {
    is_encoded_as(&Value::Null, &Type::String, &[0xc0]);
    is_encoded_as(&Value::Unknown, &Type::String, UNKNOWN);
    is_encoded_as(&Value::Bool(true), &Type::Bool, &[0xc3]);
    is_encoded_as(&text("hi"), &Type::String, b"\xa2hi");
}

#[test]
fn numbers_by_what_holds_them() {
    is_encoded_as(&number("7"), &Type::Number, &[7]);
    is_encoded_as(&number("-33"), &Type::Number, &[0xd0, 0xdf]);
    is_encoded_as(&number("1.5"), &Type::Number, &[0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]);
    is_encoded_as(&number("0.1"), &Type::Number, b"\xa30.1");
    is_encoded_as(&number("18446744073709551616"), &Type::Number, b"\xb418446744073709551616");
}

#[test]
fn an_unsigned_integer_beyond_signed_ones_is_read_whole() {
    let decoded = decode(&[0xcf, 255, 255, 255, 255, 255, 255, 255, 255], &Type::Number).expect("a number");
    assert_eq!(decoded, number("18446744073709551615"));
}

#[test]
fn collections() {
    is_encoded_as(
        &Value::List(vec![text("a"), Value::Unknown]),
        &list(Type::String),
        &[&b"\x92\xa1a"[..], UNKNOWN].concat(),
    );
    is_encoded_as(&Value::Set(vec![]), &Type::Set(Box::new(Type::Bool)), &[0x90]);
    let tuple = Type::Tuple(vec![Type::Bool, Type::Number]);
    is_encoded_as(&Value::Tuple(vec![Value::Bool(false), number("1")]), &tuple, &[0x92, 0xc2, 1]);
    let map = Value::Map(object([("k", Value::Bool(true))]));
    is_encoded_as(&map, &Type::Map(Box::new(Type::Bool)), b"\x81\xa1k\xc3");
}

#[test]
fn objects_have_all_their_attributes_in_order() {
    let ty = Type::Object(object([("b", Type::Bool), ("a", Type::String)]));
    let value = Value::Object(object([("a", Value::Null), ("b", Value::Bool(true))]));
    is_encoded_as(&value, &ty, b"\x82\xa1a\xc0\xa1b\xc3");
}

#[test]
fn dynamic_values_carry_their_type() {
    let dynamic = |ty, value| Value::Dynamic(Box::new((ty, value)));
    is_encoded_as(&Value::Null, &Type::Dynamic, &[0xc0]);
    is_encoded_as(&Value::Unknown, &Type::Dynamic, UNKNOWN);
    is_encoded_as(&dynamic(Type::String, text("x")), &Type::Dynamic, b"\x92\xc4\x08\"string\"\xa1x");
    is_encoded_as(&dynamic(Type::Bool, Value::Null), &Type::Dynamic, b"\x92\xc4\x06\"bool\"\xc0");
}

#[test]
fn the_type_of_a_dynamic_value_may_come_as_text() {
    let decoded = decode(b"\x92\xa6\"bool\"\xc3", &Type::Dynamic).expect("a dynamic value");
    assert_eq!(decoded, Value::Dynamic(Box::new((Type::Bool, Value::Bool(true)))));
}

#[test]
fn refinements_of_an_unknown_value_are_passed_over() {
    let not_null = [0xc7, 3, 12, 0x81, 1, 0xc2];
    let prefix = [&[0xc7, 12, 12, 0x82, 1, 0xc2, 2][..], b"\xa7https:/"].concat();
    for bytes in [&not_null[..], &prefix] {
        assert_eq!(decode(bytes, &Type::String).expect("an unknown value"), Value::Unknown, "{bytes:x?}");
    }
}

#[test]
fn attributes_are_accepted_in_any_order() {
    let ty = Type::Object(object([("a", Type::Bool), ("b", Type::Bool)]));
    let decoded = decode(b"\x82\xa1b\xc2\xa1a\xc3", &ty).expect("an object");
    assert_eq!(decoded, Value::Object(object([("a", Value::Bool(true)), ("b", Value::Bool(false))])));
}

#[test]
fn text_is_composed_both_ways() {
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
    is_refused(
        b"\x81\xa5rules\x92\x81\xa4kind\xc0\x81\xa4kind\xc3",
        &ty,
        &rules.index(1).child("kind"),
        "expected a string, found a bool",
    );
    is_refused(b"\x81\xa5rules\xa1x", &ty, &Path::attribute("rules"), "expected a list, found a string");
}

#[test]
fn an_error_in_a_set_names_the_set() {
    let ty = Type::Object(object([("names", Type::Set(Box::new(Type::Object(object([("a", Type::Bool)])))))]));
    is_refused(b"\x81\xa5names\x91\x81\xa1a\x01", &ty, &Path::attribute("names"), "expected a bool, found a number");
}

#[test]
fn an_object_has_exactly_its_attributes() {
    let ty = Type::Object(object([("a", Type::Bool), ("b", Type::Bool)]));
    is_refused(b"\x81\xa1a\xc3", &ty, &Path::attribute("b"), "missing");
    is_refused(b"\x82\xa1a\xc3\xa1a\xc3", &ty, &Path::attribute("a"), "twice");
    is_refused(b"\x83\xa1a\xc3\xa1b\xc3\xa1c\xc3", &ty, &Path::root(), "no attribute `c`");
}

#[test]
fn what_follows_the_value_is_refused() {
    is_refused(&[0xc3, 0xc3], &Type::Bool, &Path::root(), "goes on after the value");
}

#[test]
fn infinite_numbers_are_refused() {
    is_refused(&[0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0], &Type::Number, &Path::root(), "infinite");
}

#[test]
fn dynamic_values_nested_without_end_are_refused() {
    let bytes = [b"\x92\xc4\x09\"dynamic\"".repeat(100_000), vec![0xc0]].concat();
    is_refused(&bytes, &Type::Dynamic, &Path::root(), "nested too deeply");
}

proptest! {
    #[test]
    fn reading_gives_back_what_was_written((ty, value) in typed_values()) {
        let bytes = encode(&value, &ty).expect("the value is of the type");
        prop_assert_eq!(decode(&bytes, &ty).expect("it was written as this type"), value);
    }

    #[test]
    fn any_bytes_are_read_or_refused(ty in types(), bytes in vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes, &ty);
    }

    #[test]
    fn bytes_cut_short_are_refused((ty, value) in typed_values(), cut in any::<prop::sample::Index>()) {
        let bytes = encode(&value, &ty).expect("the value is of the type");
        prop_assert!(decode(&bytes[..cut.index(bytes.len())], &ty).is_err());
    }

    #[test]
    fn a_changed_byte_is_read_or_refused(
        (ty, value) in typed_values(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = encode(&value, &ty).expect("the value is of the type");
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = decode(&bytes, &ty);
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

fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|ty| Type::List(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Set(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Map(Box::new(ty))),
            btree_map("[a-z_]{1,8}", inner.clone(), 0..4).prop_map(Type::Object),
            vec(inner, 0..4).prop_map(Type::Tuple),
        ]
    })
}

fn typed_values() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty, 3)))
}

/// Values of a type: null and unknown at every depth, and dynamic values down to some depth.
fn values(ty: &Type, depth: u32) -> BoxedStrategy<Value> {
    let known = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => numbers().prop_map(|text| number(&text)).boxed(),
        Type::String => "\\PC{0,40}".prop_map(|text| Value::String(crate::framework::composed(text))).boxed(),
        Type::List(element) => vec(values(element, depth), 0..4).prop_map(Value::List).boxed(),
        Type::Set(element) => vec(values(element, depth), 0..4).prop_map(Value::Set).boxed(),
        Type::Map(element) => btree_map("[a-zA-Z.-]{0,8}", values(element, depth), 0..4).prop_map(Value::Map).boxed(),
        Type::Tuple(elements) => {
            elements.iter().map(|ty| values(ty, depth)).collect::<Vec<_>>().prop_map(Value::Tuple).boxed()
        }
        Type::Object(attributes) => {
            let names: Vec<String> = attributes.keys().cloned().collect();
            let members: Vec<_> = attributes.values().map(|ty| values(ty, depth)).collect();
            members.prop_map(move |members| Value::Object(names.iter().cloned().zip(members).collect())).boxed()
        }
        Type::Dynamic if depth == 0 => Just(Value::Null).boxed(),
        Type::Dynamic => types()
            .prop_filter("a dynamic value has a type of its own", |ty| *ty != Type::Dynamic)
            .prop_flat_map(move |ty| (Just(ty.clone()), values(&ty, depth - 1)))
            .prop_map(|typed| Value::Dynamic(Box::new(typed)))
            .boxed(),
    };
    prop_oneof![1 => Just(Value::Null), 1 => Just(Value::Unknown), 6 => known].boxed()
}

fn numbers() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|integer| integer.to_string()),
        "-?[1-9][0-9]{18,80}",
        "-?(0|[1-9][0-9]{0,20})\\.[0-9]{0,60}[1-9]",
        (any::<i32>(), 1u32..20)
            .prop_map(|(mantissa, shift)| { (f64::from(mantissa) / f64::from(1u32 << shift)).to_string() }),
    ]
}
