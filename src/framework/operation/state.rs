//! The state of an object, as an author reads and changes it.

use super::private::Private;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::schema::{AttributeValue, Row, Schema};
use crate::framework::value::{Path, Value};

/// What is known of an object that exists, or will once an operation succeeds. Nothing in it is unknown to its reader.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// In create and update it starts as the plan, where what the provider will set is unknown. That is read as null,
    /// and an unknown that is left at the end is a fault that the framework reports.
    object: Value,
    private: Private,
}

impl State {
    /// A state of this schema that has nothing set.
    #[must_use]
    pub fn empty(schema: &Schema) -> Self {
        Self::of(schema.empty_object(), Private::default())
    }

    pub(in crate::framework) const fn of(object: Value, private: Private) -> Self {
        Self { object, private }
    }

    pub(in crate::framework) fn into_parts(self) -> (Value, Private) {
        (self.object, self.private)
    }

    /// Reads an attribute or block. What the provider has not set yet is null.
    ///
    /// # Errors
    /// The value is not one of the attribute's type, for example null where there must be one; the diagnostic is on the
    /// attribute.
    pub fn get<R: Row>(&self, row: &R) -> Result<R::Value, Diagnostics> {
        let value = self.object.attribute(row.name());
        let parsed = if value.is_wholly_known() {
            R::Value::from_value(value)
        } else {
            R::Value::from_value(&value.clone().unknown_as_null())
        };
        Ok(parsed.map_err(|invalid| invalid.within(Path::attribute(row.name())))?)
    }

    /// Sets an attribute or block.
    pub fn set<R: Row>(&mut self, row: &R, value: R::Value) {
        if let Value::Object(attributes) = &mut self.object {
            attributes.insert(row.name().to_owned(), value.into_value().composed());
        }
    }

    /// The same with an attribute set.
    #[must_use]
    pub fn with<R: Row>(mut self, row: &R, value: R::Value) -> Self {
        self.set(row, value);
        self
    }

    /// What the provider keeps beside the attributes.
    #[must_use]
    pub const fn private(&self) -> &Private {
        &self.private
    }

    /// What the provider keeps beside the attributes, to change it.
    pub const fn private_mut(&mut self) -> &mut Private {
        &mut self.private
    }

    /// The object as a value.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.object
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::schema::Attribute;

    const NAME: Attribute<String> = Attribute::required("name").description("x");
    const LABEL: Attribute<Option<String>> = Attribute::optional_computed("label").description("x");

    fn planned() -> State {
        State::of(Value::object([("name", Value::Null), ("label", Value::Unknown)]), Private::default())
    }

    #[test]
    fn what_is_not_set_yet_is_read_as_null() {
        assert_eq!(planned().get(&LABEL), Ok(None));
    }

    #[test]
    fn a_missing_value_is_an_error_on_its_attribute() {
        let diagnostics = planned().get(&NAME).expect_err("null is no string");

        assert_eq!(diagnostics.iter().next().and_then(|diagnostic| diagnostic.path.clone()), Some(NAME.path()));
    }

    #[test]
    fn text_is_kept_in_composed_form() {
        let state = planned().with(&NAME, "e\u{301}".to_owned());

        assert_eq!(state.get(&NAME).as_deref(), Ok("\u{e9}"));
    }
}
