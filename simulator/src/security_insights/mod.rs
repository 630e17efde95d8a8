//! Microsoft.SecurityInsights: Microsoft Sentinel on a workspace. Each resource type has a file.

mod alert_rules;
mod api_versions;
mod catalog;
mod content_packages;
mod content_product_packages;
mod content_product_templates;
mod content_templates;
mod data_connector_definitions;
pub(crate) mod data_connectors;
mod document;
mod incidents;
mod metadata;
mod onboarding_states;
mod packaging;
mod query;
mod requirements;
mod schema;
mod write;

use crate::arm::route::ResourceType;

pub(crate) const RESOURCE_TYPES: &[&ResourceType] = &[
    &onboarding_states::ONBOARDING_STATES,
    &data_connectors::DATA_CONNECTORS,
    &data_connector_definitions::DATA_CONNECTOR_DEFINITIONS,
    &requirements::REQUIREMENTS,
    &content_packages::CONTENT_PACKAGES,
    &content_templates::CONTENT_TEMPLATES,
    &content_product_packages::CONTENT_PRODUCT_PACKAGES,
    &content_product_templates::CONTENT_PRODUCT_TEMPLATES,
    &metadata::METADATA,
    &alert_rules::ALERT_RULES,
    &incidents::INCIDENTS,
];

const NAMESPACE: &str = "Microsoft.SecurityInsights";
