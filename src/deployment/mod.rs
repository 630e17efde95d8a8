//! Azure Resource Manager deployments.
//!
//! - `parameters.rs` fills in the parameters of a template.
//! - `secrets.rs` selects the parameter values to mask in messages.
//! - `name.rs` generates and recognizes deployment names.
//! - `run.rs` starts a deployment, follows it and cancels it.
//! - `cancel.rs` cancels a deployment of an earlier run and waits until it ends.
//! - `history.rs` lists the deployments of a resource group.
//! - `operation.rs` reads the result of each deployment operation.
//!
//! This module does not depend on Terraform. The caller reports failures.

mod cancel;
mod history;
mod name;
mod operation;
pub mod parameters;
mod run;
pub mod secrets;

pub use cancel::{StillRunning, cancel_and_wait, progress};
pub use history::{PastDeployment, history};
pub use name::{is_name_of, name_for};
pub use operation::{DeploymentOperation, OperationState};
pub use run::{Cancellation, Deployment, DeploymentError, DeploymentErrorKind, run};
