//! Finds a solution in the catalog and in a workspace, by content ID or display name.

pub mod by_name;
mod catalog;
pub mod content_hub;
pub mod diagnostics;
pub mod error;
pub mod selector;
pub mod solution;
mod suggestions;
