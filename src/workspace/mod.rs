//! The Log Analytics workspace that Sentinel lives on: its id, what is looked up around it, and the session that every
//! resource and data source works with.

mod id;
mod onboarding;
mod session;
mod shared;
mod singletons;
mod tenant;

pub use id::{InvalidWorkspaceId, WorkspaceId};
pub use onboarding::{Onboarding, is_not_onboarded};
pub use session::{Session, WriteTurn};
pub use singletons::{Owner, Singletons};
