//! Acceptance tests: Terraform and OpenTofu run the built provider against the simulated Azure.
//!
//! Each file covers a topic, and each function a rule. Each scenario runs with Terraform and with OpenTofu
//! (`topic::terraform::rule`, `topic::tofu::rule`), and with the latest Terraform (`topic::latest_terraform::rule`) if
//! its `scenarios!` lists it there. It has its own folder and its own simulator. It checks the output of Terraform, the
//! content of the state, and the content and the requests of Azure. Run the tests with `cargo xtask test`.

#![expect(clippy::needless_pass_by_value, reason = "a scenario owns its scene, which is dropped at its end")]

#[macro_use]
mod support;

mod alert_summary;
mod authentication;
#[cfg(unix)]
mod azure_cli;
mod azure_error_texts;
#[cfg(unix)]
mod azure_programs;
mod bad_input;
mod client_certificate;
mod client_secret;
mod complete_example;
mod connectors_moved;
mod content_hub_failures;
mod content_hub_import;
mod content_hub_install;
mod content_hub_interruption;
mod content_hub_many;
mod content_hub_rejected_templates;
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
mod managed_identity;
mod many_workspaces;
mod migration;
mod oidc;
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
