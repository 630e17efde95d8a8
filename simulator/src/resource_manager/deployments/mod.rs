//! `Microsoft.Resources/deployments` in resource groups: templates that are deployed while the clock goes on.
//!
//! A PUT checks the template (`request`), stores the deployment's document and what is to be done as a run
//! (`world::deployments`), and answers. `progress` does what is due whenever anything is asked of the simulator: it
//! writes resources through the same code as a PUT of a client. `documents` holds what Azure shows of all this.

mod documents;
mod names;
mod operations;
mod preflight;
mod progress;
mod request;
mod resource;
mod start;

pub(super) use operations::{OPERATION_RESULTS, OPERATION_STATUSES, OPERATIONS};
pub(crate) use progress::catch_up;
pub(super) use resource::DEPLOYMENTS;

/// Of deployments, as Azure spells it in ids.
const TYPE: &str = "Microsoft.Resources/deployments";
