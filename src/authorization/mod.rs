//! What the login may do in Azure, by its role assignments: `Microsoft.Authorization/permissions` of a scope.
//!
//! `permissions.rs` decides whether roles allow an action, as a pure function. `lookup.rs` reads them.

mod lookup;
mod permissions;

pub use lookup::PermissionsLookup;
#[cfg(test)]
pub use permissions::Permission;
pub use permissions::Permissions;
