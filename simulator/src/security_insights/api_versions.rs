//! The api-versions of Microsoft.SecurityInsights.

use crate::arm::route::ApiVersions;

/// All api-versions, oldest first.
const ALL: &[&str] = &[
    "2019-01-01-preview",
    "2020-01-01",
    "2021-03-01-preview",
    "2021-09-01-preview",
    "2021-10-01",
    "2021-10-01-preview",
    "2022-01-01-preview",
    "2022-04-01-preview",
    "2022-05-01-preview",
    "2022-06-01-preview",
    "2022-07-01-preview",
    "2022-08-01",
    "2022-08-01-preview",
    "2022-09-01-preview",
    "2022-10-01-preview",
    "2022-11-01",
    "2022-11-01-preview",
    "2022-12-01-preview",
    "2023-02-01",
    "2023-02-01-preview",
    "2023-03-01-preview",
    "2023-04-01-preview",
    "2023-05-01-preview",
    "2023-06-01-preview",
    "2023-07-01-preview",
    "2023-08-01-preview",
    "2023-09-01-preview",
    "2023-10-01-preview",
    "2023-11-01",
    "2023-12-01-preview",
    "2024-01-01-preview",
    "2024-03-01",
    "2024-04-01-preview",
    "2024-09-01",
    "2024-10-01-preview",
    "2025-01-01-preview",
    "2025-03-01",
    "2025-04-01-preview",
    "2025-06-01",
    "2025-07-01-preview",
    "2025-09-01",
    "2025-10-01-preview",
    "2026-07-01",
    "2026-08-01-preview",
];

/// Api-versions of data connectors and alert rules.
pub(super) const CONNECTORS_AND_RULES: ApiVersions = ApiVersions::all(ALL);

/// Api-versions of incidents.
pub(super) const INCIDENTS: ApiVersions = ApiVersions { list: ALL, has: |version| is_since(version, "2019-01-01") };

pub(super) const ONBOARDING: ApiVersions = ApiVersions { list: ALL, has: |version| is_since(version, "2021-03-01") };

pub(super) const METADATA: ApiVersions = ApiVersions {
    list: ALL,
    has: |version| is_since(version, "2021-03-01") && (is_preview(version) || is_since(version, "2023-02-01")),
};

/// Api-versions of Content Hub's four types.
pub(super) const CONTENT: ApiVersions = ApiVersions { list: ALL, has: |version| is_since(version, "2023-04-01") };

/// Api-versions of the connector pages of codeless connectors. The first is not published, but solutions use it.
pub(super) const DEFINITIONS: ApiVersions = ApiVersions {
    list: ALL,
    has: |version| is_since(version, "2022-09-01") && (is_preview(version) || is_since(version, "2024-09-01")),
};

/// Api-versions of types that are in preview.
pub(super) const PREVIEW: ApiVersions = ApiVersions { list: ALL, has: is_preview };

pub(super) fn is_preview(version: &str) -> bool {
    version.to_lowercase().ends_with("-preview")
}

/// Whether the date of `version` is `since` (`2024-09-01`) or later.
pub(super) fn is_since(version: &str, since: &str) -> bool {
    version.get(..10).is_some_and(|day| day >= since)
}
