//! Azure Resource Manager deployments: templates that Azure carries out over time.
//!
//! `parameters.rs` fills in what a template asks for, `name.rs` names a deployment, `run.rs` starts one, follows it and
//! cancels it, `settle.rs` brings one of an earlier run to its end, `step.rs` reads what became of each resource.
//! Terraform is not known here; what is told to users of a failure is the caller's.

mod name;
pub mod parameters;
mod run;
mod settle;
mod step;

pub use name::{is_name_of, name_for};
pub use run::{Cancellation, Deployment, Failure, Reason, run};
pub use settle::{Running, Unsettled, outcome, running, settle};
pub use step::{Outcome, Step};
