//! A solution in the list of `sentinel_content_hub_solutions`. It has the attributes of `sentinel_content_hub_solution`
//! except for the long texts.

use super::attributes::SolutionDetails;
use crate::content_hub::lookup::solution::Solution;
use crate::framework::{Attribute, nested_object};

nested_object! {
    /// One element of `solutions`.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub(crate) struct ListedSolution {
        content_id: String = Attribute::computed("content_id").description("The content ID of the solution."),
        display_name: Option<String> = Attribute::computed("display_name")
            .description("The display name of the solution."),
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
