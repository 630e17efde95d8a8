//! The trait of provider functions: a definition, and a pure function of typed arguments.

use std::fmt;
use std::marker::PhantomData;

use super::schema::{AttributeValue, Invalid};
use super::value::{Type, Value};

/// A function of the provider, called as `provider::sentinel::name(…)`. It needs no configured provider.
///
/// ```
/// use terraform_provider_sentinel::framework::*;
///
/// const SEPARATOR: Parameter<String> = Parameter::new("separator").description("Between the texts.");
/// const TEXTS: Parameter<String> = Parameter::new("texts").description("The texts.");
///
/// struct Join;
///
/// impl Function for Join {
///     type Output = String;
///
///     fn definition(&self) -> FunctionDefinition {
///         FunctionDefinition::new("join", "Joins texts", "Joins texts.").parameter(&SEPARATOR).variadic(&TEXTS)
///     }
///
///     fn call(&self, arguments: &Arguments<'_>) -> Result<String, FunctionError> {
///         Ok(arguments.rest(&TEXTS)?.join(&arguments.get(&SEPARATOR)?))
///     }
/// }
/// ```
pub trait Function: Send + Sync + 'static {
    /// The type of the result.
    type Output: AttributeValue;

    /// The name and parameters. Called once.
    fn definition(&self) -> FunctionDefinition;

    /// Computes the result. The arguments are wholly known and have their parameters' types.
    ///
    /// # Errors
    /// What is wrong, and the argument that it concerns.
    fn call(&self, arguments: &Arguments<'_>) -> Result<Self::Output, FunctionError>;
}

/// A parameter of a function. Declare it as a constant, so that its name appears only once. A parameter of type
/// `Option<T>` accepts null.
pub struct Parameter<T> {
    name: &'static str,
    description: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T: AttributeValue> Parameter<T> {
    /// A parameter with this name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, description: "", value: PhantomData }
    }

    /// Sets the description, in Markdown.
    #[must_use]
    pub const fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }

    fn spec(&self) -> ParameterSpec {
        ParameterSpec {
            name: self.name,
            description: self.description,
            value_type: T::shape().value_type(),
            allow_null: T::from_value(&Value::Null).is_ok(),
            parse: |value| T::from_value(value).map(|_| ()),
        }
    }
}

impl<T> fmt::Debug for Parameter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parameter").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The name, documentation and parameters of a function.
#[derive(Clone, Debug)]
pub struct FunctionDefinition {
    /// The name.
    pub name: &'static str,
    /// The summary, in a few words.
    pub summary: &'static str,
    /// The description, in Markdown.
    pub description: &'static str,
    /// The parameters, in order.
    pub parameters: Vec<ParameterSpec>,
    /// The parameter for any number of arguments after the others.
    pub variadic: Option<ParameterSpec>,
    /// The deprecation message, which names the alternative.
    pub deprecated: Option<&'static str>,
}

impl FunctionDefinition {
    /// A function without parameters.
    #[must_use]
    pub const fn new(name: &'static str, summary: &'static str, description: &'static str) -> Self {
        Self { name, summary, description, parameters: Vec::new(), variadic: None, deprecated: None }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn parameter<T: AttributeValue>(mut self, parameter: &Parameter<T>) -> Self {
        self.parameters.push(parameter.spec());
        self
    }

    /// Sets the variadic parameter.
    #[must_use]
    pub fn variadic<T: AttributeValue>(mut self, parameter: &Parameter<T>) -> Self {
        self.variadic = Some(parameter.spec());
        self
    }

    /// The parameter for the argument at an index, which starts at zero.
    #[must_use]
    pub fn parameter_at(&self, index: usize) -> Option<&ParameterSpec> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }
}

/// A [`Parameter`] as data.
#[derive(Clone, Debug)]
pub struct ParameterSpec {
    /// The name.
    pub name: &'static str,
    /// The description, in Markdown.
    pub description: &'static str,
    /// The type of the arguments.
    pub value_type: Type,
    /// Whether the parameter accepts null.
    pub allow_null: bool,
    pub(in crate::framework) parse: fn(&Value) -> Result<(), Invalid>,
}

/// The arguments of a call.
#[derive(Debug)]
pub struct Arguments<'a> {
    definition: &'a FunctionDefinition,
    values: Vec<Value>,
}

impl<'a> Arguments<'a> {
    pub(in crate::framework) const fn new(definition: &'a FunctionDefinition, values: Vec<Value>) -> Self {
        Self { definition, values }
    }

    /// The argument of a parameter.
    ///
    /// # Errors
    /// The function has no such parameter: a bug in the provider.
    pub fn get<T: AttributeValue>(&self, parameter: &Parameter<T>) -> Result<T, FunctionError> {
        let position = self.definition.parameters.iter().position(|other| other.name == parameter.name);
        let argument = position.and_then(|index| Some((index, self.values.get(index)?)));
        let (index, value) = argument.ok_or_else(|| FunctionError::no_such_parameter(parameter.name))?;
        T::from_value(value).map_err(|invalid| FunctionError::argument(index, invalid.detail))
    }

    /// The arguments of the variadic parameter.
    ///
    /// # Errors
    /// The function has no such variadic parameter: a bug in the provider.
    pub fn rest<T: AttributeValue>(&self, parameter: &Parameter<T>) -> Result<Vec<T>, FunctionError> {
        if self.definition.variadic.as_ref().is_none_or(|variadic| variadic.name != parameter.name) {
            return Err(FunctionError::no_such_parameter(parameter.name));
        }
        let values = self.values.iter().enumerate().skip(self.definition.parameters.len());
        let parsed = values.map(|(index, value)| {
            T::from_value(value).map_err(|invalid| FunctionError::argument(index, invalid.detail))
        });
        parsed.collect()
    }
}

/// The error of a function call.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{text}")]
pub struct FunctionError {
    /// What is wrong.
    pub text: String,
    /// The index of the invalid argument, which starts at zero.
    pub argument: Option<i64>,
}

impl FunctionError {
    /// Creates an error that concerns the whole call.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None }
    }

    /// Creates an error that concerns the argument at an index, which starts at zero.
    pub fn argument(index: usize, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: i64::try_from(index).ok() }
    }

    fn no_such_parameter(name: &str) -> Self {
        Self::new(format!("The function has no parameter \"{name}\". This is a bug in the provider; please report it."))
    }
}
