//! Hides the values of sensitive and write-only attributes in logs and messages.

use std::fmt;

use super::schema::{AttributeSpec, Nesting};
use super::value::Value;

/// The placeholder for a hidden value, as in Terraform's output.
const HIDDEN: &str = "(sensitive value)";

/// The secrets to hide.
#[derive(Clone, Default)]
pub(super) struct Mask {
    /// The secrets, longest first, so that a secret that contains another one is hidden as a whole.
    secrets: Vec<String>,
}

impl Mask {
    /// Creates a mask of the secrets in objects with these attributes.
    pub(super) fn of(specs: &[AttributeSpec], objects: &[&Value]) -> Self {
        let mut secrets = Vec::new();
        if specs.iter().any(has_secrets) {
            objects.iter().for_each(|object| collect(specs, object, &mut secrets));
        }
        Self::from(secrets)
    }

    /// Creates a mask of all texts and numbers in a value.
    pub(super) fn of_value(value: &Value) -> Self {
        let mut secrets = Vec::new();
        texts(value, &mut secrets);
        Self::from(secrets)
    }

    /// Replaces the secrets in a text.
    pub(super) fn hide(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), HIDDEN))
    }

    fn from(mut secrets: Vec<String>) -> Self {
        // Messages contain quoted values in escaped form.
        let escaped: Vec<_> = secrets.iter().map(|secret| secret.escape_debug().to_string()).collect();
        secrets.extend(escaped);
        secrets.retain(|secret| !secret.is_empty());
        secrets.sort_by_key(|secret| (std::cmp::Reverse(secret.len()), secret.clone()));
        secrets.dedup();
        Self { secrets }
    }
}

/// Shows only the number of secrets.
impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mask").field("secrets", &self.secrets.len()).finish()
    }
}

/// Whether an attribute, or one nested in it, is sensitive or write-only.
pub(super) fn has_secrets(spec: &AttributeSpec) -> bool {
    spec.sensitive || spec.write_only || spec.nested().is_some_and(|nested| nested.attributes.iter().any(has_secrets))
}

fn collect(specs: &[AttributeSpec], object: &Value, secrets: &mut Vec<String>) {
    for spec in specs {
        let value = object.attribute(spec.name);
        if spec.sensitive || spec.write_only {
            texts(value, secrets);
        } else if let Some(nested) = spec.nested() {
            let mut each = |object: &Value| collect(&nested.attributes, object, secrets);
            match value {
                Value::List(objects) | Value::Set(objects) => objects.iter().for_each(each),
                Value::Map(objects) => objects.values().for_each(each),
                object if nested.nesting == Nesting::Single => each(object),
                _ => {}
            }
        }
    }
}

/// Collects every text and number in a value.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::List(values) | Value::Set(values) | Value::Tuple(values) => {
            values.iter().for_each(|value| texts(value, found));
        }
        Value::Map(values) | Value::Object(values) => values.values().for_each(|value| texts(value, found)),
        Value::Dynamic(dynamic) => texts(&dynamic.1, found),
        Value::Null | Value::Unknown | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::nested_object;
    use crate::framework::schema::{Attribute, Schema};

    const NAME: Attribute<String> = Attribute::required("name").description("x");
    const PASSWORD: Attribute<Option<String>> = Attribute::optional("password").description("x").sensitive();
    const TOKEN: Attribute<Option<String>> = Attribute::write_only("token").description("x");
    const USERS: Attribute<Option<Vec<User>>> = Attribute::optional("users").description("x");

    nested_object! {
        struct User {
            login: String = Attribute::required("login").description("x"),
            pin: Option<i64> = Attribute::optional("pin").description("x").sensitive(),
        }
    }

    fn mask(attributes: &[(&str, Value)]) -> Mask {
        let schema = Schema::new("").attribute(&NAME).attribute(&PASSWORD).attribute(&TOKEN).attribute(&USERS);
        Mask::of(schema.specs(), &[&Value::object(attributes.iter().cloned())])
    }

    #[test]
    fn hides_only_sensitive_and_write_only_values() {
        let mask = mask(&[("name", "ann".into()), ("password", "hunter2".into()), ("token", "tok".into())]);

        assert_eq!(mask.hide("ann: hunter2, tok"), "ann: (sensitive value), (sensitive value)");
        assert_eq!(format!("{mask:?}"), "Mask { secrets: 2 }");
    }

    #[test]
    fn hides_sensitive_values_in_nested_objects() {
        let user = Value::object([("login", "bob".into()), ("pin", 1234.into())]);

        assert_eq!(mask(&[("users", Value::List(vec![user]))]).hide("bob 1234"), "bob (sensitive value)");
    }

    #[test]
    fn hides_the_longer_of_two_overlapping_secrets() {
        assert_eq!(mask(&[("password", "pass".into()), ("token", "password".into())]).hide("password"), HIDDEN);
    }

    #[test]
    fn hides_a_json_escaped_secret() {
        let mask = mask(&[("password", "a\"b".into())]);

        assert_eq!(mask.hide(&format!("found {:?}", "a\"b")), "found \"(sensitive value)\"");
    }

    #[test]
    fn ignores_empty_null_and_unknown_values() {
        let mask = mask(&[("password", "".into()), ("token", Value::Unknown), ("users", Value::Null)]);

        assert_eq!(mask.hide("text"), "text");
    }
}
