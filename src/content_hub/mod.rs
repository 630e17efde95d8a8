//! Content Hub solutions of Microsoft Sentinel.
//!
//! A solution is a package in the catalog. To install it, the provider registers it in a workspace and deploys its
//! template. The template adds connector pages, content templates, and metadata that links them to the solution.
//!
//! Each folder imports only the folders above it:
//!
//! | folder | contents |
//! |---|---|
//! | [`api`] | the documents of Azure's Content Hub API |
//! | [`version`] | versions and version constraints |
//! | [`lookup`] | reads the catalog and the workspace, and finds a solution |
//! | [`installation`] | installs, repairs and uninstalls solutions |
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
pub use data_sources::solution::SolutionDataSource;
pub use data_sources::solutions::SolutionsDataSource;
pub use lookup::by_name::{changes_packages, package_by_name};
pub use resource::{SolutionResource, is_being_installed};
pub use version::SolutionVersion;
pub use version::constraint::VersionConstraint;
