//! The prerequisites of the connectors: `sentinel_dfc_prerequisites`, and the preflight of plans.
//!
//! `inputs.rs` asks Azure everything at the same time. Each file in `checks/` is one prerequisite: a pure function of what was
//! read, or of the reason why it could not be read. `check.rs` is the result of a check. `data_source.rs` shows all results.
//! `preflight.rs` reports the ones that a plan can afford to read.

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
pub use preflight::{Needs, preflight, preflight_after_refusal};
