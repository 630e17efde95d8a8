//! Types in the protocol's JSON encoding: `"string"`, `["list","bool"]`, `["object",{"name":"string"}]`.
//!
//! Attributes are sorted by name, so equal types have equal encodings.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::framework::{Type, composed};

/// Why bytes do not encode a type.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(super) enum InvalidType {
    #[error("a type is not valid JSON")]
    NotJson,
    #[error("`{found}` is not a type")]
    UnknownType { found: String },
}

pub(super) fn encode(ty: &Type) -> Vec<u8> {
    to_json(ty).to_string().into_bytes()
}

/// Decodes a type. serde_json limits the nesting to 128 levels.
pub(super) fn decode(bytes: &[u8]) -> Result<Type, InvalidType> {
    from_json(&serde_json::from_slice(bytes).map_err(|_| InvalidType::NotJson)?)
}

pub(super) fn from_json(json: &Json) -> Result<Type, InvalidType> {
    let unknown_type = || InvalidType::UnknownType { found: json.to_string() };
    if let Some(name) = json.as_str() {
        return match name {
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            "dynamic" => Ok(Type::Dynamic),
            _ => Err(unknown_type()),
        };
    }
    let [kind, argument, rest @ ..] = json.as_array().map(Vec::as_slice).unwrap_or_default() else {
        return Err(unknown_type());
    };
    match (kind.as_str(), rest) {
        (Some("list"), []) => Ok(Type::List(Box::new(from_json(argument)?))),
        (Some("set"), []) => Ok(Type::Set(Box::new(from_json(argument)?))),
        (Some("map"), []) => Ok(Type::Map(Box::new(from_json(argument)?))),
        // The third element lists attributes that are optional in conversions. A value always contains them.
        (Some("object"), [] | [Json::Array(_)]) => {
            let attributes = argument.as_object().ok_or_else(unknown_type)?;
            let attributes = attributes.iter().map(|(name, ty)| Ok((composed(name), from_json(ty)?)));
            Ok(Type::Object(attributes.collect::<Result<BTreeMap<_, _>, _>>()?))
        }
        (Some("tuple"), []) => {
            let elements = argument.as_array().ok_or_else(unknown_type)?;
            Ok(Type::Tuple(elements.iter().map(from_json).collect::<Result<_, _>>()?))
        }
        _ => Err(unknown_type()),
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

    fn decoded(text: &str) -> Result<Type, InvalidType> {
        decode(text.as_bytes())
    }

    #[test]
    fn round_trips_every_type() {
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
            let ty = decoded(text).expect("a type");
            assert_eq!(String::from_utf8(encode(&ty)).as_deref(), Ok(text));
        }
    }

    #[test]
    fn sorts_attributes() {
        let ty = decoded(r#"["object",{"b":"bool","a":"bool"}]"#).expect("a type");
        assert_eq!(encode(&ty), br#"["object",{"a":"bool","b":"bool"}]"#);
    }

    #[test]
    fn ignores_the_list_of_optional_attributes() {
        let ty = decoded(r#"["object",{"a":"bool"},["a"]]"#);
        assert_eq!(ty, decoded(r#"["object",{"a":"bool"}]"#));
    }

    #[test]
    fn rejects_and_quotes_unknown_types() {
        let invalid = [
            r#""text""#,
            "7",
            "[]",
            r#"["list"]"#,
            r#"["list","bool","bool"]"#,
            r#"["object",[]]"#,
            r#"["tuple","bool"]"#,
        ];
        for text in invalid {
            assert_eq!(decoded(text), Err(InvalidType::UnknownType { found: text.to_owned() }));
        }
    }

    #[test]
    fn rejects_excessive_nesting() {
        let text = [r#"["list","#.repeat(10_000), r#""bool""#.to_owned(), "]".repeat(10_000)].concat();
        assert_eq!(decoded(&text), Err(InvalidType::NotJson));
    }
}
