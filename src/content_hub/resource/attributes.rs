//! The attribute table of the resource `sentinel_content_hub_solution`.

use std::collections::BTreeMap;

use crate::content_hub::content_id::A_CONTENT_ID;
use crate::content_hub::version::SolutionVersion;
use crate::content_hub::version::constraint::VersionConstraint;
use crate::framework::{Attribute, Schema, Timeouts, Validator, Value};
use crate::sentinel::WorkspaceId;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description(
        "ARM id of the Log Analytics workspace that Microsoft Sentinel runs on. Compared without case. Changing this \
         forces a new resource to be created.",
    )
    .semantic_equality(WorkspaceId::normal_form)
    .requires_replace();

pub(super) const CONTENT_ID: Attribute<Option<String>> = Attribute::optional_computed("content_id")
    .description(
        "Content id of the solution, for example `azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud`; \
         compared without case. Changing this forces a new resource to be created.",
    )
    .validate(&[A_CONTENT_ID])
    .semantic_equality(lower_case)
    .use_state_for_unknown()
    .requires_replace();

/// The content id as a part of the identity, where it cannot be left out.
pub(super) const IDENTITY_CONTENT_ID: Attribute<String> = Attribute::required(CONTENT_ID.name())
    .description("Content id of the solution.")
    .semantic_equality(lower_case)
    .requires_replace();

pub(super) const DISPLAY_NAME: Attribute<Option<String>> = Attribute::optional_computed("display_name")
    .description(
        "Name of the solution as the portal shows it; compared without case. Content ids are unique and stay, names may \
         not: prefer `content_id`. A name that means another solution forces a new resource to be created.",
    )
    .validate(&[NOT_BLANK])
    .semantic_equality(lower_case)
    .use_state_for_unknown();

pub(super) const VERSION: Attribute<Option<String>> = Attribute::optional_computed("version")
    .description(
        "Exactly this version. The catalogue offers only the newest version of a solution, so a version that is not \
         installed can be had only while it is the newest; an older one is an error. Without it, the newest version is \
         installed at create, and this is then what is installed.",
    )
    .validate(&[A_VERSION])
    .semantic_equality(same_version)
    .use_state_for_unknown();

pub(super) const VERSION_CONSTRAINT: Attribute<Option<VersionConstraint>> = Attribute::optional("version_constraint")
    .description(
        "Condition on the installed version in Terraform's own syntax, for example `>= 3.0.0, < 4.0.0`. Where the \
         installed version does not meet it, the plan shows an upgrade.",
    );

pub(super) const TRACK_LATEST: Attribute<bool> = Attribute::optional_with_default("track_latest", || false)
    .description("Whether a newer version in the catalogue is an upgrade in the plan.");

pub(super) const PARAMETERS: Attribute<Option<BTreeMap<String, String>>> = Attribute::optional("parameters")
    .description(
        "Values for the parameters that the solution's own template asks for, beyond the workspace and its location, \
         which are filled in. Numbers and flags are written as text, lists and objects with `jsonencode`. They are kept in \
         the state: mark what is secret as sensitive. A change deploys the solution again.",
    );

pub(super) const ADOPT_EXISTING: Attribute<bool> = Attribute::optional_with_default("adopt_existing", || true)
    .description(
        "Whether a solution that is installed already is taken over, which the plan says in a warning: installing is \
         an upsert in Azure. With `false`, the plan fails with the `import` block to paste.",
    );

pub(super) const INSTALLED_VERSION: Attribute<Option<String>> = Attribute::computed("installed_version")
    .description("Version in the workspace; null where Azure holds only remains of the solution.")
    .use_state_for_unknown();

pub(super) const AVAILABLE_VERSION: Attribute<Option<String>> = Attribute::computed("available_version")
    .description(
        "Version that the catalogue offers: always the newest one. Null where the catalogue does not have the solution \
         any more.",
    )
    .use_state_for_unknown();

pub(super) const UPDATE_AVAILABLE: Attribute<Option<bool>> = Attribute::computed("update_available")
    .description("Whether the catalogue offers a newer version than the installed one.")
    .use_state_for_unknown();

pub(super) const CONTENT_PRODUCT_ID: Attribute<Option<String>> = Attribute::computed("content_product_id")
    .description(
        "Id of the installed version; changes with every version. Null where an older version is installed than the \
             catalogue offers, and this resource has not seen it while it was on offer.",
    )
    .use_state_for_unknown();

pub(super) const DEPENDENCIES: Attribute<Option<Vec<String>>> = Attribute::computed("dependencies")
    .description(
        "Content ids of the other solutions that this one needs. What it brings itself, the data source \
         `sentinel_content_hub_solution` lists.",
    )
    .use_state_for_unknown();

pub(super) const CONNECTOR_IDS: Attribute<Option<Vec<String>>> = Attribute::computed("connector_ids")
    .description(
        "ARM ids of the connector pages that the solution has put into the workspace. A page is not a connection: it \
         says nothing about whether data flows.",
    )
    .use_state_for_unknown();

pub(super) const TEMPLATE_COUNT: Attribute<Option<i64>> = Attribute::computed("template_count")
    .description("How many content templates the solution has put into the workspace.")
    .use_state_for_unknown();

pub(super) const DEPLOYMENT_NAME: Attribute<Option<String>> = Attribute::computed("deployment_name")
    .description(
        "Name of the deployment, in the workspace's resource group, that installed the solution last; null where this \
         resource has not installed it.",
    )
    .use_state_for_unknown();

pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("ARM id of the installed solution.").use_state_for_unknown();

const NOT_BLANK: Validator =
    Validator::pattern("a text that is not blank", "Microsoft Defender for Cloud", |text| !text.trim().is_empty());

const A_VERSION: Validator =
    Validator::pattern("a version: numbers separated by dots", "3.0.3", |text| SolutionVersion::parse(text).is_ok());

pub(super) fn schema() -> Schema {
    Schema::new(
        "Installs a solution of the Content Hub of Microsoft Sentinel into a workspace, keeps it at a version, upgrades it \
         in place, and installs it again where its content has gone missing.\n\n\
         Installing is what the portal does: the solution is registered, and its packaged content, an ARM template, is \
         deployed into the workspace's resource group. That takes minutes; the log (`TF_LOG=INFO`) has a line for each \
         resource that is done. Planning only reads.\n\n\
         Destroying takes away the registration, the content templates and the connector pages of the solution. What \
         was made from its templates stays, and a warning names it; a connection that is on is not cut.",
    )
    .attribute(&WORKSPACE_ID)
    .attribute(&CONTENT_ID)
    .attribute(&DISPLAY_NAME)
    .attribute(&VERSION)
    .attribute(&VERSION_CONSTRAINT)
    .attribute(&TRACK_LATEST)
    .attribute(&PARAMETERS)
    .attribute(&ADOPT_EXISTING)
    .attribute(&INSTALLED_VERSION)
    .attribute(&AVAILABLE_VERSION)
    .attribute(&UPDATE_AVAILABLE)
    .attribute(&CONTENT_PRODUCT_ID)
    .attribute(&DEPENDENCIES)
    .attribute(&CONNECTOR_IDS)
    .attribute(&TEMPLATE_COUNT)
    .attribute(&DEPLOYMENT_NAME)
    .attribute(&ID)
    .exactly_one_of(&[&CONTENT_ID, &DISPLAY_NAME])
    .timeouts(Timeouts::RESOURCE)
}

/// Names that differ in case only are the same.
fn lower_case(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.trim().to_lowercase()),
        other => other.clone(),
    }
}

/// `3.0` and `3.0.0` are the same version.
fn same_version(value: &Value) -> Value {
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
    fn the_schema_is_one_that_the_cli_takes() {
        assert_eq!(schema().problems(SchemaKind::Resource), Vec::<String>::new());
    }

    #[test]
    fn the_schema_is_the_public_interface() {
        let rows: Vec<String> = schema()
            .attributes()
            .map(|row| {
                let replaces = if row.replacement.is_some() { ", new resource" } else { "" };
                format!("{}: {:?} {}{replaces}", row.name, row.mode, row.shape.value_type())
            })
            .collect();

        insta::assert_snapshot!(rows.join("\n"));
    }

    #[test]
    fn versions_that_mean_the_same_are_the_same() {
        let same = |one: &str, two: &str| same_version(&one.into()) == same_version(&two.into());

        assert!(same("3.0", "3.0.0"));
        assert!(same("v3.0.3", "3.0.3"));
        assert!(!same("3.0.3", "3.0.3-beta"));
        assert!(!same("3.0.3", "3.0.30"));
        assert!(same("newest", "newest"));
    }
}
