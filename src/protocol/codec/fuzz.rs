//! Fuzz tests: malformed input must not make the codec panic or allocate too much memory.
//!
//! Each test runs 256 cases by default. `PROPTEST_CASES=100000 cargo test --lib protocol::codec::fuzz` runs more.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::strategies::{typed_values, types};
use super::{json, msgpack, type_json};
use crate::framework::{Type, Value};

/// The maximum allocation for each byte of input. The worst case is a map with one short key: a few bytes of input
/// become a whole node of a B-tree.
const BYTES_PER_BYTE: u64 = 300;

/// The maximum allocation that does not depend on the length of the input, for example for an error message.
const BYTES_PER_INPUT: u64 = 4096;

proptest! {
    #[test]
    fn arbitrary_msgpack_bytes_do_not_panic(ty in types(), bytes in vec(any::<u8>(), 0..300)) {
        check_value(&bytes, &ty, msgpack::decode)?;
    }

    #[test]
    fn arbitrary_msgpack_tokens_do_not_panic(ty in types(), tokens in vec(msgpack_token(), 0..60)) {
        check_value(&tokens.concat(), &ty, msgpack::decode)?;
    }

    #[test]
    fn damaged_msgpack_does_not_panic((ty, value) in typed_values(), edits in vec(edit(), 1..4)) {
        let bytes = msgpack::encode(&value, &ty).expect("valid for the type");
        check_value(&damaged(bytes, &edits), &ty, msgpack::decode)?;
    }

    #[test]
    fn arbitrary_state_bytes_do_not_panic(ty in types(), bytes in vec(any::<u8>(), 0..300)) {
        check_value(&bytes, &ty, json::decode_bytes)?;
    }

    #[test]
    fn arbitrary_state_tokens_do_not_panic(ty in types(), tokens in vec(json_token(), 0..60)) {
        check_value(tokens.concat().as_bytes(), &ty, json::decode_bytes)?;
    }

    #[test]
    fn damaged_state_does_not_panic((ty, value) in typed_values(), edits in vec(edit(), 0..4)) {
        check_value(&damaged(state(&value).into_bytes(), &edits), &ty, json::decode_bytes)?;
    }

    #[test]
    fn arbitrary_type_bytes_do_not_panic(bytes in vec(any::<u8>(), 0..300)) {
        check_type(&bytes)?;
    }

    #[test]
    fn arbitrary_type_tokens_do_not_panic(tokens in vec(json_token(), 0..60)) {
        check_type(tokens.concat().as_bytes())?;
    }

    #[test]
    fn damaged_type_does_not_panic(ty in types(), edits in vec(edit(), 1..4)) {
        check_type(&damaged(type_json::encode(&ty), &edits))?;
    }
}

#[test]
fn allocates_in_proportion_to_large_inputs() {
    let list = |element| Type::List(Box::new(element));
    let one_member = || Type::Map(Box::new(Type::Bool));
    let array = |count: u32, element: &[u8]| {
        [&[0xdd][..], &count.to_be_bytes(), &element.repeat(count.try_into().expect("32 bits fit"))].concat()
    };
    let inputs = [
        (array(20_000, b"\xc3"), list(Type::Bool)),
        (array(20_000, b"\x81\xa0\xc3"), list(one_member())),
        (array(20_000, b"\x92\xc4\x06\"bool\"\xc3"), list(Type::Dynamic)),
        (array(u32::MAX, b"")[..].to_vec(), list(Type::Bool)),
    ];
    for (bytes, ty) in inputs {
        check_value(&bytes, &ty, msgpack::decode).expect("within the limit");
    }
    check_value(
        format!("[{}{{}}]", r#"{"":true},"#.repeat(20_000)).as_bytes(),
        &list(one_member()),
        json::decode_bytes,
    )
    .expect("within the limit");
    check_type(format!(r#"["tuple",[{}"bool"]]"#, r#""bool","#.repeat(20_000)).as_bytes()).expect("within the limit");
}

/// Decodes `bytes`, and checks that a decoded value survives a round trip.
fn check_value<E>(
    bytes: &[u8],
    ty: &Type,
    decode: impl Fn(&[u8], &Type) -> Result<Value, E>,
) -> Result<(), TestCaseError> {
    if let Some(value) = measured(bytes, |bytes| decode(bytes, ty))? {
        let encoded = msgpack::encode(&value, ty).expect("a decoded value is valid for its type");
        prop_assert_eq!(msgpack::decode(&encoded, ty).expect("valid for the type"), value);
    }
    Ok(())
}

fn check_type(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Some(ty) = measured(bytes, type_json::decode)? {
        prop_assert_eq!(type_json::decode(&type_json::encode(&ty)), Ok(ty));
    }
    Ok(())
}

/// The decoded input, if it is valid. Fails if decoding allocates too much.
fn measured<T, E>(bytes: &[u8], decode: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<Option<T>, TestCaseError> {
    let mut decoded = None;
    let allocated = allocation_counter::measure(|| decoded = decode(bytes).ok()).bytes_max;
    let input = u64::try_from(bytes.len()).expect("64 bits fit");
    prop_assert!(allocated <= BYTES_PER_INPUT + BYTES_PER_BYTE * input, "{allocated} bytes for {input}");
    Ok(decoded)
}

/// A random change of encoded data.
#[derive(Clone, Debug)]
enum Edit {
    Replace(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Truncate(Index),
    /// Inserts a copy of the bytes after the first index at the second index.
    Copy(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let index = any::<Index>;
    prop_oneof![
        4 => (index(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        2 => (index(), any::<u8>()).prop_map(|(at, byte)| Edit::Insert(at, byte)),
        2 => index().prop_map(Edit::Remove),
        1 => index().prop_map(Edit::Truncate),
        1 => (index(), index()).prop_map(|(from, to)| Edit::Copy(from, to)),
    ]
}

fn damaged(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        let length = bytes.len();
        match edit {
            Edit::Insert(at, byte) => bytes.insert(at.index(length + 1), *byte),
            _ if bytes.is_empty() => {}
            Edit::Replace(at, byte) => bytes[at.index(length)] = *byte,
            Edit::Remove(at) => drop(bytes.remove(at.index(length))),
            Edit::Truncate(at) => bytes.truncate(at.index(length)),
            Edit::Copy(from, to) => {
                let copied = bytes[from.index(length)..].to_vec();
                let to = to.index(length);
                bytes.splice(to..to, copied.into_iter().take(16));
            }
        }
    }
    bytes
}

/// A marker with its length or content, so that arbitrary sequences nest.
fn msgpack_token() -> impl Strategy<Value = Vec<u8>> {
    let texts: Vec<&[u8]> =
        vec![b"\xa1a", b"\xa0", b"\xa41e99", b"\xc4\x06\"bool\"", b"\xc4\x09\"dynamic\"", b"\xa1\xff"];
    let large: Vec<&[u8]> =
        vec![b"\xdd\xff\xff\xff\xff", b"\xdf\x7f\xff\xff\xff", b"\xc9\xff\xff\xff\xff\x0c", b"\xdb\xff\xff\xff\xff"];
    prop_oneof![
        3 => (0x90..=0x94u8).prop_map(|array| vec![array]),
        3 => (0x80..=0x83u8).prop_map(|map| vec![map]),
        3 => select(texts).prop_map(<[u8]>::to_vec),
        1 => select(large).prop_map(<[u8]>::to_vec),
        2 => select(vec![0xc0, 0xc2, 0xc3]).prop_map(|marker| vec![marker]),
        1 => Just(vec![0xd4, 0, 0]),
        1 => any::<i8>().prop_map(|number| vec![0xd0, number.cast_unsigned()]),
        1 => any::<f64>().prop_map(|number| [&[0xcb][..], &number.to_be_bytes()].concat()),
    ]
}

fn json_token() -> impl Strategy<Value = &'static str> {
    select(vec![
        "[",
        "[",
        "]",
        "]",
        "{",
        "}",
        ",",
        ",",
        ":",
        "null",
        "true",
        "-0",
        "1e999999999",
        "0.1",
        "\"a\"",
        "\"a\":",
        "\"\\ud800\"",
        "\"type\":",
        "\"value\":",
        "\"bool\"",
        "\"string\"",
        "\"dynamic\"",
        "\"list\"",
        "\"set\",",
        "\"map\",",
        "[\"object\",{",
        "[\"tuple\",[",
        "[\"list\",",
        " ",
    ])
}

/// A saved state with this value. Unknown values become null, because a state cannot contain them.
fn state(value: &Value) -> String {
    use serde_json::{Value as Json, json};

    fn to_json(value: &Value) -> Json {
        match value {
            Value::Null | Value::Unknown => Json::Null,
            Value::Bool(bool) => json!(bool),
            Value::Number(number) => json!(number.to_string()),
            Value::String(text) => json!(text),
            Value::List(values) | Value::Set(values) | Value::Tuple(values) => values.iter().map(to_json).collect(),
            Value::Map(members) | Value::Object(members) => {
                Json::Object(members.iter().map(|(name, value)| (name.clone(), to_json(value))).collect())
            }
            Value::Dynamic(dynamic) => {
                let (ty, value) = dynamic.as_ref();
                let ty: Json = serde_json::from_slice(&type_json::encode(ty)).expect("a type is JSON");
                json!({ "type": ty, "value": to_json(value) })
            }
        }
    }
    to_json(value).to_string()
}
