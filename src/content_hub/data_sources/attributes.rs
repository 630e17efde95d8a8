//! The attributes of the data source `sentinel_content_hub_solution`.
//!
//! | source | attributes |
//! |---|---|
//! | the configuration | `workspace_id`, `content_id` or `display_name`, `version_constraint` |
//! | `GET …/contentProductPackages/{name}` | all the others |
//! | `GET …/contentPackages` | `stale_registration`, and the description if the catalog does not contain the solution |
//! | both requests: see [`crate::content_hub::lookup::solution`] | `installed`, `installed_version`, `available_version`, `update_available`, `satisfies` |

use crate::content_hub::api::dependency::Dependency;
use crate::content_hub::api::package::{Categories, Support};
use crate::content_hub::content_id::CONTENT_ID_FORMAT;
use crate::content_hub::lookup::solution::Solution;
use crate::content_hub::version::constraint::VersionConstraint;
use crate::framework::{Attribute, Validator, nested_object};
use crate::sentinel::WorkspaceId;

pub(crate) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace that Microsoft Sentinel runs on.");

pub(crate) const CONTENT_ID: Attribute<Option<String>> = Attribute::optional_computed("content_id")
    .description(
        "The content ID of the solution, for example \
         `azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud`. Not case-sensitive.",
    )
    .validate(&[CONTENT_ID_FORMAT]);

pub(crate) const DISPLAY_NAME: Attribute<Option<String>> = Attribute::optional_computed("display_name")
    .description("The display name of the solution. Not case-sensitive.")
    .validate(&[NOT_BLANK]);

pub(crate) const VERSION_CONSTRAINT: Attribute<Option<VersionConstraint>> = Attribute::optional("version_constraint")
    .description(
        "A constraint on the installed version in Terraform's syntax, for example `>= 3.0.0, < 4.0.0`. It only sets \
         `satisfies`. To fail the plan, add a `postcondition` on `satisfies`.",
    );

pub(crate) const SATISFIES: Attribute<Option<bool>> = Attribute::computed("satisfies").description(
    "Whether the installed version meets `version_constraint`. `false` if the solution is not installed. Null if \
     `version_constraint` is not set.",
);

pub(crate) const DESCRIPTION: Attribute<Option<String>> =
    Attribute::computed("description").description("The publisher's description, in Markdown or HTML.");

nested_object! {
    /// The attributes of a solution that both data sources share.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub(crate) struct SolutionDetails {
        pub(crate) installed: bool = Attribute::computed("installed")
            .description("Whether the solution is installed in the workspace."),
        pub(crate) installed_version: Option<String> = Attribute::computed("installed_version")
            .description("The installed version. Null if the solution is not installed."),
        pub(crate) available_version: Option<String> = Attribute::computed("available_version")
            .description(
                "The version in the catalog, which is always the newest one. Null if the catalog does not contain the \
                 solution.",
            ),
        pub(crate) update_available: bool = Attribute::computed("update_available")
            .description("Whether the catalog offers a newer version than the installed one."),
        pub(crate) stale_registration: bool = Attribute::computed("stale_registration")
            .description(
                "Whether the workspace lists the solution as installed but the catalog does not. To repair it, \
                 reinstall the solution. Also `true` if the catalog no longer contains the solution. In this case, it \
                 cannot be reinstalled.",
            ),
        pub(crate) content_product_id: Option<String> = Attribute::computed("content_product_id")
            .description("The content product ID of the version in the catalog. It changes with each version."),
        pub(crate) content_schema_version: Option<String> = Attribute::computed("content_schema_version")
            .description("The version of the content format. Azure requires it for installation."),
        pub(crate) content_kind: Option<String> = Attribute::computed("content_kind")
            .description("The kind of the package: `Solution` or `Standalone`."),
        pub(crate) publisher: Option<String> = Attribute::computed("publisher")
            .description("The name of the publisher."),
        pub(crate) support: Option<Support> = Attribute::computed("support").description("The support contact."),
        pub(crate) categories: Categories = Attribute::computed("categories")
            .description("The categories of the solution."),
        pub(crate) dependencies: Vec<Dependency> = Attribute::computed("dependencies")
            .description("The content of the solution, and the other solutions that it requires."),
        pub(crate) is_preview: bool = Attribute::computed("is_preview")
            .description("Whether the solution is a preview."),
        pub(crate) is_deprecated: bool = Attribute::computed("is_deprecated")
            .description("Whether the publisher has deprecated the solution."),
        pub(crate) first_published: Option<String> = Attribute::computed("first_published")
            .description("The date of the first version, for example `2022-05-17`."),
        pub(crate) last_published: Option<String> = Attribute::computed("last_published")
            .description("The date of the version in the catalog."),
        pub(crate) id: String = Attribute::computed("id")
            .description(
                "The ID of the solution's catalog entry. If the catalog does not contain the solution, the ID of its \
                 entry in the list of installed solutions.",
            ),
    }
}

impl SolutionDetails {
    pub(crate) fn of(solution: &Solution) -> Self {
        let package = solution.package().clone();
        Self {
            installed: solution.is_installed(),
            installed_version: solution.installed_version().map(str::to_owned),
            available_version: solution.available_version().map(str::to_owned),
            update_available: solution.is_update_available(),
            stale_registration: solution.is_stale_registration(),
            content_product_id: package.content_product_id,
            content_schema_version: package.content_schema_version,
            content_kind: package.content_kind,
            publisher: package.publisher,
            support: package.support,
            categories: package.categories,
            dependencies: package.dependencies,
            is_preview: package.is_preview,
            is_deprecated: package.is_deprecated,
            first_published: package.first_published,
            last_published: package.last_published,
            id: package.id,
        }
    }
}

const NOT_BLANK: Validator =
    Validator::pattern("not be blank", "Microsoft Defender for Cloud", |text| !text.trim().is_empty());
