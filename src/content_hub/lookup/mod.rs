//! Looking a solution up: by content id or by name, in the catalogue and in the workspace.

pub mod catalogue;
mod listing;
pub mod lookup_diagnostic;
mod nearest;
pub mod selector;
pub mod solution;
