//! The checks, one file for each prerequisite. Each check is a pure function of its inputs.

pub mod incident_rules;
pub mod license;
pub mod onboarded;
pub mod permissions;
pub mod provider_registration;
pub mod solution_version;
pub mod subscription_connectors;
pub mod tenant_match;
pub mod tenant_role;
pub mod xdr_connector;
