//! The rules that compute plans and states from a schema and values, as pure functions.
//!
//! | file | task |
//! |---|---|
//! | `json` | reads values from saved states, which Terraform stores as JSON |
//! | `validate` | validates a configuration |
//! | `plan` | computes a plan from the configuration and the prior state |
//! | `replace` | decides which changes replace the object |
//! | `result` | repairs the state that a resource returns, so that it can be saved |
//! | `walk` | visits each attribute of an object, with the same attribute of the configuration and of the prior state |

pub(super) mod json;
pub(super) mod plan;
pub(super) mod replace;
pub(super) mod result;
pub(super) mod validate;
pub(super) mod walk;

#[cfg(test)]
mod tests;
