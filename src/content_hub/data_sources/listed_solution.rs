//! A solution as an element of a list: what the single data source says of it, without its description.

use super::attributes::SolutionDetails;
use crate::content_hub::lookup::solution::Solution;
use crate::framework::{Attribute, nested_object};

nested_object! {
    /// One element.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub(crate) struct ListedSolution {
        content_id: String = Attribute::computed("content_id").description("Content id of the solution."),
        display_name: Option<String> = Attribute::computed("display_name")
            .description("Name of the solution as the portal shows it."),
        ..details: SolutionDetails,
    }
}

impl ListedSolution {
    pub(crate) fn of(solution: &Solution) -> Self {
        let package = solution.package();
        Self {
            content_id: package.content_id.clone(),
            display_name: package.display_name.clone(),
            details: SolutionDetails::of(solution),
        }
    }
}
