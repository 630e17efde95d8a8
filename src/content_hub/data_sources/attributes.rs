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
use crate::content_hub::version::constraint::VersionConstraint;
use crate::framework::{Attribute, Validator};
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

pub(crate) const INSTALLED: Attribute<bool> =
    Attribute::computed("installed").description("Whether the solution is installed in the workspace.");

pub(crate) const INSTALLED_VERSION: Attribute<Option<String>> = Attribute::computed("installed_version")
    .description("Version in the workspace; null where the solution is not installed.");

pub(crate) const AVAILABLE_VERSION: Attribute<Option<String>> = Attribute::computed("available_version").description(
    "Version that the catalogue offers: always the newest one. Null where the catalogue lacks the solution.",
);

pub(crate) const UPDATE_AVAILABLE: Attribute<bool> = Attribute::computed("update_available")
    .description("Whether the catalogue offers a newer version than the installed one.");

pub(crate) const SATISFIES: Attribute<Option<bool>> = Attribute::computed("satisfies").description(
    "Whether the installed version meets `version_constraint`: false where the solution is not installed, null without a \
     constraint.",
);

pub(crate) const STALE_REGISTRATION: Attribute<bool> = Attribute::computed("stale_registration").description(
    "Whether the list of installed solutions has this one while the catalogue says that it is not installed: a left-over \
     of an earlier workspace of the same name. Reinstalling the solution repairs it. Also where the catalogue does not have \
     the solution at all, and so cannot tell: it may have been withdrawn since it was installed, and cannot be reinstalled.",
);

pub(crate) const CONTENT_PRODUCT_ID: Attribute<Option<String>> =
    Attribute::computed("content_product_id").description("Id of the version on offer; changes with every version.");

pub(crate) const CONTENT_SCHEMA_VERSION: Attribute<Option<String>> = Attribute::computed("content_schema_version")
    .description("Version of the format of the packaged content; Azure asks for it at installation.");

pub(crate) const CONTENT_KIND: Attribute<Option<String>> =
    Attribute::computed("content_kind").description("`Solution` or `Standalone`.");

pub(crate) const DESCRIPTION: Attribute<Option<String>> =
    Attribute::computed("description").description("What the publisher says of it, in Markdown or HTML.");

pub(crate) const PUBLISHER: Attribute<Option<String>> =
    Attribute::computed("publisher").description("Name of the publisher.");

pub(crate) const SUPPORT: Attribute<Option<Support>> =
    Attribute::computed("support").description("Who supports the solution.");

pub(crate) const CATEGORIES: Attribute<Categories> =
    Attribute::computed("categories").description("What the solution is about.");

pub(crate) const DEPENDENCIES: Attribute<Vec<Dependency>> = Attribute::computed("dependencies")
    .description("The content that the solution brings, and other solutions that it needs, in Azure's order.");

pub(crate) const IS_PREVIEW: Attribute<bool> =
    Attribute::computed("is_preview").description("Whether the solution is a preview.");

pub(crate) const IS_DEPRECATED: Attribute<bool> =
    Attribute::computed("is_deprecated").description("Whether the publisher has given the solution up.");

pub(crate) const FIRST_PUBLISHED: Attribute<Option<String>> =
    Attribute::computed("first_published").description("Date of the first version, as Azure writes it: `2022-05-17`.");

pub(crate) const LAST_PUBLISHED: Attribute<Option<String>> =
    Attribute::computed("last_published").description("Date of the version on offer, as Azure writes it.");

pub(crate) const ID: Attribute<String> = Attribute::computed("id").description(
    "ARM id of the solution's entry in the catalogue; where the catalogue lacks it, of its entry in the installed list.",
);

const NOT_BLANK: Validator =
    Validator::pattern("a text that is not blank", "Microsoft Defender for Cloud", |text| !text.trim().is_empty());
