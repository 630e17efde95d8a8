//! `DynamicValue`: a value whose type both sides know from the schema.

use super::error::ValueError;
use super::{json, msgpack};
use crate::framework::{Type, Value};
use crate::protocol::proto::DynamicValue;

/// Reads a value. An absent one, and one that holds neither encoding, is null: OpenTofu sends a null argument of a
/// function so.
pub(in crate::protocol) fn decode(value: Option<&DynamicValue>, ty: &Type) -> Result<Value, ValueError> {
    match value {
        Some(value) if !value.msgpack.is_empty() => msgpack::decode(&value.msgpack, ty),
        Some(value) if !value.json.is_empty() => json::decode_bytes(&value.json, ty),
        _ => Ok(Value::Null),
    }
}

/// Writes a value, as MessagePack.
pub(in crate::protocol) fn encode(value: &Value, ty: &Type) -> Result<DynamicValue, ValueError> {
    Ok(DynamicValue { msgpack: msgpack::encode(value, ty)?.into(), json: bytes::Bytes::new() })
}
