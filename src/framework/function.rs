//! What a function is: a signature and a pure function of values.

use super::schema::AttributeValue;
use super::value::{Type, Value};

/// A function of the provider, called as `provider::sentinel::name(…)`. It needs no configured provider.
pub trait Function: Send + Sync + 'static {
    /// Name, parameters and result. Asked for once.
    fn signature(&self) -> Signature;

    /// Computes the result. Arguments are wholly known, of the parameters' types, and null only where that is allowed;
    /// those of a variadic parameter follow the others.
    ///
    /// # Errors
    /// Says what is wrong with the arguments, and with which.
    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError>;
}

/// Name, parameters and result of a function.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub summary: &'static str,
    /// What it does, in Markdown.
    pub description: &'static str,
    /// What it takes, in order.
    pub parameters: Vec<Parameter>,
    /// What it takes any number of, after the others.
    pub variadic: Option<Parameter>,
    /// What it gives.
    pub result: Type,
    /// What to use instead, if it is deprecated.
    pub deprecated: Option<&'static str>,
}

impl Signature {
    /// A function without parameters that gives a `T`.
    #[must_use]
    pub fn new<T: AttributeValue>(name: &'static str, summary: &'static str, description: &'static str) -> Self {
        let result = T::shape().value_type();
        Self { name, summary, description, parameters: Vec::new(), variadic: None, result, deprecated: None }
    }

    /// Adds a parameter. One of type `Option<T>` may be null.
    #[must_use]
    pub fn parameter<T: AttributeValue>(mut self, name: &'static str, description: &'static str) -> Self {
        self.parameters.push(Parameter::of::<T>(name, description));
        self
    }

    /// Adds a parameter of which any number may be given.
    #[must_use]
    pub fn variadic<T: AttributeValue>(mut self, name: &'static str, description: &'static str) -> Self {
        self.variadic = Some(Parameter::of::<T>(name, description));
        self
    }

    /// The parameter that an argument, counted from zero, is for.
    #[must_use]
    pub fn parameter_at(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }
}

/// A parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it means, in Markdown.
    pub description: &'static str,
    /// The type of arguments.
    pub value_type: Type,
    /// Whether null is an argument.
    pub allow_null: bool,
    pub(in crate::framework) parse: fn(&Value) -> Result<(), super::schema::Invalid>,
}

impl Parameter {
    fn of<T: AttributeValue>(name: &'static str, description: &'static str) -> Self {
        let value_type = T::shape().value_type();
        let allow_null = T::from_value(&Value::Null).is_ok();
        Self { name, description, value_type, allow_null, parse: |value| T::from_value(value).map(|_| ()) }
    }
}

/// Why a function has no result.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{text}")]
pub struct FunctionError {
    /// What is wrong.
    pub text: String,
    /// The argument it is about, counted from zero.
    pub argument: Option<i64>,
}

impl FunctionError {
    /// An error of the call as a whole.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None }
    }

    /// An error of one argument, counted from zero.
    pub fn argument(index: usize, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: i64::try_from(index).ok() }
    }
}
