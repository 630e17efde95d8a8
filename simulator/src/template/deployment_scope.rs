//! The values that a template can read about its deployment.

use serde_json::Value;
use time::OffsetDateTime;

/// The values of the functions `deployment`, `resourceGroup`, `subscription` and `tenant`, and the time.
#[derive(Clone, Debug)]
pub(crate) struct DeploymentScope {
    pub(crate) deployment: Value,
    pub(crate) resource_group: Value,
    pub(crate) subscription: Value,
    pub(crate) tenant: Value,
    pub(crate) now: OffsetDateTime,
}
