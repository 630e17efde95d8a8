//! Microsoft.OperationsManagement: solutions of Log Analytics, for example `SecurityInsights(workspace)`, an older way
//! to add Sentinel to a workspace. They have no effect in the simulator.

mod solutions;

use crate::arm::route::{ApiVersions, ResourceType};

pub(crate) const RESOURCE_TYPES: &[&ResourceType] = &[&solutions::SOLUTIONS];

const NAMESPACE: &str = "Microsoft.OperationsManagement";

const API_VERSIONS: ApiVersions = ApiVersions::all(&["2015-11-01-preview"]);
