//! The simulator over real TLS, surface by surface: what Azure would answer, it answers.

mod admin;
mod arm;
mod content_hub;
mod data_connectors;
mod deployment_faults;
mod deployments;
mod entra;
mod faults;
mod harness;
mod in_process;
mod metadata;
mod onboarding;
mod process;
