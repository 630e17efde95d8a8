//! Rules for changing the shared Defender XDR data connector: the document of kind `MicrosoftThreatProtection`.
//!
//! A workspace has one such document, and several owners use it: resources of different types, in different states and
//! processes, and users of the portal. Owners do not know each other. Each owner describes the settings that it manages
//! as a [`Part`]. Pure functions turn the current document into the document to write. `sentinel::data_connector` reads
//! the document, writes the result with the etag, and starts again after a conflict. Concurrent changes therefore
//! become a sequence of merges, and each merge leaves the other parts alone.
//!
//! | property | owner |
//! |---|---|
//! | `dataTypes.<data type>.state` | the owner of that data type |
//! | `filteredProviders.alerts` | all owners: each adds and removes its own providers |
//! | `dataTypes.alerts.state` | all owners: enabled while the filter contains a provider |
//! | all others | no owner: the provider does not change them |
//!
//! An empty filter streams no alerts. Without a filter, the alerts of all products stream. The provider adds no filter
//! in that case, because it would stop the products that the filter does not contain.
//!
//! - `part.rs`: the settings that an owner manages
//! - `alerts.rs`: the state and the filter of the alerts, which all owners share
//! - `stream.rs`: whether a part is enabled, and in which document
//! - `enable.rs`, `disable.rs`: the document to write
//! - `in_use.rs`: whether a document that this provider created may be deleted
//! - `record.rs`: the data that an owner keeps in its private state
//! - `tenant.rs`: the attribute `tenant_id` of every owner

mod alerts;
mod disable;
mod enable;
mod in_use;
mod part;
mod record;
mod stream;
mod tenant;

pub use disable::{Origin, Unfiltered, disable, with_part_disabled};
pub use enable::{also_enables, enable, new_document};
pub use part::{DEFENDER_FOR_CLOUD, DataType, Part, is_defender_for_cloud, is_of_xdr_connector};
pub use record::{Record, WARNED};
pub use stream::{Stream, candidate, named_providers, stream, streaming, unfiltered, with_incidents};
pub use tenant::{TENANT_ID, planned_tenant, tenant_of};

/// The API version of all requests about the document. The kind and its filter exist only in preview versions. This is
/// the newest version that is known to work.
pub const API_VERSION: &str = "2025-10-01-preview";

/// The type of the resource that manages Defender for Cloud in the filter.
pub const TENANT_CONNECTOR: &str = "sentinel_dfc_tenant_connector";

/// The type of the resource that manages the rest of the Defender XDR connector.
pub const XDR_CONNECTOR: &str = "sentinel_defender_xdr_connector";

#[cfg(test)]
mod tests;
