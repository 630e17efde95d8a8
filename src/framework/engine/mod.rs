//! The rules that compute plans and states from a schema and values, as pure functions.
//!
//! | file | rule |
//! |---|---|
//! | `json` | the values of saved states, which are JSON |
//! | `validate` | what is wrong with a configuration |
//! | `plan` | configuration and prior state become a plan |
//! | `replace` | which changes need a new object |
//! | `result` | the state that an author returns becomes a state that can be saved |
//! | `walk` | visits each attribute of an object, with the same attribute of the configuration and of the prior state |

pub(super) mod json;
pub(super) mod plan;
pub(super) mod replace;
pub(super) mod result;
pub(super) mod validate;
pub(super) mod walk;

#[cfg(test)]
mod tests;
