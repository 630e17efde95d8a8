//! A local simulation of Azure for tests and demos, as strict as Azure itself.
//!
//! One HTTPS listener serves every host that an Azure client calls: Microsoft Entra (`entra`), the endpoints that issue
//! tokens to machines and pipelines (`managed_identity`, `pipelines`), the metadata of the cloud (`metadata`),
//! Microsoft Graph (`graph`), and Resource Manager (`arm`) with its resource providers (`resource_manager`,
//! `authorization`, `operational_insights`, `operations_management`, `security`, `security_insights`). The simulated
//! state is data (`world`): ARM documents by ID, tenants, applications, users, groups, roles, behaviors and the Content
//! Hub catalog. `template` evaluates the ARM templates of deployments. `alerts` raises alerts of Defender for Cloud,
//! which connectors stream into workspaces. `log_analytics` returns the results of queries over them, which `kql`
//! evaluates.
//!
//! `http` receives a request. `service` applies faults (`faults`), calls the service that responds, and logs the
//! request (`request_log`). The services are plain functions of a request and the world: no I/O, no waiting. Tests
//! change documents, inject faults, read the log and advance the clock through `/_simulator` (`admin`), or through this
//! crate's types.
//!
//! # In a test
//!
//! A [`Simulator`] runs in the Tokio runtime of the test and needs no process, no file and no environment:
//!
//! ```
//! use std::time::Duration;
//!
//! use azure_simulator::{Effect, Fault, Simulator, World};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut world = World::default();
//! world.patch(json!({"behaviors": {"deployment_milliseconds": 10}}));
//! let azure = Simulator::start(world).await?;
//!
//! // What the client under test needs.
//! let (_endpoint, _ca, _login) = (azure.endpoint(), azure.ca_pem(), azure.login());
//!
//! // Another user creates a connector.
//! let connector = format!("{}/providers/Microsoft.SecurityInsights/dataConnectors/c", azure.workspace("law-soc"));
//! azure.put_document(&connector, json!({"kind": "Office365", "properties": {}}));
//!
//! // The first PUT is throttled. The first DELETE is processed, but its response is lost.
//! azure.add_fault(Fault::new(Effect::new().status(429).header("retry-after", "1")).method("PUT").times(1));
//! let mut deletes = 0;
//! azure.intercept(move |request, _world| {
//!     deletes += usize::from(request.method == "DELETE");
//!     (request.method == "DELETE" && deletes == 1).then(|| Effect::new().status(500).forward())
//! });
//!
//! // … call the client under test, then check the result.
//! azure.advance_clock(Duration::from_secs(60));
//! assert_eq!(azure.document(&connector).map(|document| document["kind"].clone()), Some(json!("Office365")));
//! assert_eq!(azure.count_requests("PUT", "/dataConnectors/"), 0);
//! # Ok(())
//! # }
//! ```
//!
//! The simulator's clock runs with Tokio's. In a test with `#[tokio::test(start_paused = true)]`, delays of the
//! simulator, delays of the client and deployments take no real time, because Tokio advances its clock when both sides
//! wait. Without paused time, call [`Simulator::advance_clock`].

mod admin;
mod alerts;
mod arm;
mod authorization;
mod clock;
mod entra;
mod faults;
mod graph;
mod http;
mod kql;
mod log_analytics;
mod managed_identity;
mod metadata;
mod operational_insights;
mod operations_management;
mod pattern;
mod pipelines;
mod request_log;
mod resource_manager;
mod resource_path;
mod security;
mod security_insights;
mod service;
mod simulator;
mod state;
mod template;
mod world;

pub use alerts::{Alert, Column, Severity, columns};
pub use faults::{Effect, Fault, Moment};
pub use http::Request;
pub use simulator::{Simulator, StartError};
pub use world::identities::Login;
pub use world::tables::Row;
pub use world::{World, WorldError};
