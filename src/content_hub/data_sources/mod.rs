//! The data sources `sentinel_content_hub_solution` and `sentinel_content_hub_solutions`.

mod attributes;
mod filter;
mod listed_solution;
mod package_objects;
pub(crate) mod solution;
pub(crate) mod solutions;
