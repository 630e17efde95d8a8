//! Expands ARM templates: from a template and its parameters to its resources.
//!
//! All functions are pure functions of their arguments and do not use the world. `expression` parses `[concat('a',
//! parameters('b'))]`, and `evaluator` evaluates it with the functions in `functions`. `parameters` checks the
//! parameters of the request, `resources` evaluates the resources, `dependencies` orders them by `dependsOn`, and
//! `expand` combines these steps.

mod bindings;
mod dependencies;
mod deployment_scope;
mod error;
mod evaluator;
mod expand;
mod expression;
mod functions;
mod hash;
mod limits;
mod parameters;
mod resources;
#[cfg(test)]
mod testing;

pub(crate) use deployment_scope::DeploymentScope;
pub(crate) use error::TemplateError;
pub(crate) use expand::{Expanded, expand};
pub(crate) use hash::{template_hash, unique_string};
pub(crate) use resources::Resource;
