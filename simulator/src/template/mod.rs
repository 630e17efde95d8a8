//! ARM templates: from a template and its parameters to the resources that it asks for.
//!
//! Everything here is a pure function of its arguments. `expression` reads `[concat('a', parameters('b'))]`,
//! `scope` evaluates it with the functions of `functions`, `parameters` fills in what the request gives and the
//! template defaults, `resources` and `dependencies` make a list in the order of `dependsOn`, and `expand` puts it
//! together. Whoever deploys it (`resource_manager::deployments`) knows the world; this folder does not.

mod bindings;
mod dependencies;
mod deployment_scope;
mod error;
mod evaluator;
mod expand;
mod expression;
mod functions;
mod hash;
mod parameters;
mod resources;
#[cfg(test)]
mod testing;

pub(crate) use deployment_scope::DeploymentScope;
pub(crate) use error::TemplateError;
pub(crate) use expand::{Expanded, expand};
pub(crate) use hash::{template_hash, unique_string};
pub(crate) use resources::Resource;
