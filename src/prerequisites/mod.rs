//! The prerequisites of the connectors: `sentinel_dfc_prerequisites`, and the preflight of plans.
//!
//! `inputs.rs` reads all inputs concurrently. Each file in `checks/` checks one prerequisite with a pure function,
//! whose argument is the input or the reason why it could not be read. `check.rs` is the result of a check.
//! `data_source.rs` returns all results. `preflight.rs` reports the results that are cheap enough to read in a plan.

mod check;
mod checks;
mod data_source;
mod finding;
mod inputs;
mod preflight;
mod read_result;
mod requirements;
mod solution_state;
#[cfg(test)]
mod tests;

pub use data_source::PrerequisitesDataSource;
pub use preflight::{Needs, preflight, preflight_after_rejection};
