//! Types as the protocol writes them, in JSON: `"string"`, `["list","bool"]`, `["object",{"name":"string"}]`.
//!
//! Attributes are written in order of their names, so equal types are equal bytes.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::framework::{Type, composed};

/// Why some JSON is not a type.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(super) enum TypeError {
    #[error("a type is not valid JSON")]
    NotJson,
    #[error("`{found}` is not a type")]
    NotAType { found: String },
}

pub(super) fn encode(ty: &Type) -> Vec<u8> {
    to_json(ty).to_string().into_bytes()
}

/// Nesting is bounded by the JSON reader's own limit of 128 levels.
pub(super) fn decode(bytes: &[u8]) -> Result<Type, TypeError> {
    from_json(&serde_json::from_slice(bytes).map_err(|_| TypeError::NotJson)?)
}

pub(super) fn from_json(json: &Json) -> Result<Type, TypeError> {
    let not_a_type = || TypeError::NotAType { found: json.to_string() };
    if let Some(name) = json.as_str() {
        return match name {
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            "dynamic" => Ok(Type::Dynamic),
            _ => Err(not_a_type()),
        };
    }
    let [kind, argument, rest @ ..] = json.as_array().map(Vec::as_slice).unwrap_or_default() else {
        return Err(not_a_type());
    };
    match (kind.as_str(), rest) {
        (Some("list"), []) => Ok(Type::List(Box::new(from_json(argument)?))),
        (Some("set"), []) => Ok(Type::Set(Box::new(from_json(argument)?))),
        (Some("map"), []) => Ok(Type::Map(Box::new(from_json(argument)?))),
        // A third element names attributes that may be left out where a type is converted to; a value has them all.
        (Some("object"), [] | [Json::Array(_)]) => {
            let attributes = argument.as_object().ok_or_else(not_a_type)?;
            let attributes = attributes.iter().map(|(name, ty)| Ok((composed(name), from_json(ty)?)));
            Ok(Type::Object(attributes.collect::<Result<BTreeMap<_, _>, _>>()?))
        }
        (Some("tuple"), []) => {
            let elements = argument.as_array().ok_or_else(not_a_type)?;
            Ok(Type::Tuple(elements.iter().map(from_json).collect::<Result<_, _>>()?))
        }
        _ => Err(not_a_type()),
    }
}

fn to_json(ty: &Type) -> Json {
    match ty {
        Type::Bool => json!("bool"),
        Type::Number => json!("number"),
        Type::String => json!("string"),
        Type::Dynamic => json!("dynamic"),
        Type::List(element) => json!(["list", to_json(element)]),
        Type::Set(element) => json!(["set", to_json(element)]),
        Type::Map(element) => json!(["map", to_json(element)]),
        Type::Object(attributes) => {
            let attributes = attributes.iter().map(|(name, ty)| (composed(name), to_json(ty)));
            json!(["object", Json::Object(attributes.collect())])
        }
        Type::Tuple(elements) => json!(["tuple", elements.iter().map(to_json).collect::<Vec<_>>()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Type, TypeError> {
        decode(text.as_bytes())
    }

    #[test]
    fn every_type_is_written_and_read_back() {
        let texts = [
            r#""bool""#,
            r#""number""#,
            r#""string""#,
            r#""dynamic""#,
            r#"["list","string"]"#,
            r#"["set",["map","bool"]]"#,
            r#"["object",{"a":"string","b":["tuple",["number",["list","dynamic"]]]}]"#,
            r#"["object",{}]"#,
            r#"["tuple",[]]"#,
        ];
        for text in texts {
            let ty = read(text).expect("it is a type");
            assert_eq!(String::from_utf8(encode(&ty)).as_deref(), Ok(text));
        }
    }

    #[test]
    fn attributes_are_written_in_order() {
        let ty = read(r#"["object",{"b":"bool","a":"bool"}]"#).expect("it is a type");
        assert_eq!(encode(&ty), br#"["object",{"a":"bool","b":"bool"}]"#);
    }

    #[test]
    fn optional_attributes_are_attributes() {
        let ty = read(r#"["object",{"a":"bool"},["a"]]"#);
        assert_eq!(ty, read(r#"["object",{"a":"bool"}]"#));
    }

    #[test]
    fn what_is_not_a_type_is_named() {
        let refused = [
            r#""text""#,
            "7",
            "[]",
            r#"["list"]"#,
            r#"["list","bool","bool"]"#,
            r#"["object",[]]"#,
            r#"["tuple","bool"]"#,
        ];
        for text in refused {
            assert_eq!(read(text), Err(TypeError::NotAType { found: text.to_owned() }));
        }
    }

    #[test]
    fn nesting_without_end_is_refused() {
        let text = [r#"["list","#.repeat(10_000), r#""bool""#.to_owned(), "]".repeat(10_000)].concat();
        assert_eq!(read(&text), Err(TypeError::NotJson));
    }
}
