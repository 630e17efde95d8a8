//! `DynamicValue`: a value of a type that the schema gives.

use super::error::ValueError;
use super::{json, msgpack};
use crate::framework::{Type, Value};
use crate::protocol::proto::DynamicValue;

/// Decodes a value. An absent or empty one is null: OpenTofu sends a null function argument this way.
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
