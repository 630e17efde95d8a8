//! Microsoft.Resources: tenants, subscriptions, resource providers, resource groups, resources, tags and deployments.

mod deployments;
mod providers;
mod resource_groups;
mod resources;
mod subscriptions;
mod tag_filter;
mod tags;
mod tenants;

use crate::arm::route::{ApiVersions, ResourceType};

pub(crate) use deployments::advance_to_now;

pub(crate) const RESOURCE_TYPES: &[&ResourceType] = &[
    &tenants::TENANTS,
    &subscriptions::SUBSCRIPTIONS,
    &subscriptions::LOCATIONS,
    &resource_groups::RESOURCE_GROUPS,
    &providers::PROVIDERS,
    &resources::RESOURCES,
    &tags::TAGS,
    &deployments::DEPLOYMENTS,
    &deployments::OPERATIONS,
    &deployments::OPERATION_STATUSES,
    &deployments::OPERATION_RESULTS,
];

const NAMESPACE: &str = "Microsoft.Resources";

/// The api-versions of Resource Manager's own types, except deployments.
const API_VERSIONS: ApiVersions = ApiVersions { list: ALL_API_VERSIONS, has: |version| version != "2026-06-01" };

const DEPLOYMENT_API_VERSIONS: ApiVersions = ApiVersions::all(ALL_API_VERSIONS);

/// All api-versions of Microsoft.Resources, oldest first.
const ALL_API_VERSIONS: &[&str] = &[
    "2014-04-01",
    "2015-01-01",
    "2015-11-01",
    "2016-02-01",
    "2016-06-01",
    "2016-07-01",
    "2016-09-01",
    "2017-05-10",
    "2018-02-01",
    "2018-05-01",
    "2019-03-01",
    "2019-05-01",
    "2019-05-10",
    "2019-06-01",
    "2019-07-01",
    "2019-08-01",
    "2019-10-01",
    "2019-11-01",
    "2020-01-01",
    "2020-05-01",
    "2020-06-01",
    "2020-08-01",
    "2020-10-01",
    "2021-01-01",
    "2021-04-01",
    "2022-01-01",
    "2022-09-01",
    "2022-12-01",
    "2023-07-01",
    "2024-03-01",
    "2024-07-01",
    "2024-11-01",
    "2025-03-01",
    "2025-04-01",
    "2026-06-01",
];
