//! What an operation works on: configurations and plans, which may hold unknowns, states, which may not, and the
//! bounds of the operation itself.

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
pub use self::failed::Failed;
pub use self::import::{ImportIdentity, ImportTarget};
pub use self::plan::{Plan, PlannedAction};
pub use self::private::Private;
pub use self::read::Read;
pub use self::state::State;
