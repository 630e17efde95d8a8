//! A Terraform and OpenTofu provider that connects tenant-wide Microsoft Defender for Cloud alerts to Microsoft
//! Sentinel.
//!
//! This page maps the code. `docs/design.md` explains the decisions.
//!
//! # Layers
//!
//! Terraform starts the binary and calls it with gRPC over a local socket. The binary calls Azure over HTTPS. Each
//! layer imports only layers below it:
//!
//! ```text
//! main.rs
//!  ├─ plugin               the process: handshake, socket, mutual TLS, signals, logs
//!  │  └─ protocol          the gRPC service: decodes a call, calls framework::Server, encodes the response
//!  │
//!  ├─ contract_command     `contract record` and `contract check`: learns what the portal's Connect button sends
//!  │
//!  └─ provider             the provider block, environment variables, and the list of resources and data sources
//!      │
//!      ├─ data_connectors  sentinel_data_connectors
//!      ├─ tenant_connector sentinel_dfc_tenant_connector
//!      ├─ xdr_connector    sentinel_defender_xdr_connector
//!      ├─ subscription_connector   sentinel_dfc_subscription_connector
//!      ├─ workspace_onboarding   sentinel_workspace_onboarding
//!      │
//!      ├─ prerequisites    sentinel_dfc_prerequisites, and the preflight of planned connectors
//!      ├─ content_hub      sentinel_content_hub_solution, sentinel_content_hub_solutions
//!      ├─ incident_rule    sentinel_incident_creation_rule
//!      ├─ alert_summary    sentinel_dfc_alert_summary
//!      ├─ log_analytics    queries of Log Analytics, sentinel_log_query
//!      │
//!      ├─ incident_sources sources of incidents that the plans of one run enable
//!      ├─ defender_xdr     the Defender XDR data connector, which several resources share
//!      ├─ moved_state      saved states of azurerm and azapi, for `moved` blocks
//!      ├─ sentinel         workspace IDs, onboarding, tenants, and data connector documents
//!      ├─ session          one run: the Azure client, caches and locks
//!      ├─ ownership        objects that only one resource may manage
//!      ├─ deployment       deployments of Azure Resource Manager
//!      ├─ authorization    the identity's Azure roles
//!      ├─ graph            the identity's roles in Microsoft Entra
//!      ├─ azure_diagnostics   Azure's errors as diagnostics, with cause and solution
//!      │
//!      ├─ azure            resource IDs, clouds, credentials, and the client for Azure Resource Manager
//!      ├─ framework        values, schemas, plans, and the traits of resources and data sources
//!      │
//!      ├─ json             parses JSON without taking too much memory
//!      └─ redaction        masks secrets and removes control characters in messages and logs
//! ```
//!
//! - [`framework`] imports nothing of this crate, so a resource can be written and tested without gRPC. It enforces the
//!   rules that Terraform core checks.
//! - `azure` does not know Terraform. Pure functions build requests and decide retries; one place does the I/O.
//! - Only [`protocol`] knows the generated gRPC types. Only [`plugin`] and [`contract_command`] know the process: signals,
//!   stdin, stdout and stderr.
//! - A folder for a concept, such as `tenant_connector`, contains everything about it: Azure's documents, the rules as pure
//!   functions, the resource and the data sources.
//!
//! # How an apply works
//!
//! 1. Terraform sends `ApplyResourceChange`. [`protocol`] decodes the values and calls [`framework::Server`].
//! 2. The server finds the resource, checks the plan, and calls the resource's `create`.
//! 3. `create` reads its attributes, and uses the session for everything that resources share.
//! 4. A pure function computes the document to send from Azure's current document and the plan.
//! 5. The Azure client sends it, and retries until the operation's timeout.
//! 6. `create` returns the new state. If it fails, it returns an error with the state of everything that was created.
//!
//! # Where to find what
//!
//! | Question | Place |
//! |---|---|
//! | What does Azure's document contain if the alerts are connected? | `tenant_connector/contract.rs` |
//! | Can the alerts be connected, and what is missing? | `prerequisites/`, each check in `checks/` |
//! | What does a plan check in advance? | `prerequisites/preflight.rs` |
//! | Does a workspace receive the alerts of its whole tenant? | `data_connectors/tenant_wide.rs` |
//! | Which `contract` writes the same as the portal? | `contract_command/`: `analyze.rs` |
//! | What is written to a connector that others use too, and when is it deleted? | `defender_xdr/` |
//! | Where do an attribute's name, default and description come from? | the `attributes.rs` of its resource or data source |
//! | Which authentication method is used? | `azure/credential/`; its arguments: `provider/arguments.rs` |
//! | What does a variable of azurerm or azapi mean here? | `provider/compatibility.rs` |
//! | Which source of a setting takes precedence? | `provider/sources.rs`, `provider/precedence.rs` |
//! | Which version of a solution is installed, and when is it repaired? | `content_hub/installation/`: `decision.rs`, `detection.rs` |
//! | What does an installation send? | `content_hub/installation/install.rs`, `deployment/` |
//! | What does the Defender XDR connector manage? | `xdr_connector/settings.rs` |
//! | Which subscription is an error about? | `subscription_connector/resource/diagnostics.rs` |
//! | Which query counts the alerts? | `alert_summary/kql.rs` |
//! | What does the error of a query mean? | `log_analytics/problem.rs` |
//! | What does a destroy of the onboarding delete? | `workspace_onboarding/inventory.rs` |
//! | When does an object no longer exist? | `sentinel/gone.rs` |
//! | What if two resources manage the same object? | `ownership/`: `facts.rs` |
//! | When is a request retried? | `azure/retry.rs` |
//! | What does an error tell the user? | `azure_diagnostics/`, and the `diagnostics.rs` of each resource |
//! | How does the compiler keep unknown values from being read? | [`framework::Knowable`] |
//! | What keeps secrets and escape codes out of messages and logs? | `redaction/` |
//! | What happens at Ctrl-C? | [`plugin`] for the process, [`framework::Context`] for an operation, [`contract_command`] for its commands |
//!
//! # Add a resource or data source
//!
//! Create a folder (or a file in the folder of its concept) that implements [`framework::Resource`] or
//! [`framework::DataSource`], and add one line to [`provider`]. The schema, the validation and the documentation follow
//! from its attributes.

#![allow(unreachable_pub, reason = "`pub` in a private module marks its interface to the other modules")]

mod alert_summary;
mod authorization;
mod azure;
mod azure_diagnostics;
mod content_hub;
pub mod contract_command;
mod data_connectors;
mod defender_xdr;
mod deployment;
pub mod framework;
mod graph;
mod incident_rule;
mod incident_sources;
mod json;
mod log_analytics;
mod moved_state;
mod ownership;
pub mod plugin;
mod prerequisites;
pub mod protocol;
pub mod provider;
mod redaction;
mod sentinel;
mod session;
mod subscription_connector;
mod tenant_connector;
#[cfg(test)]
mod testing;
mod workspace_onboarding;
mod xdr_connector;

/// Only for the acceptance tests, which compare version constraints with those of Terraform and OpenTofu.
#[doc(hidden)]
pub use content_hub::{SolutionVersion, VersionConstraint};
