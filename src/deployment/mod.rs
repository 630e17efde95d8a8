//! Azure Resource Manager deployments: templates that Azure carries out over time.
//!
//! `parameters.rs` fills in what a template asks for, `name.rs` names a deployment, `run.rs` starts one, follows it and
//! cancels it, `cancel_and_wait.rs` brings one of an earlier run to its end, `step.rs` reads what became of each resource.
//! Terraform is not known here; what is told to users of a failure is the caller's.

mod cancel;
mod name;
mod operation;
pub mod parameters;
mod run;

pub use cancel::{Running, StillRunning, cancel_and_wait, outcome, running};
pub use name::{is_name_of, name_for};
pub use operation::{DeploymentOperation, Outcome};
pub use run::{Cancellation, Deployment, Failure, Reason, run};
