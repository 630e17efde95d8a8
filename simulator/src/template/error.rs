//! Errors of templates.

use serde_json::Value;

/// An error in an expression, without its path in the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EvaluationError(pub(crate) String);

/// An error in a template. Azure responds with 400.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The path in the template: `properties.template.resources[0]`.
    pub(crate) path: String,
}

impl EvaluationError {
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// The arguments of a function are invalid.
    pub(super) fn arguments(function: &str, expected: &str) -> Self {
        Self(format!(
            "The template language function '{function}' has invalid arguments: {expected}. Please see \
             https://aka.ms/arm-functions for usage details."
        ))
    }
}

impl TemplateError {
    /// The template is well-formed but cannot be deployed.
    pub(crate) fn validation(sentence: impl AsRef<str>, path: impl Into<String>) -> Self {
        Self::invalid(format!("Deployment template validation failed: '{}'.", sentence.as_ref()), path)
    }

    /// The template is not well-formed.
    pub(super) fn parse(sentence: &str, path: &str) -> Self {
        Self::invalid(format!("Deployment template parse failed: '{sentence}'."), path)
    }

    pub(super) fn invalid(message: String, path: impl Into<String>) -> Self {
        Self { code: "InvalidTemplate", message, path: path.into() }
    }

    /// Returns 400 for a member that objects of this type, such as `TemplateResource`, do not have.
    pub(super) fn check_members(object: &Value, object_type: &str, known: &[&[&str]], path: &str) -> Result<(), Self> {
        let is_known =
            |member: &str| known.iter().any(|list| list.iter().any(|known| known.eq_ignore_ascii_case(member)));
        let members = object.as_object().into_iter().flatten().map(|(member, _)| member);
        match members.into_iter().find(|member| !is_known(member)) {
            Some(member) => Err(Self::unknown_member(member, object_type, path)),
            None => Ok(()),
        }
    }

    fn unknown_member(member: &str, object_type: &str, path: &str) -> Self {
        let message = format!(
            "The request content was invalid and could not be deserialized: 'Could not find member '{member}' on object \
             of type '{object_type}'. Path '{path}.{member}', line 1, position 1.'."
        );
        Self { code: "InvalidRequestContent", message, path: path.to_owned() }
    }
}
