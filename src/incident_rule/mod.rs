//! Rules that create incidents from the alerts of other Microsoft products: `sentinel_incident_creation_rule`.
//!
//! - `rule.rs`: a rule, and its document in Azure
//! - `product.rs`: the products
//! - `api.rs`: reads and writes alert rules
//! - `other_source.rs`: finds other sources of the same incidents
//! - `resource/`: the Terraform resource

mod api;
mod other_source;
mod product;
mod resource;
mod rule;

pub use api::AlertRules;
pub use product::{AZURE_SECURITY_CENTER, azure_name};
pub use resource::IncidentCreationRule;
pub use rule::Rule;
