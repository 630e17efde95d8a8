//! The rules by which values become plans and states, as pure functions of a schema table and values.
//!
//! | file | rule |
//! |---|---|
//! | `validate` | what is wrong with a configuration |
//! | `plan` | configuration and prior state become a plan |
//! | `replace` | which changes need a new object |
//! | `result` | what an author gives back becomes a state that can be saved |
//! | `walk` | the way through nested objects that all of them share |

pub(super) mod json;
pub(super) mod plan;
pub(super) mod replace;
pub(super) mod result;
pub(super) mod validate;
pub(super) mod walk;

#[cfg(test)]
mod tests;
