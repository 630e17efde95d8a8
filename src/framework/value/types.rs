//! Terraform's types, and the check that a value conforms to a type.

use std::collections::BTreeMap;
use std::fmt;

use super::{Path, Value};

/// A Terraform type.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A decimal number of any size.
    Number,
    /// Text in Unicode.
    String,
    /// Any type. The value determines it.
    Dynamic,
    /// Elements in order.
    List(Box<Self>),
    /// Elements without order or duplicates.
    Set(Box<Self>),
    /// Elements by key.
    Map(Box<Self>),
    /// Named attributes, each of its own type.
    Object(BTreeMap<String, Self>),
    /// Elements in order, each of its own type.
    Tuple(Vec<Self>),
}

impl Type {
    /// Creates a list type.
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// Creates a set type.
    #[must_use]
    pub fn set(element: Self) -> Self {
        Self::Set(Box::new(element))
    }

    /// Creates a map type.
    #[must_use]
    pub fn map(element: Self) -> Self {
        Self::Map(Box::new(element))
    }

    /// Creates an object type.
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, ty)| (name.into(), ty)).collect())
    }
}

/// Formats the type in Terraform's syntax: `list(string)`, `object({ kind = string })`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::Dynamic => f.write_str("any"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Set(element) => write!(f, "set({element})"),
            Self::Map(element) => write!(f, "map({element})"),
            Self::Object(attributes) => {
                f.write_str("object({")?;
                for (position, (name, ty)) in attributes.iter().enumerate() {
                    write!(f, "{} {name} = {ty}", if position == 0 { "" } else { "," })?;
                }
                f.write_str(" })")
            }
            Self::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (position, ty) in elements.iter().enumerate() {
                    write!(f, "{}{ty}", if position == 0 { "" } else { ", " })?;
                }
                f.write_str("])")
            }
        }
    }
}

/// The error for a value that does not conform to a type.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct Mismatch {
    /// The path inside the checked value.
    pub path: Path,
    /// The expected type.
    pub expected: String,
    /// The kind of the value that was found. The value itself may be secret.
    pub found: &'static str,
}

impl Value {
    /// Checks that the value conforms to a type. Null and unknown conform to every type.
    ///
    /// # Errors
    /// The first value inside this one that does not conform.
    pub fn conforms(&self, ty: &Type) -> Result<(), Mismatch> {
        conforms(self, ty, &Path::root())
    }
}

fn conforms(value: &Value, ty: &Type, path: &Path) -> Result<(), Mismatch> {
    match (ty, value) {
        (_, Value::Null | Value::Unknown)
        | (Type::Bool, Value::Bool(_))
        | (Type::Number, Value::Number(_))
        | (Type::String, Value::String(_)) => Ok(()),
        (Type::List(element), Value::List(values)) => {
            each(values.iter().enumerate().map(|(index, value)| (value, element.as_ref(), path.clone().index(index))))
        }
        (Type::Set(element), Value::Set(values)) => {
            each(values.iter().map(|value| (value, element.as_ref(), path.clone())))
        }
        (Type::Map(element), Value::Map(values)) => {
            each(values.iter().map(|(key, value)| (value, element.as_ref(), path.clone().key(key))))
        }
        (Type::Tuple(types), Value::Tuple(values)) if types.len() == values.len() => {
            let elements = values.iter().zip(types).enumerate();
            each(elements.map(|(index, (value, ty))| (value, ty, path.clone().index(index))))
        }
        (Type::Object(types), Value::Object(values)) => {
            if let Some(name) = values.keys().find(|name| !types.contains_key(*name)) {
                let expected = "no such attribute".to_owned();
                return Err(Mismatch { path: path.clone().child(name), expected, found: "one" });
            }
            each(
                types.iter().map(|(name, ty)| (values.get(name).unwrap_or(&Value::Null), ty, path.clone().child(name))),
            )
        }
        (Type::Dynamic, Value::Dynamic(dynamic)) => conforms(&dynamic.1, &dynamic.0, path),
        (ty, value) => Err(Mismatch { path: path.clone(), expected: ty.to_string(), found: value.kind() }),
    }
}

fn each<'a>(mut parts: impl Iterator<Item = (&'a Value, &'a Type, Path)>) -> Result<(), Mismatch> {
    parts.try_for_each(|(value, ty, path)| conforms(value, ty, &path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_unknown_match_every_type() {
        for ty in [Type::Bool, Type::list(Type::String), Type::object([("a", Type::Number)]), Type::Dynamic] {
            assert_eq!(Value::Null.conforms(&ty), Ok(()));
            assert_eq!(Value::Unknown.conforms(&ty), Ok(()));
        }
    }

    #[test]
    fn mismatch_names_its_path() {
        let ty = Type::object([("rules", Type::list(Type::object([("name", Type::String)])))]);
        let rule = Value::object([("name", Value::Bool(true))]);
        let value = Value::object([("rules", Value::List(vec![Value::Null, rule]))]);

        let mismatch = value.conforms(&ty).expect_err("a bool is no string");

        assert_eq!(mismatch.path.to_string(), "rules[1].name");
        assert_eq!(mismatch.to_string(), "expected string, found a bool");
    }

    #[test]
    fn rejects_an_attribute_outside_the_type() {
        let mismatch = Value::object([("a", Value::Null)]).conforms(&Type::object::<&str>([])).expect_err("no `a`");

        assert_eq!(mismatch.path, Path::attribute("a"));
    }

    #[test]
    fn dynamic_value_has_its_concrete_type() {
        let value = Value::Dynamic(Box::new((Type::Bool, Value::String("x".to_owned()))));

        assert!(value.conforms(&Type::Dynamic).is_err());
    }

    #[test]
    fn displays_types_in_hcl_syntax() {
        let ty = Type::map(Type::object([("a", Type::set(Type::Number)), ("b", Type::Tuple(vec![Type::Dynamic]))]));

        assert_eq!(ty.to_string(), "map(object({ a = set(number), b = tuple([any]) }))");
    }
}
