//! Typed access to configurations and plans, which may contain unknown values.

use crate::framework::diagnostics::Diagnostics;
use crate::framework::schema::{AttributePath, AttributeValue, RootAttribute, Schema, parse};
use crate::framework::value::{Knowable, Value};

/// A configuration or a plan, in which every value may be unknown.
#[derive(Clone, Debug, PartialEq)]
pub struct Config(Value);

impl Config {
    /// An empty configuration of this schema, for tests. Use [`Config::with`] to set attributes.
    #[must_use]
    pub fn empty(schema: &Schema) -> Self {
        Self(schema.empty_object())
    }

    pub(in crate::framework) const fn of(object: Value) -> Self {
        Self(object)
    }

    /// Reads an attribute or block. An unset attribute has its default. The value is unknown if any part of it is
    /// unknown. Use [`AttributePath::child`] to read a known attribute of a partly known nested object.
    ///
    /// # Errors
    /// The value does not have the attribute's type. The diagnostic is on the attribute.
    pub fn get<A: AttributePath>(&self, attribute: &A) -> Result<Knowable<A::Value>, Diagnostics> {
        let value = self.0.find(&attribute.path());
        if !value.is_wholly_known() {
            return Ok(Knowable::Unknown);
        }
        Ok(Knowable::Known(parse(attribute, value)?))
    }

    /// Whether the configuration omits an attribute or sets it to null. Defaults do not count.
    pub fn is_null<A: AttributePath>(&self, attribute: &A) -> bool {
        self.0.find(&attribute.path()).is_null()
    }

    /// Returns the configuration with an attribute set.
    #[must_use]
    pub fn with<A: RootAttribute>(mut self, attribute: &A, value: A::Value) -> Self {
        self.put(attribute.name(), value.into_value().composed());
        self
    }

    /// Returns the configuration with an attribute that is unknown.
    #[must_use]
    pub fn with_unknown<A: RootAttribute>(mut self, attribute: &A) -> Self {
        self.put(attribute.name(), Value::Unknown);
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
    use crate::framework::nested_object;
    use crate::framework::schema::Attribute;

    const NAME: Attribute<String> = Attribute::required("name").description("x");
    const SIZES: Attribute<Option<Vec<i64>>> = Attribute::optional("sizes").description("x");
    const LIMIT: Attribute<i64> = Attribute::optional_with_default("limit", || 10).description("x");
    const CONTACT: Attribute<Option<Contact>> = Attribute::optional("contact").description("x");

    nested_object! {
        #[derive(Clone, Debug, PartialEq)]
        struct Contact {
            email: Option<String> = Attribute::optional("email").description("x"),
            retries: i64 = Attribute::optional_with_default("retries", || 3).description("x"),
        }
    }

    fn config() -> Config {
        Config::empty(&Schema::new("").attribute(&NAME).attribute(&SIZES).attribute(&LIMIT).attribute(&CONTACT))
    }

    #[test]
    fn reads_an_unknown_value_as_unknown() {
        assert_eq!(config().with_unknown(&NAME).get(&NAME), Ok(Knowable::Unknown));
        assert_eq!(config().get(&SIZES), Ok(Knowable::Known(None)));
    }

    #[test]
    fn reads_a_list_with_an_unknown_element_as_unknown() {
        let mut config = config();
        config.put("sizes", Value::List(vec![1.into(), Value::Unknown]));

        assert_eq!(config.get(&SIZES), Ok(Knowable::Unknown));
    }

    #[test]
    fn reads_the_default_of_an_unset_attribute() {
        assert_eq!(config().get(&LIMIT), Ok(Knowable::Known(10)));
        assert_eq!(config().with(&LIMIT, 5).get(&LIMIT), Ok(Knowable::Known(5)));
        assert_eq!(config().with_unknown(&LIMIT).get(&LIMIT), Ok(Knowable::Unknown));
        assert!(config().is_null(&LIMIT));
    }

    #[test]
    fn reads_a_known_attribute_of_a_partly_known_object() {
        let mut config = config();
        config.put("contact", Value::object([("email", "a@b".into()), ("retries", Value::Unknown)]));

        assert_eq!(config.get(&CONTACT), Ok(Knowable::Unknown));
        assert_eq!(config.get(&CONTACT.child(&Contact::email())), Ok(Knowable::Known(Some("a@b".to_owned()))));
        assert_eq!(config.get(&CONTACT.child(&Contact::retries())), Ok(Knowable::Unknown));
    }

    #[test]
    fn reads_nested_attributes_of_null_and_unknown_objects() {
        assert_eq!(config().get(&CONTACT.child(&Contact::email())), Ok(Knowable::Known(None)));
        assert_eq!(config().with_unknown(&CONTACT).get(&CONTACT.child(&Contact::email())), Ok(Knowable::Unknown));
    }

    #[test]
    fn reports_a_nested_value_of_the_wrong_type_on_its_path() {
        let mut config = config();
        config.put("contact", Value::object([("email", true.into()), ("retries", Value::Null)]));

        let diagnostics = config.get(&CONTACT.child(&Contact::email())).expect_err("a bool is no string");

        assert_eq!(diagnostics.to_string(), "contact.email: Wrong type of value: Expected a string, found a bool.");
    }

    #[test]
    fn reports_a_value_of_the_wrong_type_on_its_path() {
        let mut config = config();
        config.put("sizes", Value::List(vec![1.into(), "two".into()]));

        let diagnostics = config.get(&SIZES).expect_err("a string is no number");

        assert_eq!(diagnostics.to_string(), "sizes[1]: Wrong type of value: Expected a number, found a string.");
    }
}
