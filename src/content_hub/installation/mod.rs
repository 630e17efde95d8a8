//! Installing, repairing and uninstalling a solution.
//!
//! | file | contents |
//! |---|---|
//! | `observation` | the content of a solution in the catalog and in the workspace |
//! | `defect`, `detection` | the defects of an installation, and their detection |
//! | `record` | the saved record of a complete installation, which later observations are compared with |
//! | `decision`, `decision_error`, `repair` | the decision whether to install, and which version |
//! | `install`, `registration`, `deployments`, `verification` | the steps of an installation |
//! | `inventory`, `uninstall` | the steps of uninstalling |
//!
//! Decisions and the detection of defects are pure functions.

pub mod decision;
pub mod decision_error;
pub mod defect;
pub mod deployments;
pub mod detection;
pub mod install;
pub mod inventory;
pub mod observation;
pub mod record;
mod registration;
pub mod repair;
pub mod uninstall;
pub mod verification;

pub use decision::{Decision, Desired, Versions};
pub use decision_error::{DecisionError, RepairBlocked};
pub use defect::Defect;
pub use observation::Observation;
pub use record::InstallationRecord;
pub use repair::Repair;
