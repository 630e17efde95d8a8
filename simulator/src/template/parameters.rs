//! Parameters and outputs: checks the request's parameters against the template's definitions.

use serde_json::{Map, Value, json};

use super::error::TemplateError;
use super::evaluator::{Evaluator, Section};

/// The values in the request's parameters: `{"workspace": {"value": "law-soc"}}`.
///
/// # Errors
/// If a parameter is unknown, missing, or of the wrong type.
pub(super) fn given(
    definitions: &Map<String, Value>,
    request: &Map<String, Value>,
) -> Result<Vec<(String, Value)>, TemplateError> {
    let definition = |name: &str| definitions.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let unknown: Vec<&str> = request.keys().map(String::as_str).filter(|name| definition(name).is_none()).collect();
    if !unknown.is_empty() {
        let known: Vec<&str> = definitions.keys().map(String::as_str).collect();
        let sentence = format!(
            "The template parameters '{}' in the parameters file are not valid; they are not present in the original \
             template and can therefore not be provided at deployment time. The only supported parameters for this \
             template are '{}'. Please see https://aka.ms/arm-pass-parameter-values for usage details.",
            unknown.join(", "),
            known.join(", ")
        );
        return Err(TemplateError::validation(sentence, ""));
    }
    let mut given = Vec::new();
    for (name, sent) in request {
        let (name, definition) = definition(name).unwrap_or((name, &Value::Null));
        if sent.get("reference").is_some() {
            let sentence = format!("The parameter '{name}' refers to a key vault that was not found.");
            return Err(TemplateError::validation(sentence, path(name)));
        }
        if let Some(value) = sent.get("value").filter(|value| !value.is_null() || is_nullable(definition)) {
            check(name, definition, value)?;
            given.push((name.clone(), value.clone()));
        }
    }
    let missing = definitions.iter().find(|(name, definition)| {
        definition.get("defaultValue").is_none()
            && !is_nullable(definition)
            && !given.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    });
    if let Some((name, _)) = missing {
        let sentence = format!(
            "The value for the template parameter '{name}' at line '1' and column '1' is not provided. Please see \
             https://aka.ms/arm-create-parameter-file for usage details."
        );
        return Err(TemplateError::validation(sentence, path(name)));
    }
    Ok(given)
}

/// All parameters in the format of a deployment, with evaluated defaults. Secure parameters have no value.
pub(super) fn shown(
    definitions: &Map<String, Value>,
    evaluator: &Evaluator<'_>,
) -> Result<Map<String, Value>, TemplateError> {
    let mut shown = Map::new();
    for (name, definition) in definitions {
        if definition.get("defaultValue").is_none() && evaluator.parameter(name).is_err() {
            continue;
        }
        let value = evaluator.parameter(name).map_err(|error| {
            let sentence = format!("The template parameter '{name}' is not valid: {}", error.0);
            TemplateError::validation(sentence, path(name))
        })?;
        check(name, definition, &value)?;
        let spelling = ParameterType::of(definition).map_or("String", |parameter_type| parameter_type.spelling);
        shown.insert(name.clone(), entry(spelling, Some(&value)));
    }
    Ok(shown)
}

/// The outputs in the format of a deployment.
///
/// # Errors
/// If a value does not have the type of its definition.
pub(super) fn outputs(
    definitions: &Map<String, Value>,
    evaluator: &Evaluator<'_>,
) -> Result<Map<String, Value>, TemplateError> {
    let mut outputs = Map::new();
    for (name, definition) in definitions {
        let evaluate = |member: &str| {
            let value = definition.get(member).map(|piece| evaluator.value(piece, Section::Output)).transpose();
            value.map_err(|error| {
                let sentence = format!("The template output '{name}' is not valid: {}", error.0);
                TemplateError::validation(sentence, format!("properties.template.outputs.{name}"))
            })
        };
        if evaluate("condition")? == Some(json!(false)) {
            continue;
        }
        let value = evaluate("value")?;
        let parameter_type = ParameterType::of(definition);
        let value_type = value.as_ref().filter(|value| parameter_type.is_some_and(|known| !(known.fits)(value)));
        let spelling = parameter_type.map_or("String", |parameter_type| parameter_type.spelling);
        if let Some(value) = value_type.filter(|value| !(value.is_null() && is_nullable(definition))) {
            let sentence = format!(
                "The template output '{name}' is not valid: Template output JToken type is not valid. Expected \
                 '{spelling}'. Actual '{}'",
                type_of(value)
            );
            return Err(TemplateError::validation(sentence, format!("properties.template.outputs.{name}")));
        }
        outputs.insert(name.clone(), entry(spelling, value.as_ref()));
    }
    Ok(outputs)
}

/// A parameter or output in the format of a deployment. Secure ones have no value.
fn entry(spelling: &str, value: Option<&Value>) -> Value {
    if spelling.starts_with("Secure") { json!({"type": spelling}) } else { json!({"type": spelling, "value": value}) }
}

/// A type of parameters and outputs.
struct ParameterType {
    name: &'static str,
    /// The name in the format of a deployment.
    spelling: &'static str,
    fits: fn(&Value) -> bool,
}

const TYPES: &[ParameterType] = &[
    ParameterType { name: "string", spelling: "String", fits: Value::is_string },
    ParameterType { name: "securestring", spelling: "SecureString", fits: Value::is_string },
    ParameterType { name: "int", spelling: "Int", fits: Value::is_i64 },
    ParameterType { name: "bool", spelling: "Bool", fits: Value::is_boolean },
    ParameterType { name: "object", spelling: "Object", fits: Value::is_object },
    ParameterType { name: "secureobject", spelling: "SecureObject", fits: Value::is_object },
    ParameterType { name: "array", spelling: "Array", fits: Value::is_array },
];

impl ParameterType {
    fn of(definition: &Value) -> Option<&'static Self> {
        let name = definition["type"].as_str()?;
        TYPES.iter().find(|parameter_type| parameter_type.name.eq_ignore_ascii_case(name))
    }
}

fn check(name: &str, definition: &Value, value: &Value) -> Result<(), TemplateError> {
    let invalid = |reason: String| {
        let sentence = format!(
            "The provided value for the template parameter '{name}' is not valid. {reason} Please see \
             https://aka.ms/arm-create-parameter-file for usage details."
        );
        Err(TemplateError::validation(sentence, path(name)))
    };
    let Some(parameter_type) = ParameterType::of(definition) else {
        let sentence = format!("The template parameter '{name}' has the unknown type '{}'.", definition["type"]);
        return Err(TemplateError::validation(sentence, path(name)));
    };
    if value.is_null() && is_nullable(definition) {
        return Ok(());
    }
    if !(parameter_type.fits)(value) {
        return invalid(format!(
            "Expected a value of type '{}', but received a value of type '{}'.",
            parameter_type.spelling,
            type_of(value)
        ));
    }
    if let Some(allowed) = definition["allowedValues"].as_array().filter(|allowed| !is_allowed(allowed, value)) {
        let allowed: Vec<String> = allowed.iter().map(|value| value.to_string().trim_matches('"').to_owned()).collect();
        return invalid(format!("The value '{value}' is not part of the allowed value(s): '{}'.", allowed.join(",")));
    }
    let length = match value {
        Value::String(text) => Some(text.chars().count()),
        Value::Array(items) => Some(items.len()),
        _ => None,
    };
    let limit = |key: &str| definition[key].as_i64();
    let length = length.and_then(|length| i64::try_from(length).ok());
    let number = value.as_i64().filter(|_| length.is_none());
    for (measure, least, most) in [(length, "minLength", "maxLength"), (number, "minValue", "maxValue")] {
        let Some(measure) = measure else { continue };
        if let Some(least) = limit(least).filter(|least| measure < *least) {
            return invalid(format!("Its length or value should be greater than or equal to '{least}'."));
        }
        if let Some(most) = limit(most).filter(|most| measure > *most) {
            return invalid(format!("Its length or value should be less than or equal to '{most}'."));
        }
    }
    Ok(())
}

fn is_nullable(definition: &Value) -> bool {
    definition["nullable"] == json!(true)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "Array",
        Value::Object(_) => "Object",
    }
}

fn path(name: &str) -> String {
    format!("properties.template.parameters.{name}")
}

/// Whether the value, or each item of an array, is allowed.
fn is_allowed(allowed: &[Value], value: &Value) -> bool {
    allowed.contains(value) || value.as_array().is_some_and(|items| items.iter().all(|item| allowed.contains(item)))
}
