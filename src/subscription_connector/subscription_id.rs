//! The ID of a subscription: a GUID, alone or as the resource ID `/subscriptions/{GUID}`.

use crate::azure::is_guid;
use crate::framework::{AttributeValue, Invalid, Shape, Type, Value};

/// The ID of a subscription, in its original spelling.
#[derive(Clone, Debug)]
pub struct SubscriptionId(String);

const PREFIX: &str = "/subscriptions/";

impl SubscriptionId {
    /// The ID for a GUID from Azure or from another ID.
    #[must_use]
    pub fn of(guid: &str) -> Self {
        Self(guid.to_owned())
    }

    /// The GUID in lower case.
    #[must_use]
    pub fn guid(&self) -> String {
        guid_in(&self.0).to_ascii_lowercase()
    }

    /// The canonical form, for comparison.
    #[must_use]
    pub fn normal_form(value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(guid_in(text).to_ascii_lowercase()),
            other => other.clone(),
        }
    }
}

fn guid_in(text: &str) -> &str {
    match text.get(..PREFIX.len()) {
        Some(start) if start.eq_ignore_ascii_case(PREFIX) => &text[PREFIX.len()..],
        _ => text,
    }
}

impl PartialEq for SubscriptionId {
    fn eq(&self, other: &Self) -> bool {
        self.guid() == other.guid()
    }
}

impl Eq for SubscriptionId {}

impl AttributeValue for SubscriptionId {
    fn shape() -> Shape {
        Shape::Type(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let text = String::from_value(value)?;
        let guid = guid_in(&text);
        if is_guid(guid) {
            return Ok(Self(text));
        }
        let cause = match guid.split_once('/') {
            Some((guid, _)) if guid.len() == 36 => "it is the ID of something in a subscription",
            _ if text.trim() != text => "it has spaces at its ends",
            _ => "it is not a GUID, and Azure needs the ID of a subscription instead of its name",
        };
        Err(Invalid::new(
            "Not the ID of a subscription",
            format!(
                "{text:?} is not the ID of a subscription: {cause}. Expected a GUID, or {PREFIX}{{GUID}}, for example \
                 {PREFIX}00000000-0000-0000-0000-000000000000."
            ),
        ))
    }

    fn into_value(self) -> Value {
        Value::String(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";

    fn parse(text: &str) -> Result<SubscriptionId, Invalid> {
        SubscriptionId::from_value(&Value::string(text))
    }

    #[test]
    fn guid_and_resource_id_in_any_case_are_equal() {
        for text in [GUID.to_uppercase(), format!("{PREFIX}{GUID}"), format!("/Subscriptions/{GUID}")] {
            assert_eq!(parse(&text), Ok(SubscriptionId::of(GUID)));
            assert_eq!(SubscriptionId::normal_form(&Value::String(text)), Value::string(GUID));
        }
    }

    #[test]
    fn rejects_other_values_with_a_reason() {
        let workspace = format!("{PREFIX}{GUID}/resourceGroups/rg");
        for (text, cause) in [
            (workspace.as_str(), "something in a subscription"),
            ("Contoso", "not a GUID"),
            (" 8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842", "spaces"),
            ("", "not a GUID"),
        ] {
            let invalid = parse(text).expect_err(text);
            assert!(format!("{invalid:?}").contains(cause), "{invalid:?}");
        }
    }
}
