//! Rules for saved states, which are JSON.

use serde_json::Value as Json;

use crate::framework::schema::{AttributeSpec, Identity, Nesting};
use crate::framework::value::{Number, Type, Value};

/// A saved state without its write-only attributes, which a state never has.
pub(in crate::framework) fn without_write_only(specs: &[AttributeSpec], mut state: Json) -> Json {
    forget(specs, &mut state);
    state
}

/// The identity of the object that a saved state describes; `None` if the state lacks it.
pub(in crate::framework) fn identity(identity: &Identity, state: &Json) -> Option<Value> {
    let specs = identity.attributes().iter();
    let values: Option<Vec<_>> = specs
        .map(|spec| {
            let value = plain(state.get(spec.name).unwrap_or(&Json::Null), &spec.shape.value_type())?;
            (!value.is_null() || !Identity::is_required_for_import(spec)).then_some((spec.name, value))
        })
        .collect();
    values.map(Value::object)
}

fn forget(specs: &[AttributeSpec], object: &mut Json) {
    let Json::Object(attributes) = object else { return };
    for spec in specs {
        let Some(value) = attributes.get_mut(spec.name) else { continue };
        if spec.write_only {
            *value = Json::Null;
        } else if let Some(nested) = spec.nested() {
            match (nested.nesting, value) {
                (Nesting::Single, object) => forget(&nested.attributes, object),
                (_, Json::Array(objects)) => objects.iter_mut().for_each(|object| forget(&nested.attributes, object)),
                (_, Json::Object(objects)) => {
                    objects.values_mut().for_each(|object| forget(&nested.attributes, object));
                }
                _ => {}
            }
        }
    }
}

fn plain(json: &Json, ty: &Type) -> Option<Value> {
    match (json, ty) {
        (Json::Null, _) => Some(Value::Null),
        (Json::Bool(value), Type::Bool) => Some(Value::Bool(*value)),
        (Json::Number(number), Type::Number) => Number::parse(&number.to_string()).ok().map(Value::Number),
        (Json::String(text), Type::String) => Some(Value::string(text).composed()),
        (Json::Array(elements), Type::List(element)) => {
            elements.iter().map(|json| plain(json, element)).collect::<Option<_>>().map(Value::List)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
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
    fn returns_no_identity_if_one_attribute_is_missing() {
        let specs = Identity::of(0, &[&NAME]);

        assert_eq!(identity(&specs, &json!({ "name": "n" })), Some(Value::object([("name", "n".into())])));
        assert_eq!(identity(&specs, &json!({ "name": null })), None);
        assert_eq!(identity(&specs, &json!({ "name": 1 })), None);
    }
}
