//! What the login may do in Azure, by its role assignments: `Microsoft.Authorization/permissions` of a scope.
//!
//! `permissions.rs` decides whether roles allow an action, as a pure function. `granted.rs` reads them.

mod granted;
mod permissions;

pub use granted::Granted;
#[cfg(test)]
pub use permissions::Permission;
pub use permissions::Permissions;
