//! Encodes and decodes `DynamicValue`, a value whose type is in the schema.

use super::error::ValueError;
use super::{json, msgpack};
use crate::framework::{Type, Value};
use crate::protocol::proto::DynamicValue;

/// Decodes a value. An absent or empty value is null, because OpenTofu sends null function arguments this way.
pub(in crate::protocol) fn decode(value: Option<&DynamicValue>, ty: &Type) -> Result<Value, ValueError> {
    match value {
        Some(value) if !value.msgpack.is_empty() => msgpack::decode(&value.msgpack, ty),
        Some(value) if !value.json.is_empty() => json::decode_bytes(&value.json, ty),
        _ => Ok(Value::Null),
    }
}

/// Encodes a value as MessagePack.
pub(in crate::protocol) fn encode(value: &Value, ty: &Type) -> Result<DynamicValue, ValueError> {
    Ok(DynamicValue { msgpack: msgpack::encode(value, ty)?.into(), json: bytes::Bytes::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_msgpack_then_json_then_null() {
        let decoded = |msgpack: &'static str, json: &'static str| {
            let value = DynamicValue { msgpack: msgpack.into(), json: json.into() };
            decode(Some(&value), &Type::Number).expect("a number or null")
        };
        assert_eq!(decoded("\u{1}", ""), Value::Number(1.into()));
        assert_eq!(decoded("", "2"), Value::Number(2.into()));
        assert_eq!(decoded("\u{1}", "2"), Value::Number(1.into()));
        assert_eq!(decoded("", ""), Value::Null);
        assert_eq!(decode(None, &Type::Number).expect("null"), Value::Null);
    }

    #[test]
    fn encodes_msgpack() {
        let value = encode(&Value::Number(1.into()), &Type::Number).expect("a number");
        assert_eq!((&value.msgpack[..], &value.json[..]), (&b"\xa11"[..], &[][..]));
    }
}
