//! The client's codec: JSON in tests, MessagePack in messages.
//!
//! It is independent of the provider's codec, so that the two cannot share a bug. [`unknown`] and [`dynamic`] represent
//! values that JSON does not have.

use rmp::Marker;
use rmp::encode::{self, ByteBuf};
use serde_json::{Value as Json, json};
use terraform_provider_sentinel::protocol::proto::{DynamicValue, RawState, ResourceIdentityData};

const UNKNOWN: &str = "$unknown";
const DYNAMIC: &str = "$dynamic";

/// A value that is known after apply.
pub(crate) fn unknown() -> Json {
    json!(UNKNOWN)
}

/// A value of a dynamic attribute.
pub(crate) fn dynamic(ty: &Json, value: &Json) -> Json {
    json!({ DYNAMIC: [ty, value] })
}

/// A value as Terraform core sends it.
pub(crate) fn msgpack(value: &Json) -> Option<DynamicValue> {
    let mut written = ByteBuf::new();
    write(value, &mut written);
    Some(DynamicValue { msgpack: written.into_vec().into(), ..DynamicValue::default() })
}

/// A saved state as Terraform core sends it.
pub(crate) fn raw_state(value: &Json) -> Option<RawState> {
    Some(RawState { json: value.to_string().into_bytes().into(), ..RawState::default() })
}

pub(crate) fn identity(value: &Json) -> Option<ResourceIdentityData> {
    Some(ResourceIdentityData { identity_data: msgpack(value) })
}

/// The JSON of a value in a message. An absent value is null.
pub(crate) fn read(value: Option<&DynamicValue>) -> Json {
    let bytes = value.map(|value| value.msgpack.as_ref()).unwrap_or_default();
    if bytes.is_empty() {
        return Json::Null;
    }
    let mut rest = bytes;
    let value = read_item(&mut rest);
    assert!(rest.is_empty(), "bytes follow the value: {rest:x?}");
    value
}

pub(crate) fn read_identity(value: Option<&ResourceIdentityData>) -> Json {
    read(value.and_then(|data| data.identity_data.as_ref()))
}

fn write(value: &Json, out: &mut ByteBuf) {
    match value {
        Json::Null => encode::write_nil(out).expect("memory"),
        Json::Bool(bool) => encode::write_bool(out, *bool).expect("memory"),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => drop(encode::write_sint(out, integer).expect("memory")),
            None => encode::write_str(out, &number.to_string()).expect("memory"),
        },
        Json::String(text) if text == UNKNOWN => out.as_mut_vec().extend([0xd4, 0, 0]),
        Json::String(text) => encode::write_str(out, text).expect("memory"),
        Json::Array(elements) => {
            encode::write_array_len(out, u32::try_from(elements.len()).expect("few")).expect("memory");
            elements.iter().for_each(|element| write(element, out));
        }
        Json::Object(members) => match members.get(DYNAMIC) {
            Some(dynamic) => {
                encode::write_array_len(out, 2).expect("memory");
                encode::write_bin(out, dynamic[0].to_string().as_bytes()).expect("memory");
                write(&dynamic[1], out);
            }
            None => {
                encode::write_map_len(out, u32::try_from(members.len()).expect("few")).expect("memory");
                for (name, member) in members {
                    encode::write_str(out, name).expect("memory");
                    write(member, out);
                }
            }
        },
    }
}

fn read_item(rest: &mut &[u8]) -> Json {
    match Marker::from_u8(take(rest, 1)[0]) {
        Marker::Null => Json::Null,
        Marker::True => json!(true),
        Marker::False => json!(false),
        Marker::FixPos(number) => json!(number),
        Marker::FixNeg(number) => json!(number),
        Marker::U8 => json!(uint(rest, 1)),
        Marker::U16 => json!(uint(rest, 2)),
        Marker::U32 => json!(uint(rest, 4)),
        Marker::U64 => json!(uint(rest, 8)),
        Marker::I8 => json!(i8::from_be_bytes(fixed(rest))),
        Marker::I16 => json!(i16::from_be_bytes(fixed(rest))),
        Marker::I32 => json!(i32::from_be_bytes(fixed(rest))),
        Marker::I64 => json!(i64::from_be_bytes(fixed(rest))),
        Marker::F64 => json!(f64::from_be_bytes(fixed(rest))),
        Marker::FixStr(length) => text(rest, length.into()),
        Marker::Str8 => {
            let length = uint(rest, 1);
            text(rest, length)
        }
        Marker::Str16 => {
            let length = uint(rest, 2);
            text(rest, length)
        }
        Marker::Str32 => {
            let length = uint(rest, 4);
            text(rest, length)
        }
        Marker::FixArray(count) => array(rest, count.into()),
        Marker::Array16 => {
            let count = uint(rest, 2);
            array(rest, count)
        }
        Marker::Array32 => {
            let count = uint(rest, 4);
            array(rest, count)
        }
        Marker::FixMap(count) => map(rest, count.into()),
        Marker::Map16 => {
            let count = uint(rest, 2);
            map(rest, count)
        }
        Marker::FixExt1 => {
            assert_eq!(take(rest, 2), [0, 0], "an unknown value without refinements");
            unknown()
        }
        marker => panic!("a provider does not send {marker:?}"),
    }
}

fn array(rest: &mut &[u8], count: usize) -> Json {
    // Binary data is always the type of a dynamic value.
    if count == 2 && rest.first() == Some(&0xc4) {
        take(rest, 1);
        let length = uint(rest, 1);
        let ty = serde_json::from_slice(take(rest, length)).expect("the type of a dynamic value is JSON");
        return dynamic(&ty, &read_item(rest));
    }
    (0..count).map(|_| read_item(rest)).collect()
}

fn map(rest: &mut &[u8], count: usize) -> Json {
    let member = |_| (read_item(rest).as_str().expect("a key is text").to_owned(), read_item(rest));
    (0..count).map(member).collect::<serde_json::Map<_, _>>().into()
}

fn text(rest: &mut &[u8], length: usize) -> Json {
    json!(std::str::from_utf8(take(rest, length)).expect("text is UTF-8"))
}

fn uint(rest: &mut &[u8], width: usize) -> usize {
    take(rest, width).iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn fixed<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    take(rest, N).try_into().expect("so many were taken")
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, left) = rest.split_at(count);
    *rest = left;
    taken
}
