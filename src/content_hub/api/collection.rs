//! The collections of the Content Hub API, and their API versions.

/// The newest stable API version of Microsoft.SecurityInsights.
pub const API_VERSION: &str = "2025-09-01";

/// Only preview API versions list connector pages of kind `GenericUI`.
pub const CONNECTORS_API_VERSION: &str = "2025-10-01-preview";

/// The entries of the catalog.
pub const CATALOG: &str = "contentProductPackages";
/// The registrations of installed solutions.
pub const INSTALLED_PACKAGES: &str = "contentPackages";
/// The pages of codeless connectors.
pub const DEFINITIONS: &str = "dataConnectorDefinitions";
/// The content templates.
pub const TEMPLATES: &str = "contentTemplates";
/// The metadata of items.
pub const METADATA: &str = "metadata";
