//! The rules of the shared Defender XDR data connector: the document of kind `MicrosoftThreatProtection`.
//!
//! A workspace has one such document, and several owners use it: resources of different types, in different states and
//! processes, and people in the portal. No owner knows the others. Each describes what it needs as a [`Part`] and asks
//! this room what to write. Every rule is a pure function of the document that Azure holds: `sentinel::data_connector`
//! reads it, writes the result with the etag, and asks again after a conflict. So actions that run at the same time are
//! a sequence of merges, and it is enough that each merge leaves the other parts alone.
//!
//! | place in `properties` | belongs to |
//! |---|---|
//! | `dataTypes.<data type>.state` | the owner of that data type |
//! | `filteredProviders.alerts` | all owners: each adds and removes its own providers |
//! | `dataTypes.alerts.state` | all owners: on while a provider is in the filter |
//! | everything else | others: it is kept as it is |
//!
//! An empty filter lets nothing through. Without a filter, the alerts of all products stream: no rule adds one, because
//! that would stop products that nobody has named.
//!
//! - `part.rs`: what an owner uses of the document
//! - `alerts.rs`: the switch and the filter that all owners share
//! - `stream.rs`: whether a part is on, and in which document
//! - `turn_on.rs`, `turn_off.rs`: the document to write
//! - `in_use.rs`: whether a document that this provider created may be deleted
//! - `record.rs`: what an owner keeps in its private state
//! - `tenant.rs`: the tenant of the document, the argument `tenant_id` of every owner

mod alerts;
mod in_use;
mod part;
mod record;
mod stream;
mod tenant;
mod turn_off;
mod turn_on;

pub use part::{DEFENDER_FOR_CLOUD, DataType, Part, is_defender_for_cloud, is_of_xdr_connector};
pub use record::{Record, WARNED};
pub use stream::{Stream, candidate, named_providers, stream, streaming, unfiltered};
pub use tenant::{TENANT_ID, planned_tenant, tenant_of};
pub use turn_off::{Origin, Unfiltered, turn_off, turned_off};
pub use turn_on::{also_starts, new_document, turn_on};

/// The API version of all requests about the document. The kind and its filter exist only in preview versions, and this is
/// the newest that is known to work.
pub const API_VERSION: &str = "2025-10-01-preview";

/// The type of the resource to which Defender for Cloud in the filter belongs.
pub const TENANT_CONNECTOR: &str = "sentinel_dfc_tenant_connector";

/// The type of the resource that manages the rest of the Defender XDR connector.
pub const XDR_CONNECTOR: &str = "sentinel_defender_xdr_connector";

#[cfg(test)]
mod tests;
