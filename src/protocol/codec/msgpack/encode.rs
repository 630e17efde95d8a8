//! Writing a value of a known type as MessagePack.

use std::collections::BTreeMap;
use std::convert::Infallible;

use rmp::encode::{self, ByteBuf, ValueWriteError};

use crate::framework::{Type, Value, composed};
use crate::protocol::codec::error::ValueError;
use crate::protocol::codec::number::Form;
use crate::protocol::codec::type_json;

/// Writes a value. It must be of the type; that it is not is a fault of the provider.
pub(in crate::protocol::codec) fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, ValueError> {
    let mut writer = Writer { written: ByteBuf::new() };
    writer.value(value, ty)?;
    Ok(writer.written.into_vec())
}

/// The lengths of MessagePack are 32 bits wide. More would not fit a message of the protocol either.
fn length(length: usize) -> Result<u32, ValueError> {
    u32::try_from(length).map_err(|_| ValueError::new("a value has more than 2^32 elements"))
}

/// Writing to memory cannot fail, which the type of the error knows.
fn sure<T>(written: Result<T, ValueWriteError<Infallible>>) -> T {
    match written {
        Ok(written) => written,
        Err(ValueWriteError::InvalidMarkerWrite(never) | ValueWriteError::InvalidDataWrite(never)) => match never {},
    }
}

struct Writer {
    written: ByteBuf,
}

impl Writer {
    fn value(&mut self, value: &Value, ty: &Type) -> Result<(), ValueError> {
        match (ty, value) {
            (_, Value::Null) => self.null(),
            (_, Value::Unknown) => self.unknown(),
            (Type::Bool, Value::Bool(bool)) => {
                let Ok(()) = encode::write_bool(&mut self.written, *bool);
            }
            (Type::Number, Value::Number(number)) => self.number(&Form::of(number)),
            (Type::String, Value::String(text)) => self.text(&composed(text)),
            (Type::List(element), Value::List(values)) => {
                sure(encode::write_array_len(&mut self.written, length(values.len())?));
                for (index, value) in values.iter().enumerate() {
                    self.value(value, element).map_err(|error| error.in_index(index))?;
                }
            }
            (Type::Set(element), Value::Set(values)) => {
                sure(encode::write_array_len(&mut self.written, length(values.len())?));
                for value in values {
                    self.value(value, element).map_err(ValueError::in_set_element)?;
                }
            }
            (Type::Tuple(types), Value::Tuple(values)) if types.len() == values.len() => {
                sure(encode::write_array_len(&mut self.written, length(values.len())?));
                for (index, (value, ty)) in values.iter().zip(types).enumerate() {
                    self.value(value, ty).map_err(|error| error.in_index(index))?;
                }
            }
            (Type::Map(element), Value::Map(values)) => {
                sure(encode::write_map_len(&mut self.written, length(values.len())?));
                for (key, value) in values {
                    self.text(&composed(key));
                    self.value(value, element).map_err(|error| error.in_key(key))?;
                }
            }
            (Type::Object(attributes), Value::Object(values)) => self.object(values, attributes)?,
            (Type::Dynamic, Value::Dynamic(dynamic)) => {
                let (ty, value) = dynamic.as_ref();
                sure(encode::write_array_len(&mut self.written, 2));
                sure(encode::write_bin(&mut self.written, &type_json::encode(ty)));
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
        sure(encode::write_map_len(&mut self.written, length(attributes.len())?));
        for (name, ty) in attributes {
            self.text(&composed(name));
            let value = values.get(name).unwrap_or(&Value::Null);
            self.value(value, ty).map_err(|error| error.in_attribute(name))?;
        }
        Ok(())
    }

    fn null(&mut self) {
        let Ok(()) = encode::write_nil(&mut self.written);
    }

    fn unknown(&mut self) {
        sure(encode::write_ext_meta(&mut self.written, 1, 0));
        self.written.as_mut_vec().push(0);
    }

    fn number(&mut self, form: &Form) {
        match form {
            Form::Integer(integer) => {
                sure(encode::write_sint(&mut self.written, *integer));
            }
            Form::Float(float) => sure(encode::write_f64(&mut self.written, *float)),
            Form::Text(text) => self.text(text),
        }
    }

    fn text(&mut self, text: &str) {
        sure(encode::write_str(&mut self.written, text));
    }
}
