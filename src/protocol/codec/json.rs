//! Decodes values from JSON: saved states, and values that a client does not send as MessagePack.
//!
//! A state may have another version of the schema: the decoder ignores removed attributes, and sets new ones to null.
//! Numbers keep their digits. JSON has no unknown values.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::error::ValueError;
use super::{number, type_json};
use crate::framework::{Type, Value, composed};
use crate::json::{self, JsonError};

/// Parses and decodes a value. serde_json limits the nesting to 128 levels.
pub(in crate::protocol) fn decode_bytes(json: &[u8], ty: &Type) -> Result<Value, ValueError> {
    let json = json::parse(json).map_err(|error| {
        ValueError::new(match error {
            JsonError::Invalid(_) => "the data is not valid JSON",
            JsonError::TooLarge => "the data is too large",
        })
    })?;
    decode(&json, ty)
}

pub(in crate::protocol) fn decode(json: &Json, ty: &Type) -> Result<Value, ValueError> {
    match (ty, json) {
        (_, Json::Null) => Ok(Value::Null),
        (Type::Bool, Json::Bool(bool)) => Ok(Value::Bool(*bool)),
        (Type::Bool, Json::String(text)) if text == "true" => Ok(Value::Bool(true)),
        (Type::Bool, Json::String(text)) if text == "false" => Ok(Value::Bool(false)),
        (Type::Number, Json::Number(found)) => number(&found.to_string()),
        (Type::Number, Json::String(text)) => number(text),
        (Type::String, Json::String(text)) => Ok(Value::String(composed(text))),
        (Type::String, Json::Number(found)) => Ok(Value::String(found.to_string())),
        (Type::String, Json::Bool(bool)) => Ok(Value::String(bool.to_string())),
        (Type::List(element), Json::Array(elements)) => {
            let values = elements.iter().enumerate();
            let values = values.map(|(index, json)| decode(json, element).map_err(|error| error.at_index(index)));
            values.collect::<Result<_, _>>().map(Value::List)
        }
        (Type::Set(element), Json::Array(elements)) => {
            let values = elements.iter().map(|json| decode(json, element).map_err(ValueError::at_set_element));
            values.collect::<Result<_, _>>().map(Value::Set)
        }
        (Type::Tuple(types), Json::Array(elements)) if types.len() == elements.len() => {
            let values = elements.iter().zip(types).enumerate();
            let values = values.map(|(index, (json, ty))| decode(json, ty).map_err(|error| error.at_index(index)));
            values.collect::<Result<_, _>>().map(Value::Tuple)
        }
        (Type::Map(element), Json::Object(members)) => {
            let values = members.iter();
            let values = values
                .map(|(key, json)| Ok((composed(key), decode(json, element).map_err(|error| error.at_key(key))?)));
            values.collect::<Result<BTreeMap<_, _>, _>>().map(Value::Map)
        }
        (Type::Object(attributes), Json::Object(members)) => {
            let values = attributes.iter().map(|(name, ty)| {
                let json = members.get(name).unwrap_or(&Json::Null);
                Ok((name.clone(), decode(json, ty).map_err(|error| error.at_attribute(name))?))
            });
            values.collect::<Result<BTreeMap<_, _>, _>>().map(Value::Object)
        }
        (Type::Dynamic, Json::Object(members)) => dynamic(members.get("type"), members.get("value")),
        (ty, json) => Err(ValueError::mismatch(ty, kind(json))),
    }
}

fn number(text: &str) -> Result<Value, ValueError> {
    number::parse(text).map(Value::Number).ok_or_else(ValueError::invalid_number)
}

fn dynamic(ty: Option<&Json>, value: Option<&Json>) -> Result<Value, ValueError> {
    let (Some(ty), Some(value)) = (ty, value) else {
        return Err(ValueError::new("expected an object with `type` and `value`"));
    };
    let ty = type_json::from_json(ty).map_err(|error| ValueError::new(error.to_string()))?;
    let value = decode(value, &ty)?;
    Ok(if ty == Type::Dynamic { value } else { Value::Dynamic(Box::new((ty, value))) })
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a bool",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::framework::{Number, Path};

    fn object<T>(members: impl IntoIterator<Item = (&'static str, T)>) -> BTreeMap<String, T> {
        members.into_iter().map(|(name, member)| (name.to_owned(), member)).collect()
    }

    fn decoded(json: &str, ty: &Type) -> Value {
        decode_bytes(json.as_bytes(), ty).expect("valid for the type")
    }

    #[test]
    fn sets_missing_attributes_to_null_and_ignores_extra_ones() {
        let ty = Type::Object(object([("kept", Type::Bool), ("new", Type::String)]));

        let value = decoded(r#"{"kept":true,"gone":1}"#, &ty);

        assert_eq!(value, Value::Object(object([("kept", Value::Bool(true)), ("new", Value::Null)])));
    }

    #[test]
    fn numbers_keep_their_digits() {
        for text in ["0.1234567890123456789", "9007199254740993", "340282346638528859811704183484516925440"] {
            let expected = Value::Number(Number::parse(text).expect("a number"));
            assert_eq!(decoded(text, &Type::Number), expected);
            assert_eq!(decoded(&format!("\"{text}\""), &Type::Number), expected);
        }
    }

    #[test]
    fn converts_primitives_to_and_from_strings() {
        assert_eq!(decoded(r#""true""#, &Type::Bool), Value::Bool(true));
        assert_eq!(decoded(r#""false""#, &Type::Bool), Value::Bool(false));
        assert_eq!(decoded("1.50", &Type::String), Value::String("1.50".to_owned()));
        assert_eq!(decoded("false", &Type::String), Value::String("false".to_owned()));
    }

    #[test]
    fn decodes_a_dynamic_value_with_its_type() {
        let value = decoded(r#"{"value":["a"],"type":["list","string"]}"#, &Type::Dynamic);

        let list = Value::List(vec![Value::String("a".to_owned())]);
        assert_eq!(value, Value::Dynamic(Box::new((Type::List(Box::new(Type::String)), list))));
    }

    #[test]
    fn rejects_values_of_another_type() {
        let pair = Type::Tuple(vec![Type::Bool, Type::Bool]);
        let cases = [
            ("null", &Type::Dynamic, ""),
            (r#""yes""#, &Type::Bool, "expected a bool, found a string"),
            ("1", &Type::Bool, "expected a bool, found a number"),
            ("true", &Type::Number, "expected a number, found a bool"),
            ("{}", &Type::String, "expected a string, found an object"),
            ("[true]", &pair, "expected a tuple of 2, found an array"),
            ("[true,false]", &pair, ""),
        ];
        for (json, ty, problem) in cases {
            let error = decode_bytes(json.as_bytes(), ty).err().map(|error| error.into_request_diagnostic("It").detail);
            assert_eq!(error.is_some(), !problem.is_empty(), "{json}");
            assert!(error.unwrap_or_default().contains(problem), "{json}");
        }
    }

    #[test]
    fn errors_name_the_attribute_but_not_the_value() {
        let ty = Type::Object(object([("keys", Type::Map(Box::new(Type::Number)))]));

        let error = decode(&json!({ "keys": { "a": "secret" } }), &ty).expect_err("text is not a number");

        assert_eq!(error.path(), Path::attribute("keys").key("a"));
        assert!(!error.into_request_diagnostic("The state").detail.contains("secret"));
    }
}
