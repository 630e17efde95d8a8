//! Content Hub solutions: what the catalogue offers, what a workspace has, and how versions compare.
//!
//! [`package`] reads Azure's documents, [`solution`] says what is true of a solution in a workspace, [`catalogue`] makes
//! the requests, [`version`] and [`constraint`] hold the rules of versions. [`installation`] installs and uninstalls. The
//! resource and the data sources that users see of it are `solution_resource/`, `solution_data_source` and
//! `solutions_data_source`.

pub mod catalogue;
pub mod constraint;
mod content_id;
mod dependency;
pub mod entry;
mod expression;
pub mod installation;
pub mod installed_content;
mod listed_solution;
mod lookup_diagnostic;
mod nearest;
pub mod package;
mod package_objects;
pub mod packaged_content;
pub mod selector;
pub mod solution;
mod solution_attributes;
mod solution_data_source;
mod solution_resource;
mod solutions_data_source;
mod solutions_filter;
pub mod template_names;
#[cfg(test)]
pub(crate) mod testing;
pub mod version;

pub use catalogue::{ContentHub, LookupError};
pub use constraint::VersionConstraint;
pub use dependency::Dependency;
pub use package::Package;
pub use selector::Selector;
pub use solution::Solution;
pub use solution_data_source::SolutionDataSource;
pub use solution_resource::SolutionResource;
pub use solutions_data_source::SolutionsDataSource;
pub use version::SolutionVersion;
