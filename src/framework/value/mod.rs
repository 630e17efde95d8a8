//! Terraform's values and types. A value may be known, null or unknown.

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

/// A Terraform value. Null and unknown have no type: the schema determines it.
///
/// Numbers are compared by value, and sets without order.
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
    /// Creates a string value.
    pub fn string(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// Creates an object with these attributes.
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// Whether the value is null.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the whole value is unknown.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether the value contains no unknown value.
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

    /// The text, if the value is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The attributes, if the value is an object.
    #[must_use]
    pub const fn as_object(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Object(attributes) => Some(attributes),
            _ => None,
        }
    }

    /// An attribute of the object. Null if the value is not an object or has no such attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> &Self {
        self.as_object().and_then(|attributes| attributes.get(name)).unwrap_or(&Self::Null)
    }

    /// The value at a path. Null if the path does not exist, unknown if an enclosing value is unknown.
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

    /// The value at a path, or `None` if the path does not exist.
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

    /// Replaces unknown values with null.
    #[must_use]
    pub fn unknown_as_null(self) -> Self {
        self.map_leaves(&|leaf| if leaf.is_unknown() { Self::Null } else { leaf })
    }

    /// Converts all text to Unicode's composed form (NFC), in which Terraform stores and compares text.
    #[must_use]
    pub fn composed(self) -> Self {
        self.map_leaves(&|leaf| match leaf {
            Self::String(text) => Self::String(composed(text)),
            leaf => leaf,
        })
    }

    /// The kind of the value for a message, such as "a string". It does not contain the value, which may be secret.
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

/// Converts text to Unicode's composed form (NFC), as Terraform does. A service may return decomposed text, and the
/// same name would then seem to differ.
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
    fn finds_the_value_at_a_path() {
        let value = Value::object([("rules", Value::List(vec![Value::object([("name", "n".into())])]))]);

        assert_eq!(value.at(&Path::attribute("rules").index(0).child("name")), Some(&"n".into()));
        assert_eq!(value.at(&Path::attribute("rules").index(1)), None);
        assert_eq!(value.at(&Path::attribute("rules").key("0")), None);
    }
}
