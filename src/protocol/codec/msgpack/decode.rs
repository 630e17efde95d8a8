//! Decodes values of a known type from MessagePack.

use std::collections::BTreeMap;

use super::reader::{Malformed, Reader, Token};
use crate::framework::{Type, Value, composed};
use crate::protocol::codec::error::ValueError;
use crate::protocol::codec::{number, type_json};

/// The maximum nesting of values. It matters only for dynamic values in dynamic values, because other types limit the
/// nesting.
const MAX_DEPTH: usize = 200;

/// Decodes one value, and rejects data after it.
pub(in crate::protocol::codec) fn decode(data: &[u8], ty: &Type) -> Result<Value, ValueError> {
    let mut reader = Reader::new(data);
    let value = value(&mut reader, ty, MAX_DEPTH)?;
    match reader.remaining() {
        0 => Ok(value),
        extra => Err(ValueError::new(format!("unexpected data after the value: {extra} bytes"))),
    }
}

impl From<Malformed> for ValueError {
    fn from(malformed: Malformed) -> Self {
        Self::new(malformed.to_string())
    }
}

fn value(reader: &mut Reader<'_>, ty: &Type, depth: usize) -> Result<Value, ValueError> {
    let depth = depth.checked_sub(1).ok_or_else(|| ValueError::new("values are nested too deeply"))?;
    let token = match reader.read_token()? {
        Token::Nil => return Ok(Value::Null),
        Token::Ext => return Ok(Value::Unknown),
        token => token,
    };
    match (ty, token) {
        (Type::Bool, Token::Bool(bool)) => Ok(Value::Bool(bool)),
        (Type::String, token @ (Token::Str(_) | Token::Bin(_))) => text(token).map(Value::String),
        (Type::Number, token) => number(token),
        (Type::List(element), Token::Array(count)) => (0..count)
            .map(|index| value(reader, element, depth).map_err(|error| error.at_index(index)))
            .collect::<Result<_, _>>()
            .map(Value::List),
        (Type::Set(element), Token::Array(count)) => (0..count)
            .map(|_| value(reader, element, depth).map_err(ValueError::at_set_element))
            .collect::<Result<_, _>>()
            .map(Value::Set),
        (Type::Tuple(elements), Token::Array(count)) => tuple(reader, elements, count, depth),
        (Type::Map(element), Token::Map(count)) => map(reader, element, count, depth),
        (Type::Object(attributes), Token::Map(count)) => object(reader, attributes, count, depth),
        (Type::Dynamic, Token::Array(2)) => dynamic(reader, depth),
        (_, token) => Err(ValueError::mismatch(ty, token.kind())),
    }
}

fn number(token: Token<'_>) -> Result<Value, ValueError> {
    let number = match token {
        Token::Int(integer) => Some(integer.into()),
        Token::UInt(integer) => number::parse(&integer.to_string()),
        Token::Float(float) => {
            Some(number::from_float(float).ok_or_else(|| ValueError::new("a number is infinite or NaN"))?)
        }
        token @ (Token::Str(_) | Token::Bin(_)) => number::parse(&text(token)?),
        token => return Err(ValueError::mismatch(&Type::Number, token.kind())),
    };
    number.map(Value::Number).ok_or_else(ValueError::invalid_number)
}

fn text(token: Token<'_>) -> Result<String, ValueError> {
    let (Token::Str(bytes) | Token::Bin(bytes)) = token else {
        return Err(ValueError::mismatch(&Type::String, token.kind()));
    };
    std::str::from_utf8(bytes).map(composed).map_err(|_| ValueError::new("a string is not valid UTF-8"))
}

fn tuple(reader: &mut Reader<'_>, elements: &[Type], count: usize, depth: usize) -> Result<Value, ValueError> {
    if count != elements.len() {
        let expected = elements.len();
        return Err(ValueError::new(format!("expected a tuple of {expected} elements, found {count}")));
    }
    let values = elements.iter().enumerate();
    let values = values.map(|(index, ty)| value(reader, ty, depth).map_err(|error| error.at_index(index)));
    values.collect::<Result<_, _>>().map(Value::Tuple)
}

fn map(reader: &mut Reader<'_>, element: &Type, count: usize, depth: usize) -> Result<Value, ValueError> {
    let mut values = BTreeMap::new();
    for _ in 0..count {
        let key = text(reader.read_token()?)?;
        let member = value(reader, element, depth).map_err(|error| error.at_key(&key))?;
        if values.contains_key(&key) {
            return Err(ValueError::new("the map has this key twice").at_key(&key));
        }
        values.insert(key, member);
    }
    Ok(Value::Map(values))
}

fn object(
    reader: &mut Reader<'_>,
    attributes: &BTreeMap<String, Type>,
    count: usize,
    depth: usize,
) -> Result<Value, ValueError> {
    let mut values = BTreeMap::new();
    for _ in 0..count {
        let name = text(reader.read_token()?)?;
        let Some(ty) = attributes.get(&name) else {
            return Err(ValueError::new(format!("the schema has no attribute `{name}`")));
        };
        let member = value(reader, ty, depth).map_err(|error| error.at_attribute(&name))?;
        if values.contains_key(&name) {
            return Err(ValueError::new("the object has this attribute twice").at_attribute(&name));
        }
        values.insert(name, member);
    }
    match attributes.keys().find(|name| !values.contains_key(*name)) {
        Some(missing) => Err(ValueError::new("the attribute is missing").at_attribute(missing)),
        None => Ok(Value::Object(values)),
    }
}

fn dynamic(reader: &mut Reader<'_>, depth: usize) -> Result<Value, ValueError> {
    let (Token::Bin(ty) | Token::Str(ty)) = reader.read_token()? else {
        return Err(ValueError::new("a dynamic value does not start with its type"));
    };
    let ty = type_json::decode(ty).map_err(|error| ValueError::new(error.to_string()))?;
    let value = value(reader, &ty, depth)?;
    // A dynamic value in a dynamic value is equal to the inner one.
    Ok(if ty == Type::Dynamic { value } else { Value::Dynamic(Box::new((ty, value))) })
}
