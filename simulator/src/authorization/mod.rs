//! Microsoft.Authorization: what the caller may do on a scope.

mod permissions;

use crate::arm::route::ResourceType;

pub(crate) const RESOURCE_TYPES: &[&ResourceType] = &[&permissions::PERMISSIONS];
