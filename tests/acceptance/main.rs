//! Acceptance tests: real Terraform and real OpenTofu drive the built provider against the simulated Azure.
//!
//! One file a theme, one function a rule. Each scenario runs with Terraform and with OpenTofu (`theme::terraform::rule`,
//! `theme::tofu::rule`), and with the latest Terraform (`theme::latest_terraform::rule`) if its `scenarios!` says so. It
//! has its own folder and its own simulator, and checks three things: what the CLI prints, what the state holds, and what
//! Azure holds and was asked. Run them with `cargo xtask test`.

#![expect(clippy::needless_pass_by_value, reason = "a scenario owns its scene, which ends with it")]

#[macro_use]
mod support;

mod alert_summary;
#[cfg(unix)]
mod azure_cli;
mod azure_error_texts;
mod bad_input;
mod client_certificate;
mod complete_example;
mod connectors_moved;
mod content_hub_failures;
mod content_hub_import;
mod content_hub_install;
mod content_hub_interruption;
mod content_hub_many;
mod content_hub_refused_templates;
mod content_hub_rename;
mod content_hub_repair;
mod content_hub_replacement;
mod content_hub_search;
mod content_hub_uninstall;
mod content_hub_versions;
#[cfg(unix)]
mod contract_record;
mod data_connectors;
mod defender_xdr_connector;
mod defender_xdr_owners;
mod dfc_subscription_connector;
mod drift;
mod examples;
mod faults;
mod import;
mod incident_creation_rule;
#[cfg(unix)]
mod interruption;
mod lifecycle;
mod log_query;
mod login;
#[cfg(unix)]
mod login_programs;
mod many_workspaces;
mod migration;
mod onboarding;
mod ownership_conflicts;
mod permissions;
mod preflight;
mod prerequisites;
mod provider_arguments;
mod provider_installation;
mod replacement;
mod secrets;
mod solution;
mod unknown_values;
mod version_constraints;
mod workspace_onboarding;
mod workspace_onboarding_moved;
