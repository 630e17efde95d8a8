//! Typed access to the state of an object.

use super::private::Private;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::schema::{AttributePath, AttributeValue, NestedObject, RootAttribute, Schema, parse, values};
use crate::framework::value::Value;

/// The state of an object that exists, or that will exist after the operation. Its typed access never returns unknown
/// values.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The attributes. In create and update, they start as the planned state, in which computed values are unknown.
    /// Unknown values are read as null. The framework reports an error for a value that is still unknown at the end.
    object: Value,
    private: Private,
}

impl State {
    /// An empty state of this schema.
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

    /// Reads an attribute or block. An unset attribute has its default, or null.
    ///
    /// # Errors
    /// The value does not have the attribute's type, for example null if a value is required. The diagnostic is on the
    /// attribute.
    pub fn get<A: AttributePath>(&self, attribute: &A) -> Result<A::Value, Diagnostics> {
        let value = self.object.find(&attribute.path());
        let parsed = if value.is_wholly_known() {
            parse(attribute, value)
        } else {
            parse(attribute, &value.clone().unknown_as_null())
        };
        Ok(parsed?)
    }

    /// Sets an attribute or block.
    pub fn set<A: RootAttribute>(&mut self, attribute: &A, value: A::Value) {
        if let Value::Object(attributes) = &mut self.object {
            attributes.insert(attribute.name().to_owned(), value.into_value().composed());
        }
    }

    /// Sets all attributes of a nested object whose attributes the schema contains at the top level.
    pub fn set_all<T: NestedObject>(&mut self, object: T) {
        if let Value::Object(attributes) = &mut self.object {
            attributes.extend(values(object).into_iter().map(|(name, value)| (name, value.composed())));
        }
    }

    /// Returns the state with an attribute set.
    #[must_use]
    pub fn with<A: RootAttribute>(mut self, attribute: &A, value: A::Value) -> Self {
        self.set(attribute, value);
        self
    }

    /// Marks the object as incomplete.
    pub(in crate::framework) fn mark_incomplete(&mut self) {
        self.private.mark_incomplete();
    }

    /// The private state.
    #[must_use]
    pub const fn private(&self) -> &Private {
        &self.private
    }

    /// The private state, to change it.
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
    use crate::framework::nested_object;
    use crate::framework::schema::Attribute;

    const NAME: Attribute<String> = Attribute::required("name").description("x");
    const LABEL: Attribute<Option<String>> = Attribute::optional_computed("label").description("x");

    const HOME: Attribute<Option<Home>> = Attribute::optional("home").description("x");

    nested_object! {
        struct Home {
            street: String = Attribute::required("street").description("x"),
        }
    }

    fn planned() -> State {
        State::of(Value::object([("name", Value::Null), ("label", Value::Unknown)]), Private::default())
    }

    #[test]
    fn reads_an_unset_attribute_as_null() {
        assert_eq!(planned().get(&LABEL), Ok(None));
    }

    #[test]
    fn reads_a_single_nested_attribute() {
        let mut state = planned();
        state.object = Value::object([("home", Value::object([("street", "Main".into())]))]);

        assert_eq!(state.get(&HOME.child(&Home::street())).as_deref(), Ok("Main"));
    }

    #[test]
    fn sets_all_attributes_of_an_object_at_once() {
        let mut state = State::empty(&Schema::new("").attributes_of::<Home>());

        state.set_all(Home { street: "e\u{301}".to_owned() });

        assert_eq!(state.get(&Home::street()).as_deref(), Ok("\u{e9}"));
    }

    #[test]
    fn reports_a_missing_value_on_its_attribute() {
        let diagnostics = planned().get(&NAME).expect_err("null is no string");

        assert_eq!(diagnostics.iter().next().and_then(|diagnostic| diagnostic.path.clone()), Some(NAME.path()));
    }

    #[test]
    fn normalizes_text_to_nfc() {
        let state = planned().with(&NAME, "e\u{301}".to_owned());

        assert_eq!(state.get(&NAME).as_deref(), Ok("\u{e9}"));
    }
}
