//! The Log Analytics workspace that Sentinel lives on: its id, what is looked up around it, and the session that every
//! resource and data source works with.

mod gone;
mod id;
mod location;
mod onboarding;
mod readiness;
mod session;
mod shared;
mod singletons;
mod tenant;

pub use gone::is_gone;
pub use id::{InvalidWorkspaceId, WorkspaceId};
pub use onboarding::{Onboarding, is_not_onboarded, not_onboarded};
pub use readiness::{NotReady, when_onboarded};
pub use session::{Session, WriteTurn};
pub use singletons::{Owner, Rival, Singletons};
