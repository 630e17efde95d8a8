//! A local Azure that is as strict as the real one, for the demo and the tests.
//!
//! One HTTPS listener plays every host that a client of Azure talks to: Entra (`entra`), the cloud's metadata
//! (`metadata`), and Resource Manager (`arm`) with the resource providers behind it (`resource_manager`,
//! `operational_insights`, `authorization`, `security_insights`). What exists is data (`world`): ARM documents
//! by id, and beside them tenants, applications, roles, behaviours and the Content Hub catalogue. What templates come
//! to when they are deployed is in `template`. Tests reach
//! behind the scenes through `/_simulator` (`admin`): they change documents, inject faults, read the request
//! log and move the clock.
//!
//! A request passes `http` (TLS, faults, log), then `service`, which sends it to one of the surfaces above. All
//! of them are plain functions of a request and the world: no I/O, no waiting.

mod admin;
mod arm;
mod authorization;
mod clock;
mod entra;
mod faults;
mod http;
mod journal;
mod metadata;
mod operational_insights;
mod resource_manager;
mod security_insights;
mod service;
mod simulator;
mod template;
mod world;

pub use simulator::{Options, Ready, Simulator, StartError};
