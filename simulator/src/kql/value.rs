//! Values and their types.

use std::cmp::Ordering;

use serde_json::{Value as Json, json};
use time::{Duration, OffsetDateTime};

use super::literal;

/// A type of columns and expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    Int,
    Long,
    Real,
    String,
    Guid,
    DateTime,
    TimeSpan,
    Dynamic,
}

/// A value. A GUID is a string in lower case. A string is never null; an absent string is empty.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Long(i64),
    Real(f64),
    String(String),
    DateTime(OffsetDateTime),
    TimeSpan(Duration),
    Dynamic(Json),
}

impl Type {
    /// The name in a response.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Long => "long",
            Self::Real => "real",
            Self::String => "string",
            Self::Guid => "guid",
            Self::DateTime => "datetime",
            Self::TimeSpan => "timespan",
            Self::Dynamic => "dynamic",
        }
    }

    /// The type with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [
            Self::Bool,
            Self::Int,
            Self::Long,
            Self::Real,
            Self::String,
            Self::Guid,
            Self::DateTime,
            Self::TimeSpan,
            Self::Dynamic,
        ];
        all.into_iter().find(|kind| kind.name() == name)
    }

    pub(crate) const fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Long | Self::Real)
    }

    /// The value of an absent cell.
    pub(crate) const fn absent(self) -> Value {
        match self {
            Self::String => Value::String(String::new()),
            _ => Value::Null,
        }
    }

    /// Reads the JSON of a stored cell.
    pub(crate) fn read(self, cell: &Json) -> Value {
        let read = match self {
            Self::Bool => cell.as_bool().map(Value::Bool),
            Self::Int | Self::Long => cell.as_i64().map(Value::Long),
            Self::Real => cell.as_f64().map(Value::Real),
            Self::String | Self::Guid => cell.as_str().map(|text| Value::String(text.to_owned())),
            Self::DateTime => cell.as_str().and_then(literal::date_time).map(Value::DateTime),
            Self::TimeSpan => cell.as_str().and_then(literal::timespan).map(Value::TimeSpan),
            Self::Dynamic => (!cell.is_null()).then(|| Value::Dynamic(cell.clone())),
        };
        read.unwrap_or_else(|| self.absent())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl Value {
    /// The cell in a response. Dynamic values are JSON text there.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => json!(value),
            Self::Long(value) => json!(value),
            // JSON has no such numbers.
            Self::Real(value) if !value.is_finite() => json!(self.to_text()),
            Self::Real(value) => json!(value),
            Self::String(value) => json!(value),
            Self::DateTime(value) => json!(literal::write_date_time(*value)),
            Self::TimeSpan(_) => json!(self.to_text()),
            Self::Dynamic(Json::String(text)) => json!(text),
            Self::Dynamic(value) => json!(value.to_string()),
        }
    }

    /// The value as an element of a dynamic array.
    pub(crate) fn as_dynamic(&self) -> Json {
        if let Self::Dynamic(json) = self { json.clone() } else { self.to_json() }
    }

    /// The result of `tostring`.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
            Self::Long(value) => value.to_string(),
            Self::Real(value) if value.is_infinite() => if *value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
            Self::Real(value) => value.to_string(),
            Self::String(value) => value.clone(),
            Self::DateTime(value) => literal::write_full_date_time(*value),
            Self::TimeSpan(value) => literal::write_timespan(*value),
            Self::Dynamic(Json::String(text)) => text.clone(),
            Self::Dynamic(Json::Null) => String::new(),
            Self::Dynamic(value) => value.to_string(),
        }
    }

    /// The scalar in a dynamic value. Other values are returned unchanged.
    pub(crate) fn plain(&self) -> Self {
        let Self::Dynamic(json) = self else { return self.clone() };
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => {
                number.as_i64().map(Self::Long).or_else(|| number.as_f64().map(Self::Real)).unwrap_or(Self::Null)
            }
            Json::String(text) => Self::String(text.clone()),
            Json::Array(_) | Json::Object(_) => self.clone(),
        }
    }

    /// The result of `isempty`.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self.plain(), Self::Null) || matches!(self.plain(), Self::String(text) if text.is_empty())
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "a comparison with a real number")]
            Self::Long(value) => Some(*value as f64),
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    /// The order of two values of one type; none if they cannot be compared, as with nulls.
    pub(crate) fn order(&self, other: &Self) -> Option<Ordering> {
        match (&self.plain(), &other.plain()) {
            (Self::Bool(left), Self::Bool(right)) => Some(left.cmp(right)),
            (Self::Long(left), Self::Long(right)) => Some(left.cmp(right)),
            (Self::String(left), Self::String(right)) => Some(left.cmp(right)),
            (Self::DateTime(left), Self::DateTime(right)) => Some(left.cmp(right)),
            (Self::TimeSpan(left), Self::TimeSpan(right)) => Some(left.cmp(right)),
            (left, right) => left.number()?.partial_cmp(&right.number()?),
        }
    }
}
