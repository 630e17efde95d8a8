//! The actions that the identity's Azure roles allow on a scope: `Microsoft.Authorization/permissions`.
//!
//! `permissions.rs` decides whether roles allow an action, as a pure function. `lookup.rs` reads them.

mod lookup;
mod permissions;

pub use lookup::PermissionsLookup;
#[cfg(test)]
pub use permissions::Permission;
pub use permissions::Permissions;
