//! The attributes of `sentinel_content_hub_solution`.
//!
//! | from | attributes |
//! |---|---|
//! | configuration | `workspace_id`, `content_id` or `display_name`, `version_constraint` |
//! | `GET …/contentProductPackages/{name}` | all the others |
//! | `GET …/contentPackages` | `stale_registration`; where the catalogue lacks the solution, also what describes it |
//! | both, by the rules of [`crate::content_hub::lookup::solution`] | `installed`, `installed_version`, `available_version`, `update_available`, `satisfies` |

use crate::content_hub::api::dependency::Dependency;
use crate::content_hub::api::package::{Categories, Support};
use crate::content_hub::content_id::A_CONTENT_ID;
use crate::content_hub::lookup::solution::Solution;
use crate::content_hub::version::constraint::VersionConstraint;
use crate::framework::{Attribute, Validator, nested_object};
use crate::sentinel::WorkspaceId;

pub(crate) const WORKSPACE_ID: Attribute<WorkspaceId> =
    Attribute::required("workspace_id").description("ARM id of the Log Analytics workspace. Sentinel must be on it.");

pub(crate) const CONTENT_ID: Attribute<Option<String>> = Attribute::optional_computed("content_id").description(
    "Content id of the solution, for example `azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud`; compared \
     without case.",
).validate(&[A_CONTENT_ID]);

pub(crate) const DISPLAY_NAME: Attribute<Option<String>> = Attribute::optional_computed("display_name")
    .description("Name of the solution as the portal shows it; compared without case.")
    .validate(&[NOT_BLANK]);

pub(crate) const VERSION_CONSTRAINT: Attribute<Option<VersionConstraint>> = Attribute::optional("version_constraint")
    .description(
        "Condition on the installed version in Terraform's own syntax, for example `>= 3.0.0, < 4.0.0`. The answer is in \
         `satisfies`; by itself it stops nothing, a `postcondition` on that does.",
    );

pub(crate) const SATISFIES: Attribute<Option<bool>> = Attribute::computed("satisfies").description(
    "Whether the installed version meets `version_constraint`: false where the solution is not installed, null without a \
     constraint.",
);

pub(crate) const DESCRIPTION: Attribute<Option<String>> =
    Attribute::computed("description").description("What the publisher says of it, in Markdown or HTML.");

nested_object! {
    /// What both data sources say of a solution.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub(crate) struct SolutionDetails {
        pub(crate) installed: bool = Attribute::computed("installed").description("Whether the solution is installed in the workspace."),
        pub(crate) installed_version: Option<String> = Attribute::computed("installed_version")
        .description("Version in the workspace; null where the solution is not installed."),
        pub(crate) available_version: Option<String> = Attribute::computed("available_version").description(
        "Version that the catalogue offers: always the newest one. Null where the catalogue lacks the solution.",
    ),
        pub(crate) update_available: bool = Attribute::computed("update_available")
        .description("Whether the catalogue offers a newer version than the installed one."),
        pub(crate) stale_registration: bool = Attribute::computed("stale_registration").description(
        "Whether the list of installed solutions has this one while the catalogue says that it is not installed: a left-over \
         of an earlier workspace of the same name. Reinstalling the solution repairs it. Also where the catalogue does not have \
         the solution at all, and so cannot tell: it may have been withdrawn since it was installed, and cannot be reinstalled.",
    ),
        pub(crate) content_product_id: Option<String> = Attribute::computed("content_product_id").description("Id of the version on offer; changes with every version."),
        pub(crate) content_schema_version: Option<String> = Attribute::computed("content_schema_version")
        .description("Version of the format of the packaged content; Azure asks for it at installation."),
        pub(crate) content_kind: Option<String> = Attribute::computed("content_kind").description("`Solution` or `Standalone`."),
        pub(crate) publisher: Option<String> = Attribute::computed("publisher").description("Name of the publisher."),
        pub(crate) support: Option<Support> = Attribute::computed("support").description("Who supports the solution."),
        pub(crate) categories: Categories = Attribute::computed("categories").description("What the solution is about."),
        pub(crate) dependencies: Vec<Dependency> = Attribute::computed("dependencies")
        .description("The content that the solution brings, and other solutions that it needs, in Azure's order."),
        pub(crate) is_preview: bool = Attribute::computed("is_preview").description("Whether the solution is a preview."),
        pub(crate) is_deprecated: bool = Attribute::computed("is_deprecated").description("Whether the publisher has given the solution up."),
        pub(crate) first_published: Option<String> = Attribute::computed("first_published").description("Date of the first version, as Azure writes it: `2022-05-17`."),
        pub(crate) last_published: Option<String> = Attribute::computed("last_published").description("Date of the version on offer, as Azure writes it."),
        pub(crate) id: String = Attribute::computed("id").description(
        "ARM id of the solution's entry in the catalogue; where the catalogue lacks it, of its entry in the installed list.",
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
    Validator::pattern("a text that is not blank", "Microsoft Defender for Cloud", |text| !text.trim().is_empty());
