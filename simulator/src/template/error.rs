//! What is wrong with a template: a problem while evaluating, and the error that Azure makes of it.

/// A sentence about an expression, before it is known where in the template the expression stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EvaluationError(pub(crate) String);

/// What a deployment with this template is refused with: always 400 `InvalidTemplate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateError {
    pub(crate) message: String,
    /// Where in the template: `properties.template.resources[0]`.
    pub(crate) path: String,
}

impl EvaluationError {
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// The function got arguments that it cannot work with.
    pub(super) fn arguments(function: &str, expected: &str) -> Self {
        Self(format!(
            "The template language function '{function}' has invalid arguments: {expected}. Please see \
             https://aka.ms/arm-functions for usage details."
        ))
    }
}

impl TemplateError {
    /// A template that can be read, but not deployed.
    pub(crate) fn validation(sentence: impl AsRef<str>, path: impl Into<String>) -> Self {
        Self { message: format!("Deployment template validation failed: '{}'.", sentence.as_ref()), path: path.into() }
    }

    /// A template that lacks what every template has.
    pub(super) fn parse(sentence: &str, path: &str) -> Self {
        Self { message: format!("Deployment template parse failed: '{sentence}'."), path: path.to_owned() }
    }
}
