//! The attributes of the resource `sentinel_content_hub_solution`.

use std::collections::BTreeMap;

use crate::content_hub::content_id::CONTENT_ID_FORMAT;
use crate::content_hub::installation::Repair;
use crate::content_hub::version::SolutionVersion;
use crate::content_hub::version::constraint::VersionConstraint;
use crate::framework::{Attribute, Schema, Timeouts, Validator, Value};
use crate::sentinel::WorkspaceId;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace that Microsoft Sentinel runs on.")
    .semantic_equality(WorkspaceId::normal_form)
    .requires_replace();

pub(super) const CONTENT_ID: Attribute<Option<String>> = Attribute::optional_computed("content_id")
    .description(
        "The content ID of the solution, for example \
         `azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud`. Not case-sensitive.",
    )
    .validate(&[CONTENT_ID_FORMAT])
    .semantic_equality(lower_case)
    .use_state_for_unknown()
    .requires_replace();

/// The content ID in the resource identity, where it is required.
pub(super) const IDENTITY_CONTENT_ID: Attribute<String> = Attribute::required(CONTENT_ID.name())
    .description("The content ID of the solution.")
    .semantic_equality(lower_case)
    .requires_replace();

pub(super) const DISPLAY_NAME: Attribute<Option<String>> = Attribute::optional_computed("display_name")
    .description(
        "The display name of the solution. Not case-sensitive. Prefer `content_id`, because display names can change \
         and are not always unique. Changing this to the name of another solution forces a new resource to be created.",
    )
    .validate(&[NOT_BLANK])
    .semantic_equality(lower_case)
    .use_state_for_unknown();

pub(super) const VERSION: Attribute<Option<String>> = Attribute::optional_computed("version")
    .description(
        "The exact version of the solution. The catalog offers only the newest version, so the value must be that \
         version or the installed one. If not set, the newest version is installed at creation, and this attribute \
         shows the installed version. After an import, it is null until the provider installs the solution.",
    )
    .validate(&[VERSION_FORMAT])
    .semantic_equality(canonical_version)
    .use_state_for_unknown();

pub(super) const VERSION_CONSTRAINT: Attribute<Option<VersionConstraint>> = Attribute::optional("version_constraint")
    .description(
        "A constraint on the installed version in Terraform's syntax, for example `>= 3.0.0, < 4.0.0`. If the \
         installed version does not meet it, the plan shows an upgrade.",
    );

pub(super) const TRACK_LATEST: Attribute<bool> = Attribute::optional_with_default("track_latest", || false)
    .description("Whether to upgrade the solution when the catalog offers a newer version.");

pub(super) const PARAMETERS: Attribute<Option<BTreeMap<String, String>>> = Attribute::optional("parameters")
    .description(
        "The values of the parameters of the solution's ARM template. The provider sets the workspace and its \
         location. Write numbers and booleans as strings, and lists and objects with `jsonencode`. The state contains \
         the values in plain text, even if they are marked as sensitive. Changing this reinstalls the solution in \
         place.",
    );

pub(super) const REPAIR: Attribute<Option<Repair>> = Attribute::optional_computed("repair")
    .description(
        "What to do if installed content is missing. Possible values are `always` (the plan reinstalls the solution in \
         place), `warn` (the plan only warns) and `never` (the plan ignores it). An installation that did not finish \
         is always repeated. If you remove this argument, the last value stays in effect. Defaults to `always`, or to \
         `warn` for an imported solution.",
    )
    .use_state_for_unknown();

pub(super) const ADOPT_EXISTING: Attribute<bool> = Attribute::optional_with_default("adopt_existing", || true)
    .description(
        "Whether to adopt a solution that is already installed. The plan warns about the adoption. If `false` and the \
         solution is installed, the apply fails, and the error contains the `import` block for it.",
    );

pub(super) const INSTALLED_VERSION: Attribute<Option<String>> = Attribute::computed("installed_version")
    .description("The installed version. Null if the solution is only partly installed.")
    .use_state_for_unknown();

pub(super) const AVAILABLE_VERSION: Attribute<Option<String>> = Attribute::computed("available_version")
    .description(
        "The version in the catalog, which is always the newest one. Null if the catalog no longer contains the \
         solution.",
    )
    .use_state_for_unknown();

pub(super) const UPDATE_AVAILABLE: Attribute<Option<bool>> = Attribute::computed("update_available")
    .description("Whether the catalog offers a newer version than the installed one.")
    .use_state_for_unknown();

pub(super) const IS_DEPRECATED: Attribute<Option<bool>> = Attribute::computed("is_deprecated")
    .description(
        "Whether the publisher has deprecated the solution. Null if the catalog no longer contains the solution.",
    )
    .use_state_for_unknown();

pub(super) const CONTENT_PRODUCT_ID: Attribute<Option<String>> = Attribute::computed("content_product_id")
    .description(
        "The content product ID of the installed version. It changes with each version. Null if Azure does not report \
         it.",
    )
    .use_state_for_unknown();

pub(super) const DEPENDENCIES: Attribute<Option<Vec<String>>> = Attribute::computed("dependencies")
    .description(
        "The content IDs of the other solutions that this solution requires. The data source \
         `sentinel_content_hub_solution` also lists the solution's own content.",
    )
    .use_state_for_unknown();

pub(super) const CONNECTOR_IDS: Attribute<Option<Vec<String>>> = Attribute::computed("connector_ids")
    .description(
        "The IDs of the solution's connector pages in the workspace. A connector page does not show whether its \
         connector is connected.",
    )
    .use_state_for_unknown();

pub(super) const TEMPLATE_COUNT: Attribute<Option<i64>> = Attribute::computed("template_count")
    .description("The number of the solution's content templates in the workspace.")
    .use_state_for_unknown();

pub(super) const DEPLOYMENT_NAME: Attribute<Option<String>> = Attribute::computed("deployment_name")
    .description(
        "The name of the deployment that last installed the solution, in the workspace's resource group. Null if \
         this resource has not installed it.",
    )
    .use_state_for_unknown();

pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("The ID of the installed solution.").use_state_for_unknown();

const NOT_BLANK: Validator =
    Validator::pattern("not be blank", "Microsoft Defender for Cloud", |text| !text.trim().is_empty());

const VERSION_FORMAT: Validator =
    Validator::pattern("numbers separated by dots", "3.0.3", |text| SolutionVersion::parse(text).is_ok());

pub(super) fn schema() -> Schema {
    Schema::new(
        "Installs a Content Hub solution in a Microsoft Sentinel workspace, upgrades it in place, and repairs it if \
         content is missing.\n\nInstallation works as in the portal: the provider creates its content package, and \
         deploys its ARM template to the workspace's resource group. This takes minutes. With `TF_LOG=INFO`, the log contains \
         a line for each deployed resource. `terraform plan` only reads from Azure.\n\nDestroying this resource \
         deletes the content package, the content templates and the connector pages. It does not delete items that you \
         created from the templates, such as analytics rules, and a warning lists them. It does not disconnect data \
         connectors.",
    )
    .attribute(&WORKSPACE_ID)
    .attribute(&CONTENT_ID)
    .attribute(&DISPLAY_NAME)
    .attribute(&VERSION)
    .attribute(&VERSION_CONSTRAINT)
    .attribute(&TRACK_LATEST)
    .attribute(&PARAMETERS)
    .attribute(&REPAIR)
    .attribute(&ADOPT_EXISTING)
    .attribute(&INSTALLED_VERSION)
    .attribute(&AVAILABLE_VERSION)
    .attribute(&UPDATE_AVAILABLE)
    .attribute(&IS_DEPRECATED)
    .attribute(&CONTENT_PRODUCT_ID)
    .attribute(&DEPENDENCIES)
    .attribute(&CONNECTOR_IDS)
    .attribute(&TEMPLATE_COUNT)
    .attribute(&DEPLOYMENT_NAME)
    .attribute(&ID)
    .exactly_one_of(&[&CONTENT_ID, &DISPLAY_NAME])
    .timeouts(Timeouts::RESOURCE)
}

/// The form in which names that differ only in case are equal.
fn lower_case(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.trim().to_lowercase()),
        other => other.clone(),
    }
}

/// The form in which equal versions are equal, such as `3.0` and `3.0.0`.
fn canonical_version(value: &Value) -> Value {
    match value {
        Value::String(text) => match SolutionVersion::parse(text) {
            Ok(version) => Value::String(version.canonical()),
            Err(_) => value.clone(),
        },
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::SchemaKind;

    #[test]
    fn schema_is_valid() {
        assert_eq!(schema().problems(SchemaKind::Resource), Vec::<String>::new());
    }

    #[test]
    fn equivalent_versions_are_semantically_equal() {
        let same = |one: &str, two: &str| canonical_version(&one.into()) == canonical_version(&two.into());

        assert!(same("3.0", "3.0.0"));
        assert!(same("v3.0.3", "3.0.3"));
        assert!(!same("3.0.3", "3.0.3-beta"));
        assert!(!same("3.0.3", "3.0.30"));
        assert!(same("newest", "newest"));
    }
}
