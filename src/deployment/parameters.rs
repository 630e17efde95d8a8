//! The parameters of a deployment, filled in according to its template. Pure.
//!
//! A template declares its parameters with types and, for some, defaults. The caller supplies the values that it knows
//! (`known`), and the user supplies others (`given`). A parameter with a default may be omitted: Resource Manager
//! evaluates the default itself. Most defaults are expressions, which cannot be passed as values.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A problem with the given values.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Problem {
    /// The template has no such parameter.
    #[error("the ARM template has no parameter \"{name}\"; {}", available_parameters(.available))]
    Unknown {
        /// The name that was given.
        name: String,
        /// The parameters that the user may set.
        available: Vec<String>,
    },
    /// The provider sets this parameter.
    #[error("the provider sets the parameter \"{name}\" itself; remove it from `parameters`")]
    SetByProvider {
        /// The name that was given.
        name: String,
    },
    /// The parameter has no default and no value.
    #[error("the ARM template needs a value for its parameter \"{name}\" of type {expected}{}", described(.description.as_deref()))]
    Missing {
        /// The missing parameter.
        name: String,
        /// Its type.
        expected: String,
        /// Its description in the template.
        description: Option<String>,
    },
    /// The value has the right type, but the template does not allow it. The message omits the value, which may be
    /// secret.
    #[error("the value for the parameter \"{name}\" is not allowed: {rule} is expected")]
    NotAllowed {
        /// The parameter.
        name: String,
        /// What the template allows, for messages.
        rule: String,
    },
    /// The text is not a value of the parameter's type. The message omits the text, which may be secret.
    #[error("the value for the parameter \"{name}\" is not of type {expected}{hint}")]
    Type {
        /// The parameter.
        name: String,
        /// Its type.
        expected: String,
        /// A hint about the expected format.
        hint: &'static str,
    },
}

impl Problem {
    /// The given parameter that has the problem, if any.
    #[must_use]
    pub fn given(&self) -> Option<&str> {
        match self {
            Self::Unknown { name, .. }
            | Self::SetByProvider { name }
            | Self::Type { name, .. }
            | Self::NotAllowed { name, .. } => Some(name),
            Self::Missing { .. } => None,
        }
    }
}

/// Fills in the parameters in `declared` (the `parameters` of a template), and returns the `parameters` of a
/// deployment. Names are compared ignoring case, as in Resource Manager. The result uses the template's spelling.
///
/// # Errors
/// All problems, in the order of the template's parameters. Unknown parameters come last.
pub fn fill(declared: &Value, known: &[(&str, &str)], given: &BTreeMap<String, String>) -> Result<Value, Vec<Problem>> {
    let empty = Map::new();
    let declared = declared.as_object().unwrap_or(&empty);
    let is_known = |name: &str| known.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let mut problems = Vec::new();
    let mut filled = Map::new();
    for (name, declaration) in declared {
        let known = known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
        let given = given.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
        let expected = declaration["type"].as_str().unwrap_or("string");
        let value = match known.or(given) {
            Some(text) => typed(name, expected, text),
            None if has_default(declaration) => continue,
            None => Err(Problem::Missing {
                name: name.clone(),
                expected: expected.to_owned(),
                description: declaration["metadata"]["description"].as_str().map(str::to_owned),
            }),
        };
        // Known values are not checked: one may be a placeholder for a value that is filled in later.
        let value = value.and_then(|value| match violated_rule(declaration, &value).filter(|_| known.is_none()) {
            Some(rule) => Err(Problem::NotAllowed { name: name.clone(), rule }),
            None => Ok(value),
        });
        match value {
            Ok(value) => drop(filled.insert(name.clone(), json!({ "value": value }))),
            Err(problem) => problems.push(problem),
        }
    }
    for name in given.keys() {
        if is_known(name) {
            problems.push(Problem::SetByProvider { name: name.clone() });
        } else if !declared.keys().any(|declared| declared.eq_ignore_ascii_case(name)) {
            let available = declared.keys().filter(|declared| !is_known(declared)).cloned().collect();
            problems.push(Problem::Unknown { name: name.clone(), available });
        }
    }
    if problems.is_empty() { Ok(Value::Object(filled)) } else { Err(problems) }
}

/// Whether both sets of given values produce the same deployment. Values may differ in spelling, and one set may omit a
/// value that equals the template's default.
#[must_use]
pub fn are_equivalent(
    declared: &Value,
    known: &[(&str, &str)],
    one: &BTreeMap<String, String>,
    other: &BTreeMap<String, String>,
) -> bool {
    let effective = |given| fill(declared, known, given).map(|filled| with_defaults(filled, declared));
    matches!((effective(one), effective(other)), (Ok(one), Ok(other)) if one == other)
}

/// Adds the template's defaults that are plain values to the parameters of a deployment.
fn with_defaults(mut filled: Value, declared: &Value) -> Value {
    for (name, declaration) in declared.as_object().into_iter().flatten() {
        let default = &declaration["defaultValue"];
        let is_expression = default.as_str().is_some_and(|text| text.starts_with('['));
        if filled.get(name).is_none() && !default.is_null() && !is_expression {
            filled[name] = json!({ "value": default });
        }
    }
    filled
}

/// Whether a deployment may omit the parameter.
fn has_default(declaration: &Value) -> bool {
    declaration.get("defaultValue").is_some() || declaration["nullable"] == true
}

/// Converts the text to a value of a template's type.
fn typed(name: &str, expected: &str, text: &str) -> Result<Value, Problem> {
    let wrong = |hint: &'static str| Problem::Type { name: name.to_owned(), expected: expected.to_owned(), hint };
    match expected.to_ascii_lowercase().as_str() {
        "int" => text.trim().parse::<i64>().map(Value::from).map_err(|_| wrong(": a whole number is expected")),
        "bool" => match text.trim().to_ascii_lowercase().as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(wrong(": true or false is expected")),
        },
        "array" => serde_json::from_str(text).ok().filter(Value::is_array).ok_or_else(|| wrong(JSON_HINT)),
        "object" | "secureobject" => {
            serde_json::from_str(text).ok().filter(Value::is_object).ok_or_else(|| wrong(JSON_HINT))
        }
        _ => Ok(Value::from(text)),
    }
}

/// The rule of the declaration that the value violates, for messages.
fn violated_rule(declaration: &Value, value: &Value) -> Option<String> {
    if let Some(allowed) = declaration["allowedValues"].as_array()
        && !is_allowed(allowed, value)
    {
        return Some(format!("one of {}", allowed.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")));
    }
    let measured = match value {
        Value::Number(number) => number.as_i64().map(|number| ("minValue", "maxValue", number, "a number")),
        Value::String(text) => Some(("minLength", "maxLength", count(text.chars().count()), "a text with a length")),
        Value::Array(items) => Some(("minLength", "maxLength", count(items.len()), "a list with a length")),
        _ => None,
    };
    let (least, most, measured, what) = measured?;
    let (least, most) = (declaration[least].as_i64(), declaration[most].as_i64());
    match (least.filter(|least| measured < *least), most.filter(|most| measured > *most)) {
        (Some(least), _) => Some(format!("{what} of at least {least}")),
        (_, Some(most)) => Some(format!("{what} of at most {most}")),
        _ => None,
    }
}

/// Whether the value is allowed. Each item of a list must be allowed.
fn is_allowed(allowed: &[Value], value: &Value) -> bool {
    let is_one = |value: &Value| allowed.iter().any(|allowed| is_same(allowed, value));
    is_one(value) || value.as_array().is_some_and(|items| items.iter().all(is_one))
}

/// Resource Manager compares strings ignoring case.
fn is_same(allowed: &Value, value: &Value) -> bool {
    match (allowed, value) {
        (Value::String(allowed), Value::String(value)) => allowed.eq_ignore_ascii_case(value),
        (allowed, value) => allowed == value,
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn described(description: Option<&str>) -> String {
    description.map(|description| format!(" ({})", description.trim().trim_end_matches('.'))).unwrap_or_default()
}

const JSON_HINT: &str = ": JSON is expected, for example from jsonencode()";

fn available_parameters(available: &[String]) -> String {
    if available.is_empty() {
        return "it has no parameters that you can set".to_owned();
    }
    format!("it has {}", available.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KNOWN: [(&str, &str); 2] = [("workspace", "law-soc"), ("workspace-location", "westeurope")];

    fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn messages(result: Result<Value, Vec<Problem>>) -> Vec<String> {
        result.expect_err("problems").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn fills_in_known_values_and_omits_other_defaults() {
        let declared = json!({
            "workspace": {"type": "string", "defaultValue": ""},
            "Workspace-Location": {"type": "string"},
            "location": {"type": "string", "defaultValue": "[resourceGroup().location]"},
        });

        let filled = fill(&declared, &KNOWN, &given(&[])).expect("nothing is missing");

        assert_eq!(filled, json!({"workspace": {"value": "law-soc"}, "Workspace-Location": {"value": "westeurope"}}));
    }

    #[test]
    fn converts_text_to_the_declared_type() {
        let declared = json!({
            "text": {"type": "String"}, "secret": {"type": "securestring"}, "number": {"type": "int"},
            "flag": {"type": "bool"}, "list": {"type": "array"}, "map": {"type": "object"},
        });
        let values = given(&[
            ("TEXT", "5"),
            ("secret", "s"),
            ("number", "5"),
            ("flag", "True"),
            ("list", "[1]"),
            ("map", "{\"a\":1}"),
        ]);

        let filled = fill(&declared, &KNOWN, &values).expect("all of the right type");

        assert_eq!(
            filled,
            json!({"text": {"value": "5"}, "secret": {"value": "s"}, "number": {"value": 5}, "flag": {"value": true},
                "list": {"value": [1]}, "map": {"value": {"a": 1}}})
        );
    }

    #[test]
    fn reports_all_problems_together() {
        let declared = json!({"workspace": {"type": "string"}, "key": {"type": "securestring"}, "n": {"type": "int"}});
        let values = given(&[("n", "many"), ("color", "red"), ("workspace", "other")]);

        assert_eq!(
            messages(fill(&declared, &KNOWN, &values)),
            [
                "the ARM template needs a value for its parameter \"key\" of type securestring",
                "the value for the parameter \"n\" is not of type int: a whole number is expected",
                "the ARM template has no parameter \"color\"; it has \"key\", \"n\"",
                "the provider sets the parameter \"workspace\" itself; remove it from `parameters`",
            ]
        );
    }

    #[test]
    fn compares_values_by_meaning() {
        let declared = json!({
            "text": {"type": "string", "defaultValue": "low"}, "number": {"type": "int", "defaultValue": 5},
            "flag": {"type": "bool", "defaultValue": false}, "map": {"type": "object", "defaultValue": {}},
            "place": {"type": "string", "defaultValue": "[resourceGroup().location]"},
        });
        let same = |one: &[(&str, &str)], other: &[(&str, &str)]| {
            are_equivalent(&declared, &KNOWN, &given(one), &given(other))
        };

        assert!(same(&[], &[("text", "low"), ("number", "05"), ("flag", "False"), ("map", " {} ")]));
        assert!(same(&[("TEXT", "high")], &[("text", "high")]));
        assert!(same(&[("map", "{\"a\": 1, \"b\": 2}")], &[("map", "{\"b\":2,\"a\":1}")]));
        assert!(!same(&[], &[("text", "LOW")]));
        assert!(!same(&[], &[("place", "westeurope")]));
        assert!(!same(&[("unknown", "a")], &[("unknown", "a")]), "invalid values are never equivalent");
    }

    #[test]
    fn template_without_parameters_accepts_none() {
        assert_eq!(fill(&Value::Null, &KNOWN, &given(&[])), Ok(json!({})));
        assert_eq!(
            messages(fill(&Value::Null, &[], &given(&[("a", "b")]))),
            ["the ARM template has no parameter \"a\"; it has no parameters that you can set"]
        );
    }

    /// Declarations of template parameters: some with defaults, some known to the provider.
    fn declarations() -> impl Strategy<Value = Value> {
        let name = prop_oneof![Just("workspace".to_owned()), Just("workspace-location".to_owned()), "[a-e]{1,2}"];
        let ty = prop_oneof!["string", "int", "bool", "array", "object", "securestring"];
        proptest::collection::btree_map(name, (ty, any::<bool>()), 0..6).prop_map(|declared| {
            let declared = declared.into_iter().map(|(name, (ty, has_default))| {
                let declaration =
                    if has_default { json!({"type": ty, "defaultValue": "[x()]"}) } else { json!({"type": ty}) };
                (name, declaration)
            });
            Value::Object(declared.collect())
        })
    }

    proptest! {
        #[test]
        fn result_is_declared_typed_and_complete(
            declared in declarations(),
            given in proptest::collection::btree_map("[a-e]{1,2}", "(true|[0-9]{1,3}|\\[\\]|\\{\\}|[a-z]{1,4})", 0..4),
        ) {
            let declared_names = declared.as_object().expect("an object");
            match fill(&declared, &KNOWN, &given) {
                Ok(filled) => {
                    let filled = filled.as_object().expect("an object");
                    for (name, declaration) in declared_names {
                        let value = filled.get(name).map(|value| &value["value"]);
                        prop_assert!(value.is_some() || has_default(declaration), "{name} is missing");
                        let fits = match (declaration["type"].as_str(), value) {
                            (_, None) => true,
                            (Some("int"), Some(value)) => value.is_i64(),
                            (Some("bool"), Some(value)) => value.is_boolean(),
                            (Some("array"), Some(value)) => value.is_array(),
                            (Some("object"), Some(value)) => value.is_object(),
                            (_, Some(value)) => value.is_string(),
                        };
                        prop_assert!(fits || KNOWN.iter().any(|(known, _)| known == name), "{name}: {value:?}");
                    }
                    prop_assert!(filled.keys().all(|name| declared_names.contains_key(name)));
                    prop_assert!(given.keys().all(|name| filled.contains_key(name)), "every given value is used");
                }
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }

        #[test]
        fn problems_do_not_contain_values(value in "[A-Z]{8}") {
            let declared = json!({"n": {"type": "int"}, "b": {"type": "bool"}, "o": {"type": "object"}});
            let values = given(&[("n", &value), ("b", &value), ("o", &value), ("unknown", &value)]);
            prop_assert!(messages(fill(&declared, &KNOWN, &values)).iter().all(|message| !message.contains(&value)));
        }
    }
}
