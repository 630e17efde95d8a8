//! Rules for saved states, which Terraform stores as JSON.

use serde_json::Value as Json;

use crate::framework::schema::{AttributeSpec, Identity, Nesting};
use crate::framework::value::{Number, Type, Value};

/// Removes the values of write-only attributes from a saved state. A state must not contain them.
pub(in crate::framework) fn without_write_only(specs: &[AttributeSpec], mut state: Json) -> Json {
    clear_write_only(specs, &mut state);
    state
}

/// Derives the identity of an object from its saved state. Returns `None` if the state lacks a required attribute.
pub(in crate::framework) fn identity(identity: &Identity, state: &Json) -> Option<Value> {
    let specs = identity.attributes().iter();
    let values: Option<Vec<_>> = specs
        .map(|spec| {
            let value = decode(state.get(spec.name).unwrap_or(&Json::Null), &spec.shape.value_type())?;
            (!value.is_null() || !Identity::is_required_for_import(spec)).then_some((spec.name, value))
        })
        .collect();
    values.map(Value::object)
}

fn clear_write_only(specs: &[AttributeSpec], object: &mut Json) {
    let Json::Object(attributes) = object else { return };
    for spec in specs {
        let Some(value) = attributes.get_mut(spec.name) else { continue };
        if spec.write_only {
            *value = Json::Null;
        } else if let Some(nested) = spec.nested() {
            match (nested.nesting, value) {
                (Nesting::Single, object) => clear_write_only(&nested.attributes, object),
                (_, Json::Array(objects)) => {
                    objects.iter_mut().for_each(|object| clear_write_only(&nested.attributes, object));
                }
                (_, Json::Object(objects)) => {
                    objects.values_mut().for_each(|object| clear_write_only(&nested.attributes, object));
                }
                _ => {}
            }
        }
    }
}

fn decode(json: &Json, ty: &Type) -> Option<Value> {
    match (json, ty) {
        (Json::Null, _) => Some(Value::Null),
        (Json::Bool(value), Type::Bool) => Some(Value::Bool(*value)),
        (Json::Number(number), Type::Number) => Number::parse(&number.to_string()).ok().map(Value::Number),
        (Json::String(text), Type::String) => Some(Value::string(text).composed()),
        (Json::Array(elements), Type::List(element)) => {
            elements.iter().map(|json| decode(json, element)).collect::<Option<_>>().map(Value::List)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::framework::nested_object;
    use crate::framework::schema::{Attribute, Schema};

    const NAME: Attribute<String> = Attribute::required("name").description("x").requires_replace();
    const TOKEN: Attribute<Option<String>> = Attribute::write_only("token").description("x");

    #[test]
    fn removes_only_write_only_attributes() {
        let schema = Schema::new("").attribute(&NAME).attribute(&TOKEN);

        let state = without_write_only(schema.specs(), json!({ "name": "n", "token": "secret", "old": 1 }));

        assert_eq!(state, json!({ "name": "n", "token": null, "old": 1 }));
    }

    #[test]
    fn removes_write_only_attributes_of_nested_objects() {
        nested_object! {
            struct Login {
                token: Option<String> = TOKEN,
            }
        }
        const ONE: Attribute<Option<Login>> = Attribute::optional("one").description("x");
        const LIST: Attribute<Option<Vec<Login>>> = Attribute::optional("list").description("x");
        const MAP: Attribute<Option<BTreeMap<String, Login>>> = Attribute::optional("map").description("x");
        let schema = Schema::new("").attribute(&ONE).attribute(&LIST).attribute(&MAP);
        let nested =
            |token: Json| json!({"one": {"token": token}, "list": [{"token": token}], "map": {"a": {"token": token}}});

        assert_eq!(without_write_only(schema.specs(), nested("secret".into())), nested(Json::Null));
    }

    #[test]
    fn identity_has_values_of_every_plain_type() {
        const NUMBER: Attribute<i64> = Attribute::required("number").description("x");
        const FLAG: Attribute<Option<bool>> = Attribute::optional("flag").description("x");
        const TAGS: Attribute<Vec<String>> = Attribute::required("tags").description("x");
        let specs = Identity::of(0, &[&NUMBER, &FLAG, &TAGS]);
        let of = |flag: Json| identity(&specs, &json!({"number": 7, "flag": flag, "tags": ["a"]}));
        let with = |flag: Value| {
            let tags = Value::List(vec!["a".into()]);
            Some(Value::object([("number", Number::from(7).into()), ("flag", flag), ("tags", tags)]))
        };

        assert_eq!(of(json!(true)), with(Value::Bool(true)));
        assert_eq!(of(json!(null)), with(Value::Null), "it is optional");
    }

    #[test]
    fn returns_no_identity_if_one_attribute_is_missing() {
        let specs = Identity::of(0, &[&NAME]);

        assert_eq!(identity(&specs, &json!({ "name": "n" })), Some(Value::object([("name", "n".into())])));
        assert_eq!(identity(&specs, &json!({ "name": null })), None);
        assert_eq!(identity(&specs, &json!({ "name": 1 })), None);
    }
}
