//! The inputs and results of operations: configurations, plans, states, private state, and the operation's context.
//!
//! Configurations and plans may contain unknown values. States may not.

mod config;
mod context;
mod failed;
mod import;
mod plan;
mod private;
mod read;
mod state;

pub use self::config::Config;
pub use self::context::Context;
pub(in crate::framework) use self::context::timeout_path;
pub use self::failed::Failed;
pub use self::import::{ImportIdentity, ImportTarget};
pub use self::plan::{Plan, PlannedAction};
pub use self::private::Private;
pub use self::read::Read;
pub use self::state::State;
