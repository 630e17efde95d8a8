//! Content Hub solutions: what the catalogue offers, what a workspace has, and how versions compare.
//!
//! | folder | holds |
//! |---|---|
//! | [`api`] | the documents of Azure's Content Hub API |
//! | [`version`] | versions and version constraints |
//! | [`lookup`] | finding a solution in the catalogue and in a workspace |
//! | [`installation`] | the rules and the steps of installing, repairing and uninstalling |
//! | `resource` | the resource `sentinel_content_hub_solution` |
//! | `data_sources` | the data sources `sentinel_content_hub_solution` and `sentinel_content_hub_solutions` |

pub mod api;
mod content_id;
mod data_sources;
pub mod installation;
pub mod lookup;
mod resource;
pub mod version;

pub use api::dependency::Dependency;
pub use api::package::Package;
pub use data_sources::solution::SolutionDataSource;
pub use data_sources::solutions::SolutionsDataSource;
pub use lookup::catalogue::{ContentHub, LookupError};
pub use lookup::selector::Selector;
pub use lookup::solution::Solution;
pub use resource::SolutionResource;
pub use version::SolutionVersion;
pub use version::constraint::VersionConstraint;
