//! Selects the parameter values to mask in Azure's messages about a deployment. Pure.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::redaction::Secrets;

/// The minimum length of a secret, in characters. Shorter values occur in too many texts.
const MIN_LENGTH: usize = 4;

/// The minimum number of digits of a secret number. A shorter number is probably a count or a size.
const MIN_DIGITS: usize = 6;

/// The values in `given` to mask: all values of secure parameters, and the values of other parameters that may be
/// secret. A short value is not secret, nor is one that the template in `declared` or the provider in `known` contains
/// as well.
#[must_use]
pub fn of_parameters(declared: &Value, known: &[(&str, &str)], given: &BTreeMap<String, String>) -> Secrets {
    let mut values = Vec::new();
    for (name, text) in given {
        let declaration = declared
            .as_object()
            .and_then(|all| all.iter().find(|(declared, _)| declared.eq_ignore_ascii_case(name)))
            .map_or(&Value::Null, |(_, declaration)| declaration);
        let ty = declaration["type"].as_str().unwrap_or("string").to_ascii_lowercase();
        let is_secure = ty.starts_with("secure");
        let mut public = Vec::new();
        if !is_secure {
            public.extend(known.iter().map(|(_, value)| (*value).to_owned()));
            leaves(&declaration["allowedValues"], &mut public);
            leaves(&declaration["defaultValue"], &mut public);
        }
        let mut own = vec![text.trim().to_owned()];
        if let "array" | "object" | "secureobject" = ty.as_str()
            && let Ok(document) = serde_json::from_str(text)
        {
            leaves(&document, &mut own);
        }
        let is_public = |value: &String| public.iter().any(|known| known.eq_ignore_ascii_case(value));
        own.retain(|value| !value.is_empty() && (is_secure || !(is_trivial(value) || is_public(value))));
        values.extend(own);
    }
    values.iter().map(String::as_str).collect()
}

fn is_trivial(value: &str) -> bool {
    let is_word = ["true", "false", "null"].iter().any(|word| value.eq_ignore_ascii_case(word));
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    is_word || value.chars().count() < MIN_LENGTH || (is_number && value.len() < MIN_DIGITS)
}

/// Collects the texts and numbers in a document. Booleans are never secret.
fn leaves(document: &Value, found: &mut Vec<String>) {
    match document {
        Value::String(text) => found.push(text.trim().to_owned()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(elements) => elements.iter().for_each(|element| leaves(element, found)),
        Value::Object(members) => members.values().for_each(|member| leaves(member, found)),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn masked(declaration: &Value, value: &str, text: &str) -> String {
        let given = BTreeMap::from([("Key".to_owned(), value.to_owned())]);
        of_parameters(&json!({ "key": declaration }), &[("workspace", "law-soc")], &given).mask(text).into_owned()
    }

    #[test]
    fn masks_every_nontrivial_value() {
        let string = json!({ "type": "string", "allowedValues": ["Standard"], "defaultValue": "Enabled" });
        for value in ["hunter2", "123456", "a b c"] {
            assert_eq!(masked(&string, value, &format!("'{value}' is bad")), "'(sensitive value)' is bad");
        }
        for value in ["abc", "true", "8080", "standard", "Enabled", "law-soc", ""] {
            assert_eq!(masked(&string, value, value), value);
        }
    }

    #[test]
    fn masks_every_value_of_a_secure_parameter() {
        for value in ["x1", "true", "law-soc"] {
            assert_eq!(
                masked(&json!({ "type": "securestring" }), value, &format!("got {value}.")),
                "got (sensitive value)."
            );
        }
    }

    #[test]
    fn masks_the_members_of_a_secure_object() {
        let document = r#"{ "user": ["ann-the-admin"], "password": "pw", "on": true }"#;
        let text = "ann-the-admin or pw, true";

        assert_eq!(
            masked(&json!({ "type": "secureObject" }), document, text),
            "(sensitive value) or (sensitive value), true"
        );
        assert_eq!(masked(&json!({ "type": "object" }), document, text), "(sensitive value) or pw, true");
    }
}
