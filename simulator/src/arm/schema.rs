//! Schemas of request bodies, and a reader that checks a body against its schema.
//!
//! | schema | values |
//! |---|---|
//! | `"string"`, `"boolean"`, `"integer"`, `"number"`, `"any"` | of this type |
//! | `"date"`, `"date-time"`, `"duration"` | strings of this format |
//! | `"=A\|B"` | one of these strings, in any case |
//! | `"@Name"` | those of the definition `Name` |
//! | `[schema]` | arrays |
//! | `{"a!": schema, "b": schema}` | objects with the required member `a` and the optional member `b` |
//! | `{"*": schema}` | objects with any members |
//! | `{"$type": {"A": schema}}` | objects whose member `type` selects the schema of the others |

use serde_json::{Map, Value, json};

use super::error::ArmError;
use super::time_format;

/// Reads values according to a schema.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) definitions: &'a Value,
    /// Keep members that are not in the schema, instead of dropping them.
    pub(crate) keep_unknown: bool,
}

impl Reader<'_> {
    /// The value as Azure stores it: with members and enumerated values in their published casing, and without nulls.
    ///
    /// # Errors
    /// 400 for missing members and for values that do not match the schema.
    pub(crate) fn read(self, schema: &Value, sent: &Value, path: &str) -> Result<Value, ArmError> {
        let checked =
            |is_valid: bool, expected: &str| if is_valid { Ok(sent.clone()) } else { Err(malformed(path, expected)) };
        match schema {
            Value::String(name) => match name.as_str() {
                "any" => Ok(sent.clone()),
                "string" => checked(sent.is_string(), "a string"),
                "boolean" => checked(sent.is_boolean(), "a boolean"),
                "integer" => checked(sent.is_i64() || sent.is_u64(), "an integer"),
                "number" => checked(sent.is_number(), "a number"),
                "date" => checked(sent.as_str().is_some_and(time_format::is_date), "a date"),
                "date-time" => checked(sent.as_str().is_some_and(time_format::is_date_time), "a date and time"),
                "duration" => checked(sent.as_str().is_some_and(time_format::is_duration), "an ISO 8601 duration"),
                name => match name.strip_prefix('=') {
                    Some(known) => one_of(known, sent, path),
                    None => self.read(&self.definitions[name.trim_start_matches('@')], sent, path),
                },
            },
            Value::Array(element) => {
                let sent = sent.as_array().ok_or_else(|| malformed(path, "an array"))?;
                let elements = sent.iter().enumerate();
                elements.map(|(at, sent)| self.read(&element[0], sent, &format!("{path}[{at}]"))).collect()
            }
            Value::Object(members) => {
                let sent = sent.as_object().ok_or_else(|| malformed(path, "an object"))?;
                self.object(members, sent, path).map(Value::Object)
            }
            _ => unreachable!("invariant: schemas have the documented notation"),
        }
    }

    fn object(
        self,
        members: &Map<String, Value>,
        sent: &Map<String, Value>,
        path: &str,
    ) -> Result<Map<String, Value>, ArmError> {
        if let Some((selector, kinds)) = members.iter().find_map(|(name, kinds)| Some((name.strip_prefix('$')?, kinds)))
        {
            return self.selected(selector, kinds, sent, path);
        }
        let is_null = |name: &str| member(sent, name).is_none_or(Value::is_null);
        if let Some(missing) = members.keys().filter_map(|name| name.strip_suffix('!')).find(|name| is_null(name)) {
            return Err(ArmError::missing_property(missing, path));
        }
        let mut kept = Map::new();
        for (name, sent) in sent {
            let known = members.iter().map(|(known, schema)| (known.trim_end_matches('!'), schema));
            let known = known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            match known.or_else(|| members.get("*").map(|schema| (name.as_str(), schema))) {
                Some(_) if sent.is_null() => {}
                Some((known, schema)) => {
                    kept.insert(known.to_owned(), self.read(schema, sent, &format!("{path}.{known}"))?);
                }
                None if self.keep_unknown => {
                    kept.insert(name.clone(), sent.clone());
                }
                None => {}
            }
        }
        Ok(kept)
    }

    /// An object whose member `selector` selects the schema of the other members.
    fn selected(
        self,
        selector: &str,
        kinds: &Value,
        sent: &Map<String, Value>,
        path: &str,
    ) -> Result<Map<String, Value>, ArmError> {
        let kind = member(sent, selector).ok_or_else(|| ArmError::missing_property(selector, path))?;
        let names: Vec<&str> = kinds.as_object().into_iter().flatten().map(|(known, _)| known.as_str()).collect();
        let kind = one_of(&names.join("|"), kind, &format!("{path}.{selector}"))?;
        let members = kind.as_str().and_then(|kind| kinds[kind].as_object()).cloned().unwrap_or_default();
        let mut kept = self.object(&members, sent, path)?;
        kept.insert(selector.to_owned(), kind);
        Ok(kept)
    }
}

/// 400 for a value of the wrong type.
pub(crate) fn malformed(path: &str, expected: &str) -> ArmError {
    ArmError::bad_request(format!("Error converting value. Path '{path}': expected {expected}."))
}

/// An enumerated value. Flags that are strings in the schema may also be sent as booleans.
fn one_of(known: &str, sent: &Value, path: &str) -> Result<Value, ArmError> {
    let text = sent.as_bool().map(|flag| flag.to_string()).or_else(|| sent.as_str().map(str::to_owned));
    let found = text.and_then(|text| known.split('|').find(|known| known.eq_ignore_ascii_case(&text)));
    found.map(|found| json!(found)).ok_or_else(|| {
        let supported = known.replace('|', ", ");
        ArmError::bad_request(format!(
            "Error converting value {sent}. Path '{path}'. The supported values are '{supported}'."
        ))
    })
}

/// The value of a member. As in Azure, names are case-insensitive.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(schema: &Value, sent: &Value) -> String {
        let error = Reader { definitions: &Value::Null, keep_unknown: false }
            .read(schema, sent, "properties")
            .expect_err("it is rejected")
            .response();
        serde_json::from_slice::<Value>(&error.body).expect("JSON")["error"]["message"].to_string()
    }

    #[test]
    fn drops_unknown_members_and_normalizes_casing() {
        let schema = json!({"a!": "=One|Two", "b": ["integer"], "c": {"*": "string"}});
        let sent = json!({"A": "one", "b": [1], "c": {"x": "y"}, "d": 1, "e": null});
        let reader = |keep_unknown: bool| Reader { definitions: &Value::Null, keep_unknown };
        assert_eq!(
            reader(false).read(&schema, &sent, "").expect("valid"),
            json!({"a": "One", "b": [1], "c": {"x": "y"}})
        );
        let kept = reader(true).read(&schema, &sent, "").expect("valid");
        assert_eq!(kept["d"], 1);
    }

    #[test]
    fn reports_the_property_that_does_not_match() {
        let schema = json!({"a!": {"b": ["boolean"]}, "t": {"$type": {"X": {"y!": "string"}}}});
        for (sent, expected) in [
            (json!({}), "Required property 'a' not found in JSON. Path 'properties'."),
            (json!({"a": null}), "Required property 'a'"),
            (json!({"a": []}), "Path 'properties.a': expected an object"),
            (json!({"a": {"b": [true, 1]}}), "Path 'properties.a.b[1]': expected a boolean"),
            (json!({"a": {}, "t": {}}), "Required property 'type' not found in JSON. Path 'properties.t'."),
            (json!({"a": {}, "t": {"type": "Z"}}), "The supported values are 'X'."),
            (json!({"a": {}, "t": {"type": "x"}}), "Required property 'y'"),
        ] {
            let message = message(&schema, &sent);
            assert!(message.contains(expected), "{message}");
        }
    }
}
