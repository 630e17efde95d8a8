//! Nested objects: attributes and blocks that have attributes of their own.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::attribute::Attribute;
use super::attribute_value::{AttributeValue, parse_or_default};
use super::invalid::Invalid;
use super::spec::{AttributeSpec, Nested, Nesting, Shape};
use crate::framework::value::{Path, Value};

/// A struct that is an object in Terraform, declared with [`nested_object!`](crate::framework::nested_object). It is an
/// [`AttributeValue`], and so are its collections: an `Attribute<Vec<Self>>` is a list of such objects.
pub trait NestedObject: Sized {
    /// The attributes, in the order of the documentation.
    fn attributes() -> Vec<AttributeSpec>;

    /// Converts from the attributes of an object.
    ///
    /// # Errors
    /// The attribute that is invalid, and why.
    fn parse(object: &Object<'_>) -> Result<Self, Invalid>;

    /// Sets all attributes of an object.
    fn write(self, object: &mut Object<'_>);
}

/// A single nested object, which may be null. [`AttributePath::child`](super::AttributePath::child) requires it.
pub trait SingleObject {}

impl<T: NestedObject> SingleObject for T {}
impl<T: NestedObject> SingleObject for Option<T> {}

/// The attributes of a nested object.
#[derive(Clone, Debug)]
pub struct Object<'a>(Cow<'a, BTreeMap<String, Value>>);

impl Object<'_> {
    /// Reads an attribute. An unset attribute has its default.
    ///
    /// # Errors
    /// The value does not have the attribute's type.
    pub fn get<T: AttributeValue>(&self, attribute: &Attribute<T>) -> Result<T, Invalid> {
        let value = self.0.get(attribute.name()).unwrap_or(&Value::Null);
        parse_or_default(value, attribute.default_value(), attribute.path())
    }

    /// Sets an attribute.
    pub fn set<T: AttributeValue>(&mut self, attribute: &Attribute<T>, value: T) {
        self.0.to_mut().insert(attribute.name().to_owned(), value.into_value());
    }
}

/// The values of a nested object by attribute name.
pub(in crate::framework) fn values<T: NestedObject>(object: T) -> BTreeMap<String, Value> {
    let mut attributes = Object(Cow::Owned(BTreeMap::new()));
    object.write(&mut attributes);
    attributes.0.into_owned()
}

impl<T: NestedObject> AttributeValue for T {
    fn shape() -> Shape {
        Shape::Nested(Nested { nesting: Nesting::Single, attributes: T::attributes() })
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        match value {
            Value::Object(attributes) => Self::parse(&Object(Cow::Borrowed(attributes))),
            value => Err(Invalid::kind("an object", value)),
        }
    }

    fn into_value(self) -> Value {
        Value::Object(values(self))
    }
}

impl Invalid {
    /// Prefixes the path with an attribute of the nested object.
    #[must_use]
    pub fn at<T: AttributeValue>(self, attribute: &Attribute<T>) -> Self {
        self.within(Path::attribute(attribute.name()))
    }
}

/// Declares a nested object. Each line declares a field of the struct together with the field's attribute, and the
/// macro implements the conversions.
///
/// ```
/// use terraform_provider_sentinel::framework::*;
///
/// nested_object! {
///     /// Who is notified.
///     #[derive(Clone, Debug, PartialEq)]
///     pub struct Contact {
///         /// The mail address.
///         pub email: String = Attribute::required("email").description("Mail address."),
///         /// The number of attempts.
///         pub attempts: i64 = Attribute::optional_with_default("attempts", || 3).description("Number of attempts."),
///     }
///     check = Self::check;
/// }
///
/// impl Contact {
///     fn check(&self) -> Result<(), Invalid> {
///         let problem = || Invalid::new("Invalid number of attempts", "Expected at least 1.").at(&Self::attempts());
///         if self.attempts < 1 { Err(problem()) } else { Ok(()) }
///     }
/// }
///
/// const CONTACT: Attribute<Option<Contact>> = Attribute::optional("contact").description("Who is notified.");
///
/// let schema = Schema::new("A note.").attribute(&CONTACT);
/// assert!(schema.problems(SchemaKind::Resource).is_empty());
/// assert_eq!(CONTACT.child(&Contact::email()).path().to_string(), "contact.email");
/// ```
///
/// For each field, the macro generates an associated function that returns the attribute, here `Contact::email()`. The
/// optional `check` validates the whole object. A last line `..name: Type,` adds all attributes of another nested
/// object. `impl Contact` instead of `struct Contact` uses an existing struct.
#[macro_export]
macro_rules! nested_object {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $( $(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty = $attribute:expr, )*
            $( ..$part_vis:vis $part:ident: $part_type:ty, )?
        }
        $( check = $check:expr; )?
    ) => {
        $(#[$meta])*
        $vis struct $name {
            $( $(#[$field_meta])* $field_vis $field: $type, )*
            $( $part_vis $part: $part_type, )?
        }

        $crate::nested_object! {
            impl $name {
                $( $field_vis $field: $type = $attribute, )*
                $( ..$part: $part_type, )?
            }
            $( check = $check; )?
        }
    };
    (
        impl $name:ident {
            $( $field_vis:vis $field:ident: $type:ty = $attribute:expr, )*
            $( ..$part:ident: $part_type:ty, )?
        }
        $( check = $check:expr; )?
    ) => {
        impl $name {
            $(
                #[doc = concat!("The attribute of the field `", stringify!($field), "`.")]
                #[must_use]
                $field_vis const fn $field() -> $crate::framework::Attribute<$type> {
                    const ATTRIBUTE: $crate::framework::Attribute<$type> = $attribute;
                    ATTRIBUTE
                }
            )*
        }

        impl $crate::framework::NestedObject for $name {
            fn attributes() -> Vec<$crate::framework::AttributeSpec> {
                #[allow(unused_mut, reason = "most objects flatten no other object")]
                let mut attributes = vec![$( $crate::framework::AnyAttribute::spec(&Self::$field()) ),*];
                $( attributes.extend(<$part_type as $crate::framework::NestedObject>::attributes()); )?
                attributes
            }

            fn parse(object: &$crate::framework::Object<'_>) -> Result<Self, $crate::framework::Invalid> {
                let parsed = Self {
                    $( $field: object.get(&Self::$field())?, )*
                    $( $part: <$part_type as $crate::framework::NestedObject>::parse(object)?, )?
                };
                $( let check: fn(&Self) -> Result<(), $crate::framework::Invalid> = $check; check(&parsed)?; )?
                Ok(parsed)
            }

            fn write(self, object: &mut $crate::framework::Object<'_>) {
                $( object.set(&Self::$field(), self.$field); )*
                $( $crate::framework::NestedObject::write(self.$part, object); )?
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    nested_object! {
        #[derive(Clone, Debug, PartialEq)]
        struct Size {
            width: i64 = Attribute::required("width").description("x"),
            height: Option<i64> = Attribute::optional("height").description("x"),
        }
    }

    nested_object! {
        #[derive(Clone, Debug, PartialEq)]
        struct Window {
            color: String = Attribute::optional_with_default("color", || "gray".to_owned()).description("x"),
            ..size: Size,
        }
        check = |window| if window.size.width > 0 { Ok(()) } else { Err(Invalid::new("Too small", "").at(&Size::width())) };
    }

    fn object(width: i64) -> Value {
        Value::object([("width", width.into()), ("height", Value::Null), ("color", Value::Null)])
    }

    #[test]
    fn reads_defaults_and_flattened_attributes() {
        let window = Window::from_value(&object(2));

        assert_eq!(window, Ok(Window { color: "gray".to_owned(), size: Size { width: 2, height: None } }));
    }

    #[test]
    fn writes_an_object_with_every_schema_attribute() {
        let value = Window { color: "red".to_owned(), size: Size { width: 2, height: None } }.into_value();

        assert_eq!(value.conforms(&Window::shape().value_type()), Ok(()));
        assert_eq!(value.attribute("height"), &Value::Null);
        assert_eq!(value.as_object().map(BTreeMap::len), Some(3));
    }

    #[test]
    fn validation_error_of_an_object_names_the_attribute() {
        assert_eq!(Window::from_value(&object(0)).expect_err("too small").path, Path::attribute("width"));
    }
}
