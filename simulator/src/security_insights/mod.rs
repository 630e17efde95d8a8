//! Microsoft.SecurityInsights: Microsoft Sentinel on a workspace. One file a resource type.

mod api_versions;
mod data_connectors;
mod onboarding_states;
mod write;

use crate::arm::route::ResourceType;

pub(crate) const RESOURCE_TYPES: &[&ResourceType] =
    &[&onboarding_states::ONBOARDING_STATES, &data_connectors::DATA_CONNECTORS];

const NAMESPACE: &str = "Microsoft.SecurityInsights";
