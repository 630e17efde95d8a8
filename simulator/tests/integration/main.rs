//! The simulator over real HTTPS: each service responds as Azure does.

mod admin;
mod alert_rules;
mod alerts;
mod arm;
mod certificates;
mod content_hub;
mod data_connectors;
mod deployment_faults;
mod deployments;
mod entra;
mod faults;
mod graph;
mod harness;
mod http2;
mod in_process;
mod log_analytics;
mod metadata;
mod onboarding;
mod permissions;
mod process;
mod resource_groups;
mod security;
mod tags;
mod what_if;
mod workspaces;
