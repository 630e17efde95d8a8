//! Reading a value of a known type from MessagePack.

use std::collections::BTreeMap;

use super::reader::{Item, Malformed, Reader};
use crate::framework::{Type, Value, composed};
use crate::protocol::codec::error::ValueError;
use crate::protocol::codec::{number, type_json};

/// Types are finite, but a dynamic value may hold a dynamic value, and so on.
const MAX_DEPTH: usize = 200;

/// Reads one value, which must be all of the data.
pub(in crate::protocol::codec) fn decode(data: &[u8], ty: &Type) -> Result<Value, ValueError> {
    let mut reader = Reader::new(data);
    let value = value(&mut reader, ty, MAX_DEPTH)?;
    match reader.remaining() {
        0 => Ok(value),
        extra => Err(ValueError::new(format!("the data goes on after the value, for {extra} bytes"))),
    }
}

impl From<Malformed> for ValueError {
    fn from(malformed: Malformed) -> Self {
        Self::new(malformed.to_string())
    }
}

fn value(reader: &mut Reader<'_>, ty: &Type, depth: usize) -> Result<Value, ValueError> {
    let depth = depth.checked_sub(1).ok_or_else(|| ValueError::new("values are nested too deeply"))?;
    let item = match reader.next()? {
        Item::Nil => return Ok(Value::Null),
        Item::Extension => return Ok(Value::Unknown),
        item => item,
    };
    match (ty, item) {
        (Type::Bool, Item::Bool(bool)) => Ok(Value::Bool(bool)),
        (Type::String, item @ (Item::Text(_) | Item::Binary(_))) => text(item).map(Value::String),
        (Type::Number, item) => number(item),
        (Type::List(element), Item::Array(count)) => (0..count)
            .map(|index| value(reader, element, depth).map_err(|error| error.in_index(index)))
            .collect::<Result<_, _>>()
            .map(Value::List),
        (Type::Set(element), Item::Array(count)) => (0..count)
            .map(|_| value(reader, element, depth).map_err(ValueError::in_set_element))
            .collect::<Result<_, _>>()
            .map(Value::Set),
        (Type::Tuple(elements), Item::Array(count)) => tuple(reader, elements, count, depth),
        (Type::Map(element), Item::Map(count)) => map(reader, element, count, depth),
        (Type::Object(attributes), Item::Map(count)) => object(reader, attributes, count, depth),
        (Type::Dynamic, Item::Array(2)) => dynamic(reader, depth),
        (_, item) => Err(ValueError::mismatch(ty, item.name())),
    }
}

fn number(item: Item<'_>) -> Result<Value, ValueError> {
    let number = match item {
        Item::Signed(integer) => Some(integer.into()),
        Item::Unsigned(integer) => number::parsed(&integer.to_string()),
        Item::Float(float) => Some(number::from_float(float).ok_or_else(|| ValueError::new("a number is infinite"))?),
        item @ (Item::Text(_) | Item::Binary(_)) => number::parsed(&text(item)?),
        item => return Err(ValueError::mismatch(&Type::Number, item.name())),
    };
    number.map(Value::Number).ok_or_else(|| ValueError::new("expected a number, found text that is not one"))
}

fn text(item: Item<'_>) -> Result<String, ValueError> {
    let (Item::Text(bytes) | Item::Binary(bytes)) = item else {
        return Err(ValueError::mismatch(&Type::String, item.name()));
    };
    std::str::from_utf8(bytes).map(composed).map_err(|_| ValueError::new("a string is not valid UTF-8"))
}

fn tuple(reader: &mut Reader<'_>, elements: &[Type], count: usize, depth: usize) -> Result<Value, ValueError> {
    if count != elements.len() {
        let expected = elements.len();
        return Err(ValueError::new(format!("expected a tuple of {expected} elements, found {count}")));
    }
    let values = elements.iter().enumerate();
    let values = values.map(|(index, ty)| value(reader, ty, depth).map_err(|error| error.in_index(index)));
    values.collect::<Result<_, _>>().map(Value::Tuple)
}

fn map(reader: &mut Reader<'_>, element: &Type, count: usize, depth: usize) -> Result<Value, ValueError> {
    let mut values = BTreeMap::new();
    for _ in 0..count {
        let key = text(reader.next()?)?;
        let read = value(reader, element, depth).map_err(|error| error.in_key(&key))?;
        if values.contains_key(&key) {
            return Err(ValueError::new("a key of the map appears twice").in_key(&key));
        }
        values.insert(key, read);
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
        let name = text(reader.next()?)?;
        let Some(ty) = attributes.get(&name) else {
            return Err(ValueError::new(format!("the schema has no attribute `{name}`")));
        };
        let read = value(reader, ty, depth).map_err(|error| error.in_attribute(&name))?;
        if values.contains_key(&name) {
            return Err(ValueError::new("the attribute appears twice").in_attribute(&name));
        }
        values.insert(name, read);
    }
    match attributes.keys().find(|name| !values.contains_key(*name)) {
        Some(missing) => Err(ValueError::new("the attribute is missing").in_attribute(missing)),
        None => Ok(Value::Object(values)),
    }
}

fn dynamic(reader: &mut Reader<'_>, depth: usize) -> Result<Value, ValueError> {
    let (Item::Binary(ty) | Item::Text(ty)) = reader.next()? else {
        return Err(ValueError::new("a dynamic value does not begin with its type"));
    };
    let ty = type_json::decode(ty).map_err(|error| ValueError::new(error.to_string()))?;
    let value = value(reader, &ty, depth)?;
    // A dynamic value in a dynamic value says nothing that the inner one does not.
    Ok(if ty == Type::Dynamic { value } else { Value::Dynamic(Box::new((ty, value))) })
}
