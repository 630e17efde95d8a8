//! Rules that create incidents from the alerts of other Microsoft products: `sentinel_incident_creation_rule`.
//!
//! - `rule.rs`: a rule, and its document in Azure
//! - `product.rs`: the products
//! - `api.rs`: reads and writes alert rules
//! - `resource/`: the Terraform resource

mod api;
mod product;
mod resource;
mod rule;

pub use api::AlertRules;
pub use product::{AZURE_SECURITY_CENTER, azure_name};
pub use resource::IncidentCreationRule;
pub use rule::Rule;
