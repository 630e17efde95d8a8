//! Microsoft.OperationalInsights: Log Analytics workspaces.

mod workspaces;

use crate::arm::route::ResourceType;

pub(crate) const RESOURCE_TYPES: &[&ResourceType] = &[&workspaces::WORKSPACES];
