//! Microsoft.OperationalInsights: Log Analytics workspaces.

mod deleted_workspaces;
mod document;
mod workspaces;

use crate::arm::route::{ApiVersions, ResourceType};

pub(crate) const RESOURCE_TYPES: &[&ResourceType] = &[&workspaces::WORKSPACES, &deleted_workspaces::DELETED_WORKSPACES];

const NAMESPACE: &str = "Microsoft.OperationalInsights";

/// The type of workspaces, in the casing of IDs.
const TYPE: &str = "Microsoft.OperationalInsights/workspaces";

const API_VERSIONS: ApiVersions = ApiVersions::all(&[
    "2015-03-20",
    "2015-11-01-preview",
    "2020-03-01-preview",
    "2020-08-01",
    "2020-10-01",
    "2021-06-01",
    "2021-12-01-preview",
    "2022-10-01",
    "2023-09-01",
    "2025-02-01",
    "2025-07-01",
    "2026-03-01",
]);
