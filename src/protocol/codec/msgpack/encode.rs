//! Encodes values of a known type as MessagePack.

use std::collections::BTreeMap;
use std::convert::Infallible;

use rmp::encode::{self, ByteBuf, ValueWriteError};

use crate::framework::{Type, Value, composed};
use crate::protocol::codec::error::ValueError;
use crate::protocol::codec::type_json;

/// Encodes a value. An error means that the provider returned a value of the wrong type.
pub(in crate::protocol::codec) fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, ValueError> {
    let mut writer = Writer { buffer: ByteBuf::new() };
    writer.value(value, ty)?;
    Ok(writer.buffer.into_vec())
}

/// Converts a length to MessagePack's 32 bits. A longer value would not fit a gRPC message either.
fn length(length: usize) -> Result<u32, ValueError> {
    u32::try_from(length).map_err(|_| ValueError::new("a value has 2^32 or more elements"))
}

/// Unwraps the result of writing to memory, which cannot fail.
fn infallible<T>(written: Result<T, ValueWriteError<Infallible>>) -> T {
    match written {
        Ok(written) => written,
        Err(ValueWriteError::InvalidMarkerWrite(never) | ValueWriteError::InvalidDataWrite(never)) => match never {},
    }
}

struct Writer {
    buffer: ByteBuf,
}

impl Writer {
    fn value(&mut self, value: &Value, ty: &Type) -> Result<(), ValueError> {
        match (ty, value) {
            (_, Value::Null) => self.null(),
            (_, Value::Unknown) => self.unknown(),
            (Type::Bool, Value::Bool(bool)) => {
                let Ok(()) = encode::write_bool(&mut self.buffer, *bool);
            }
            (Type::Number, Value::Number(number)) => self.text(&number.to_string()),
            (Type::String, Value::String(text)) => self.text(&composed(text)),
            (Type::List(element), Value::List(values)) => {
                infallible(encode::write_array_len(&mut self.buffer, length(values.len())?));
                for (index, value) in values.iter().enumerate() {
                    self.value(value, element).map_err(|error| error.at_index(index))?;
                }
            }
            (Type::Set(element), Value::Set(values)) => {
                infallible(encode::write_array_len(&mut self.buffer, length(values.len())?));
                for value in values {
                    self.value(value, element).map_err(ValueError::at_set_element)?;
                }
            }
            (Type::Tuple(types), Value::Tuple(values)) if types.len() == values.len() => {
                infallible(encode::write_array_len(&mut self.buffer, length(values.len())?));
                for (index, (value, ty)) in values.iter().zip(types).enumerate() {
                    self.value(value, ty).map_err(|error| error.at_index(index))?;
                }
            }
            (Type::Map(element), Value::Map(values)) => {
                infallible(encode::write_map_len(&mut self.buffer, length(values.len())?));
                for (key, value) in values {
                    self.text(&composed(key));
                    self.value(value, element).map_err(|error| error.at_key(key))?;
                }
            }
            (Type::Object(attributes), Value::Object(values)) => self.object(values, attributes)?,
            (Type::Dynamic, Value::Dynamic(dynamic)) => {
                let (ty, value) = dynamic.as_ref();
                infallible(encode::write_array_len(&mut self.buffer, 2));
                infallible(encode::write_bin(&mut self.buffer, &type_json::encode(ty)));
                self.value(value, ty)?;
            }
            (ty, value) => return Err(ValueError::mismatch(ty, value.kind())),
        }
        Ok(())
    }

    fn object(
        &mut self,
        values: &BTreeMap<String, Value>,
        attributes: &BTreeMap<String, Type>,
    ) -> Result<(), ValueError> {
        if let Some(unknown) = values.keys().find(|name| !attributes.contains_key(*name)) {
            return Err(ValueError::new(format!("the schema has no attribute `{unknown}`")));
        }
        infallible(encode::write_map_len(&mut self.buffer, length(attributes.len())?));
        for (name, ty) in attributes {
            self.text(&composed(name));
            let value = values.get(name).unwrap_or(&Value::Null);
            self.value(value, ty).map_err(|error| error.at_attribute(name))?;
        }
        Ok(())
    }

    fn null(&mut self) {
        let Ok(()) = encode::write_nil(&mut self.buffer);
    }

    fn unknown(&mut self) {
        infallible(encode::write_ext_meta(&mut self.buffer, 1, 0));
        self.buffer.as_mut_vec().push(0);
    }

    fn text(&mut self, text: &str) {
        infallible(encode::write_str(&mut self.buffer, text));
    }
}
