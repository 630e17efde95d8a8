//! A configuration or a plan, as an author reads it.

use crate::framework::diagnostics::Diagnostics;
use crate::framework::schema::{AttributeValue, Row, Schema};
use crate::framework::value::{Knowable, Path, Value};

/// A configuration or a plan: every value in it may be unknown.
#[derive(Clone, Debug, PartialEq)]
pub struct Config(Value);

impl Config {
    /// A configuration of this schema that sets nothing. With [`Config::with`] it serves tests of an author's rules.
    #[must_use]
    pub fn empty(schema: &Schema) -> Self {
        Self(schema.empty_object())
    }

    pub(in crate::framework) const fn of(object: Value) -> Self {
        Self(object)
    }

    /// Reads an attribute or block. It is unknown if anything in it is.
    ///
    /// # Errors
    /// The value is not one of the attribute's type; the diagnostic is on the attribute.
    pub fn get<R: Row>(&self, row: &R) -> Result<Knowable<R::Value>, Diagnostics> {
        let value = self.0.attribute(row.name());
        if !value.is_wholly_known() {
            return Ok(Knowable::Unknown);
        }
        let parsed = R::Value::from_value(value).map_err(|invalid| invalid.within(Path::attribute(row.name())))?;
        Ok(Knowable::Known(parsed))
    }

    /// Whether an attribute is null: not set, and known not to be.
    pub fn is_null<R: Row>(&self, row: &R) -> bool {
        self.0.attribute(row.name()).is_null()
    }

    /// The same with an attribute set.
    #[must_use]
    pub fn with<R: Row>(mut self, row: &R, value: R::Value) -> Self {
        self.put(row.name(), value.into_value().composed());
        self
    }

    /// The same with an attribute unknown.
    #[must_use]
    pub fn with_unknown<R: Row>(mut self, row: &R) -> Self {
        self.put(row.name(), Value::Unknown);
        self
    }

    /// The object as a value.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.0
    }

    pub(super) fn put(&mut self, name: &str, value: Value) {
        if let Value::Object(attributes) = &mut self.0 {
            attributes.insert(name.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::schema::Attribute;

    const NAME: Attribute<String> = Attribute::required("name").description("x");
    const SIZES: Attribute<Option<Vec<i64>>> = Attribute::optional("sizes").description("x");

    fn draft() -> Config {
        Config::empty(&Schema::new("").attribute(&NAME).attribute(&SIZES))
    }

    #[test]
    fn unknown_is_neither_null_nor_an_error() {
        assert_eq!(draft().with_unknown(&NAME).get(&NAME), Ok(Knowable::Unknown));
        assert_eq!(draft().get(&SIZES), Ok(Knowable::Known(None)));
    }

    #[test]
    fn a_list_with_an_unknown_element_is_unknown() {
        let mut draft = draft();
        draft.put("sizes", Value::List(vec![1.into(), Value::Unknown]));

        assert_eq!(draft.get(&SIZES), Ok(Knowable::Unknown));
    }

    #[test]
    fn a_value_of_another_type_is_an_error_on_its_place() {
        let mut draft = draft();
        draft.put("sizes", Value::List(vec![1.into(), "two".into()]));

        let diagnostics = draft.get(&SIZES).expect_err("a string is no number");

        assert_eq!(diagnostics.to_string(), "sizes[1]: Wrong type of value: Expected a number, found a string.");
    }
}
