//! The rules that compute plans and states from a schema and values, as pure functions.
//!
//! | file | rule |
//! |---|---|
//! | `validate` | what is wrong with a configuration |
//! | `plan` | configuration and prior state become a plan |
//! | `replace` | which changes need a new object |
//! | `result` | the state that an author returns becomes a state that can be saved |
//! | `walk` | the traversal of nested objects that all of them use |

pub(super) mod json;
pub(super) mod plan;
pub(super) mod replace;
pub(super) mod result;
pub(super) mod validate;
pub(super) mod walk;

#[cfg(test)]
mod tests;
