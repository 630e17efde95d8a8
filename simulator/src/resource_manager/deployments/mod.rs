//! `Microsoft.Resources/deployments` in resource groups.
//!
//! A PUT reads the request (`request`), checks the template (`preflight`), and stores the deployment with its
//! operations (`start`). Before each request, `progress` runs the operations that are due, through the same code as a
//! client's PUT. `what_if` predicts the changes of a deployment. `documents` builds the documents that Azure returns.
//! `resource`, `operations` and `results` contain the routes.

mod documents;
mod names;
mod operations;
mod preflight;
mod progress;
mod request;
mod resource;
mod results;
mod start;
mod what_if;

pub(super) use operations::{OPERATION_STATUSES, OPERATIONS};
pub(crate) use progress::advance_to_now;
pub(super) use resource::DEPLOYMENTS;
pub(super) use results::OPERATION_RESULTS;

/// The resource type, in the casing of IDs.
const TYPE: &str = "Microsoft.Resources/deployments";
