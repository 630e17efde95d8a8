//! Microsoft Graph: the directory of a Microsoft Entra tenant.

mod directory_roles;

pub use directory_roles::{DirectoryRole, DirectoryRoles};
