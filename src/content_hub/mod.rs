//! Content Hub solutions: what the catalogue offers, what a workspace has, and how versions compare.
//!
//! [`package`] reads Azure's documents, [`solution`] says what is true of a solution in a workspace, [`catalogue`] makes
//! the requests, [`version`] and [`constraint`] hold the rules of versions.

pub mod catalogue;
pub mod constraint;
mod dependency;
mod lookup_diagnostic;
mod nearest;
pub mod package;
mod package_objects;
pub mod selector;
pub mod solution;
mod solution_attributes;
mod solution_data_source;
pub mod version;

pub use catalogue::{ContentHub, LookupError};
pub use constraint::VersionConstraint;
pub use dependency::Dependency;
pub use package::Package;
pub use selector::Selector;
pub use solution::Solution;
pub use solution_data_source::SolutionDataSource;
pub use version::SolutionVersion;
