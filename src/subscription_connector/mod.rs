//! The subscription-based Defender for Cloud connector: `sentinel_dfc_subscription_connector`. The tenant-based
//! connector replaces it.
//!
//! - `connector.rs`: its document in Azure, one data connector of kind `AzureSecurityCenter` for each subscription
//! - `subscription_id.rs`: the ID of the monitored subscription
//! - `alert_sync.rs`, `plans.rs`: settings of Defender for Cloud on that subscription
//! - `resource/`: the Terraform resource

mod alert_sync;
mod connector;
mod plans;
mod resource;
mod subscription_id;

pub use resource::SubscriptionConnector;
