//! A Terraform and OpenTofu provider that connects tenant-wide Microsoft Defender for Cloud alerts to Microsoft Sentinel.
//!
//! This page is the map. Why things are as they are stands in `docs/design.md`.
//!
//! # Layers
//!
//! Terraform starts the binary, speaks gRPC to it over a local socket, and the binary speaks HTTPS to Azure. Each step of
//! that way is a folder, and imports only point downwards:
//!
//! ```text
//! main.rs ── plugin      the process: handshake, socket, mutual TLS, signals, logging; knows tonic services, nothing else
//!    │   └── protocol    tfplugin6: decodes an RPC, calls framework::Server, encodes the answer
//!    │
//!    └────── provider              arguments, ARM_* environment, registry of what is offered
//!               │
//!            content_hub           sentinel_content_hub_solution, sentinel_content_hub_solutions
//!            tenant_connector      sentinel_dfc_tenant_connector
//!               │
//!            data_connector        the data connector document: read, merge, write
//!            deployment            ARM deployments: parameters, names, following one to its end
//!            workspace             ids, onboarding, tenant; the Session that every operation gets
//!            ownership             objects of which there can be only one: tokens, claims, conflicts
//!            explain               Azure's errors as diagnostics with cause and remedy
//!               │
//!            azure                 resource ids, clouds, credentials, the Resource Manager client
//!
//!            framework             values, schemas, plans, the traits of a resource: used by everything but plugin and azure
//! ```
//!
//! - [`framework`] imports nothing of ours, so that a resource can be read, written and tested without gRPC. It holds the
//!   rules that Terraform core checks, and keeps them for the author.
//! - [`azure`] knows no Terraform: requests are built and retries decided by pure functions, one place does the I/O.
//! - [`protocol`] is the only one that knows tfplugin6's generated types, [`plugin`] the only one that knows the process.
//! - A folder a concept holds everything of that concept: Azure's bodies, domain rules as pure functions, attribute table,
//!   resource and data source. Whoever looks for the tenant connector finds it all in one room.
//!
//! # The way of one operation
//!
//! `terraform apply` sends `ApplyResourceChange`. [`protocol`] decodes the values and calls [`framework::Server`], which
//! finds the resource, checks the plan, and calls its plain `async fn create(&self, ctx, session, planned)`. The resource
//! parses its typed model, asks [`workspace::Session`] for what is shared, lets a pure function turn the document that
//! Azure holds into the one to send, and hands requests to [`azure::arm::Client`], which retries within the operation's
//! timeout. What comes back is a state, or an error that says what exists all the same.
//!
//! # Where to find what
//!
//! | question | place |
//! |---|---|
//! | what body connects the tenant-wide alerts? | [`tenant_connector`], its wire contract is one table |
//! | why is a name, a default, a description what it is? | the attribute table of the concept: the only place where a name is spelled |
//! | which login method is taken? | [`azure::credential`]; the arguments and variables behind it: [`provider`] |
//! | which version of a solution is installed, and why again? | [`content_hub::installation`]: `aim`, `defect` |
//! | what does an installation send? | [`content_hub::installation::install`], [`deployment`] |
//! | what if two resources manage the same object? | [`ownership`], the rules: `ownership::facts` |
//! | when is a request sent again? | [`azure::arm::retry`] |
//! | what does an error tell the user? | [`explain`], a table |
//! | how are unknown values kept from being read? | [`framework::Knowable`] |
//! | what happens at Ctrl-C? | [`plugin`] for the process, `framework::Context` for the operation |
//!
//! # Adding to it
//!
//! A resource or data source is a folder (or a file in the folder of its concept) that implements
//! [`framework::Resource`] or [`framework::DataSource`], and one line in [`provider`]. Schema, validation, documentation
//! and wire format follow from its attribute table.

pub mod azure;
pub mod azure_diagnostics;
pub mod content_hub;
pub mod deployment;
pub mod framework;
pub mod ownership;
pub mod plugin;
pub mod protocol;
pub mod provider;
pub mod sentinel;
pub mod session;
pub mod tenant_connector;
