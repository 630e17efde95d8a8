//! The values of the attribute `repair`.

use crate::framework::{AttributeValue, Invalid, Shape, Type, Value};

/// What to do if a refresh finds missing content. An installation that this provider has not finished is always
/// finished.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Repair {
    /// Reinstall the solution.
    #[default]
    Always,
    /// Change nothing, and warn.
    Warn,
    /// Change nothing, and do not warn.
    Never,
}

impl Repair {
    const ALL: [Self; 3] = [Self::Always, Self::Warn, Self::Never];
    const NAMES: [&'static str; 3] = ["always", "warn", "never"];

    /// The name in a configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl AttributeValue for Repair {
    fn shape() -> Shape {
        Shape::Type(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let text = String::from_value(value)?;
        let found = Self::ALL.into_iter().find(|repair| repair.name() == text);
        found.ok_or_else(|| {
            Invalid::new("Invalid value", format!("Must be \"always\", \"warn\" or \"never\", found {text:?}."))
        })
    }

    fn into_value(self) -> Value {
        Value::String(self.name().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_every_value() {
        for repair in Repair::ALL {
            assert_eq!(Repair::from_value(&repair.into_value()).ok(), Some(repair));
        }
        assert!(Repair::from_value(&"Always".into()).is_err());
    }
}
