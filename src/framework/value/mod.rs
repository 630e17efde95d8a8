//! Terraform's values, which may be known, null or unknown, and their types.

mod knowable;
mod number;
mod order;
mod path;
mod types;

use std::collections::BTreeMap;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

pub use self::knowable::Knowable;
pub use self::number::{InvalidNumber, Number};
pub use self::path::{Path, PathStep};
pub use self::types::{Mismatch, Type};

/// A value as Terraform has it. Null and unknown carry no type; the schema has it.
///
/// Equality goes by meaning: numbers by value, sets without order.
#[derive(Clone, Debug)]
pub enum Value {
    /// Not set.
    Null,
    /// Known after apply.
    Unknown,
    /// `true` or `false`.
    Bool(bool),
    /// A decimal number.
    Number(Number),
    /// Text, in Unicode's composed form (NFC).
    String(String),
    /// Elements in order.
    List(Vec<Self>),
    /// Elements without order.
    Set(Vec<Self>),
    /// Elements by key.
    Map(BTreeMap<String, Self>),
    /// Attributes by name.
    Object(BTreeMap<String, Self>),
    /// Elements in order, each of its own type.
    Tuple(Vec<Self>),
    /// A value with its type, for attributes of dynamic type.
    Dynamic(Box<(Type, Self)>),
}

impl Value {
    /// Text as a value.
    pub fn string(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// An object of these attributes.
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// Whether it is null.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is unknown as a whole.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether nothing in it is unknown.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
            Self::List(values) | Self::Set(values) | Self::Tuple(values) => values.iter().all(Self::is_wholly_known),
            Self::Map(values) | Self::Object(values) => values.values().all(Self::is_wholly_known),
            Self::Dynamic(dynamic) => dynamic.1.is_wholly_known(),
        }
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The attributes, if it is an object.
    #[must_use]
    pub const fn as_object(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Object(attributes) => Some(attributes),
            _ => None,
        }
    }

    /// The attribute of this object; null where this is none, or has no such attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> &Self {
        self.as_object().and_then(|attributes| attributes.get(name)).unwrap_or(&Self::Null)
    }

    /// What is at a path: null if nothing is there, unknown if something on the way is.
    #[must_use]
    pub fn find(&self, path: &Path) -> &Self {
        let mut value = self;
        for step in path.steps() {
            value = match (step, value) {
                (_, Self::Unknown) => return value,
                (PathStep::Attribute(name), Self::Object(attributes)) => attributes.get(name).unwrap_or(&Self::Null),
                (PathStep::Key(key), Self::Map(elements)) => elements.get(key).unwrap_or(&Self::Null),
                (PathStep::Index(index), Self::List(elements) | Self::Tuple(elements)) => {
                    usize::try_from(*index).ok().and_then(|index| elements.get(index)).unwrap_or(&Self::Null)
                }
                _ => &Self::Null,
            };
        }
        value
    }

    /// What is at a path, if it exists.
    #[must_use]
    pub fn at(&self, path: &Path) -> Option<&Self> {
        path.steps().iter().try_fold(self, |value, step| match (step, value) {
            (PathStep::Attribute(name), Self::Object(attributes)) => attributes.get(name),
            (PathStep::Key(key), Self::Map(elements)) => elements.get(key),
            (PathStep::Index(index), Self::List(elements) | Self::Tuple(elements)) => {
                usize::try_from(*index).ok().and_then(|index| elements.get(index))
            }
            _ => None,
        })
    }

    /// The value with null in place of everything unknown.
    #[must_use]
    pub fn unknown_as_null(self) -> Self {
        self.map_leaves(&|leaf| if leaf.is_unknown() { Self::Null } else { leaf })
    }

    /// The value with all text in Unicode's composed form (NFC), the form in which Terraform keeps and compares text.
    #[must_use]
    pub fn composed(self) -> Self {
        self.map_leaves(&|leaf| match leaf {
            Self::String(text) => Self::String(composed(text)),
            leaf => leaf,
        })
    }

    /// What kind of value it is, for a message: "a string". Never the value itself, which may be a secret.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown => "an unknown value",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Object(_) => "an object",
            Self::Tuple(_) => "a tuple",
            Self::Dynamic(_) => "a value of dynamic type",
        }
    }

    fn map_leaves(self, function: &impl Fn(Self) -> Self) -> Self {
        let all = |values: Vec<Self>| values.into_iter().map(|value| value.map_leaves(function)).collect();
        match self {
            Self::List(values) => Self::List(all(values)),
            Self::Set(values) => Self::Set(all(values)),
            Self::Tuple(values) => Self::Tuple(all(values)),
            Self::Map(values) => {
                Self::Map(values.into_iter().map(|(key, value)| (composed(key), value.map_leaves(function))).collect())
            }
            Self::Object(values) => {
                Self::Object(values.into_iter().map(|(name, value)| (name, value.map_leaves(function))).collect())
            }
            Self::Dynamic(dynamic) => Self::Dynamic(Box::new((dynamic.0, dynamic.1.map_leaves(function)))),
            leaf => function(leaf),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

/// Text in Unicode's composed form (NFC). The CLI composes every string. A service may return decomposed text, and
/// the same name would then look different.
pub fn composed(text: impl Into<String>) -> String {
    let text = text.into();
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text,
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_unknown_values_at_any_depth() {
        let inner = Value::object([("b", Value::Unknown)]);

        assert!(!Value::object([("a", Value::List(vec![Value::Null, inner.clone()]))]).is_wholly_known());
        assert!(inner.unknown_as_null().is_wholly_known());
    }

    #[test]
    fn normalizes_text_to_nfc_at_any_depth() {
        let decomposed = Value::Map(BTreeMap::from([("e\u{301}".to_owned(), Value::List(vec!["e\u{301}".into()]))]));

        let composed = Value::Map(BTreeMap::from([("\u{e9}".to_owned(), Value::List(vec!["\u{e9}".into()]))]));
        assert_eq!(decomposed.composed(), composed);
    }

    #[test]
    fn path_selects_a_value_or_none() {
        let value = Value::object([("rules", Value::List(vec![Value::object([("name", "n".into())])]))]);

        assert_eq!(value.at(&Path::attribute("rules").index(0).child("name")), Some(&"n".into()));
        assert_eq!(value.at(&Path::attribute("rules").index(1)), None);
        assert_eq!(value.at(&Path::attribute("rules").key("0")), None);
    }
}
