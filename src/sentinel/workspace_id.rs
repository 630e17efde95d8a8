//! The ID of a Log Analytics workspace.

use std::fmt;

use crate::azure::is_guid;
use crate::azure::resource_id::{ResourceId, advice};
use crate::framework::{AttributeValue, Invalid, Shape, Type, Value};

const TYPE: &str = "Microsoft.OperationalInsights/workspaces";
const SENTINEL: &str = "Microsoft.SecurityInsights";
const EXAMPLE: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/\
                       Microsoft.OperationalInsights/workspaces/law-soc";

const CUSTOMER_ID: &str = "it is a GUID, probably the workspace's customer ID, which azurerm exports as `workspace_id`; \
                           use the workspace's `id` instead";

/// The resource ID of a Log Analytics workspace. Keeps its original spelling. Equality ignores case.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct WorkspaceId(ResourceId);

impl WorkspaceId {
    /// Parses a workspace ID.
    ///
    /// # Errors
    /// The text is not a workspace ID.
    pub fn parse(text: &str) -> Result<Self, InvalidWorkspaceId> {
        let invalid = |problem: String, inside: Option<&ResourceId>| {
            let inside = inside.and_then(Self::containing);
            InvalidWorkspaceId { found: text.to_owned(), problem, inside }
        };
        if is_guid(text.trim()) {
            return Err(invalid(CUSTOMER_ID.to_owned(), None));
        }
        let id = ResourceId::parse(text).map_err(|error| invalid(error.problem.to_owned(), error.inside.as_ref()))?;
        match problem_of(&id) {
            None => Ok(Self(id)),
            Some(problem) => Err(invalid(problem, id.parent().as_ref())),
        }
    }

    /// The workspace that contains an object, for example a data connector; `None` if the object is not in a workspace.
    #[must_use]
    pub fn containing(id: &ResourceId) -> Option<Self> {
        std::iter::successors(Some(id.clone()), ResourceId::parent).find(|id| problem_of(id).is_none()).map(Self)
    }

    /// The name of the workspace.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The ID of the subscription, a GUID.
    #[must_use]
    pub fn subscription(&self) -> &str {
        self.0.subscription()
    }

    /// The resource ID.
    #[must_use]
    pub fn resource_id(&self) -> &ResourceId {
        &self.0
    }

    /// The ID in lower case, which is the same for equal workspaces.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The form that is the same for equal workspace IDs.
    #[must_use]
    pub fn normal_form(value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(text.to_ascii_lowercase()),
            other => other.clone(),
        }
    }

    /// The path of a Sentinel collection in this workspace, for example `dataConnectors`.
    #[must_use]
    pub fn sentinel(&self, collection: &str) -> String {
        format!("{}/providers/{SENTINEL}/{collection}", self.0)
    }

    /// The ID of a Sentinel object in this workspace: `…/providers/Microsoft.SecurityInsights/{type}/{name}`.
    #[must_use]
    pub fn sentinel_resource(&self, resource_type: &str, name: &str) -> ResourceId {
        self.0.extension(SENTINEL, resource_type, name)
    }
}

impl AttributeValue for WorkspaceId {
    fn shape() -> Shape {
        Shape::Type(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let text = String::from_value(value)?;
        Self::parse(&text).map_err(|error| Invalid::new("Not the ID of a Log Analytics workspace", format!("{error}.")))
    }

    fn into_value(self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl fmt::Display for WorkspaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The error of a text that is not the ID of a workspace.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "{found:?} is not the ARM ID of a Log Analytics workspace: {problem}. {}Expected the form \
     /subscriptions/{{subscription}}/resourceGroups/{{group}}/providers/{TYPE}/{{name}}, for example {EXAMPLE}",
    advice(.inside.as_ref())
)]
pub struct InvalidWorkspaceId {
    found: String,
    problem: String,
    /// The workspace ID inside `found`, which is a likely correction.
    inside: Option<WorkspaceId>,
}

/// The first problem of an ID that is not the ID of a workspace.
fn problem_of(id: &ResourceId) -> Option<String> {
    if !id.is_type(TYPE) {
        return Some(format!("it is the ID of a {}", id.provider_type()));
    }
    let Some(group) = id.resource_group() else {
        return Some("it contains no resource group".to_owned());
    };
    if !is_guid(id.subscription()) {
        return Some(format!(
            "the subscription \"{}\" is not a GUID, and Azure needs its ID instead of its name",
            id.subscription()
        ));
    }
    if group.ends_with('.') {
        return Some("the name of a resource group cannot end with a dot".to_owned());
    }
    if group.chars().count() > 90 || !group.chars().all(|c| c.is_alphanumeric() || "_-.()".contains(c)) {
        return Some(
            "the name of a resource group can contain only letters, digits and _ - . ( ), at most 90".to_owned(),
        );
    }
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '-';
    if !id.name().chars().all(is_plain) {
        return Some("the name of a workspace can contain only letters, digits and hyphens".to_owned());
    }
    if id.name().starts_with('-') || id.name().ends_with('-') {
        return Some("the name of a workspace must begin and end with a letter or a digit".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem(text: &str) -> String {
        WorkspaceId::parse(text).expect_err("not a workspace ID").problem
    }

    #[test]
    fn parses_names_and_builds_paths() {
        let id = WorkspaceId::parse(EXAMPLE).expect("the example");

        assert_eq!(id.name(), "law-soc");
        assert_eq!(id.resource_id().resource_group(), Some("rg-soc"));
        assert_eq!(
            id.sentinel("dataConnectors"),
            format!("{EXAMPLE}/providers/Microsoft.SecurityInsights/dataConnectors")
        );
        assert_eq!(WorkspaceId::containing(&id.sentinel_resource("dataConnectors", "c1")), Some(id));
    }

    #[test]
    fn equality_and_key_ignore_case_and_display_keeps_it() {
        let id = WorkspaceId::parse(EXAMPLE).expect("the example");
        let upper = WorkspaceId::parse(&EXAMPLE.to_uppercase()).expect("in upper case");

        assert_eq!(id, upper);
        assert_eq!(id.key(), upper.key());
        assert_eq!(upper.to_string(), EXAMPLE.to_uppercase());
    }

    #[test]
    fn error_contains_the_type_of_another_id() {
        let group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc";

        assert_eq!(problem(group), "it is the ID of a Microsoft.Resources/resourceGroups");
        assert_eq!(
            problem(&format!("{EXAMPLE}/providers/Microsoft.SecurityInsights/dataConnectors/x")),
            "it is the ID of a Microsoft.SecurityInsights/dataConnectors"
        );
    }

    #[test]
    fn error_has_found_value_expected_format_and_example() {
        let error = WorkspaceId::parse("law-soc").expect_err("a name is not an ID").to_string();

        assert_eq!(
            error,
            format!(
                "\"law-soc\" is not the ARM ID of a Log Analytics workspace: it does not begin with a slash. Expected \
                 the form \
                 /subscriptions/{{subscription}}/resourceGroups/{{group}}/providers/Microsoft.OperationalInsights/workspaces/{{name}}, for example {EXAMPLE}"
            )
        );
    }

    #[test]
    fn error_recognizes_a_customer_id() {
        let error = WorkspaceId::parse("8f7e6d5c-4b3a-2f1e-0d9c-8b7a6f5e4d3c").expect_err("a GUID").to_string();

        assert!(error.contains("customer ID") && error.contains("use the workspace's `id`"), "{error}");
    }

    #[test]
    fn error_suggests_the_workspace_inside_another_id() {
        let offer = format!("Use \"{EXAMPLE}\". Expected");
        for text in [
            format!("https://portal.azure.com/#@contoso.com/resource{EXAMPLE}/Overview"),
            format!("C:/Program Files/Git{EXAMPLE}"),
            format!("{EXAMPLE}/providers/Microsoft.SecurityInsights/dataConnectors/x"),
            format!("{EXAMPLE} "),
        ] {
            let error = WorkspaceId::parse(&text).expect_err("more than an ID").to_string();
            assert!(error.contains(&offer), "{error}");
        }
    }

    #[test]
    fn rejects_invalid_subscriptions_and_resource_groups() {
        for (from, to, expected) in [
            ("00000000-0000-0000-0000-000000000000", "my-sub", "\"my-sub\" is not a GUID"),
            ("rg-soc", "rg-soc.", "cannot end with a dot"),
            ("rg-soc", "rg soc", "can contain only letters"),
            ("law-soc", "law-", "must begin and end"),
        ] {
            assert!(problem(&EXAMPLE.replace(from, to)).contains(expected), "{to}");
        }
        assert!(WorkspaceId::parse(&EXAMPLE.replace("rg-soc", "rg_(ö).1")).is_ok());
    }

    #[test]
    fn rejects_invalid_workspace_names() {
        assert!(problem(&EXAMPLE.replace("law-soc", "law soc")).contains("letters, digits and hyphens"));
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_not_panic(text in ".{0,60}") {
            let _ = WorkspaceId::parse(&text);
        }

        #[test]
        fn display_round_trips(name in "[A-Za-z0-9][A-Za-z0-9-]{1,20}[A-Za-z0-9]") {
            let text = EXAMPLE.replace("law-soc", &name);
            prop_assert_eq!(WorkspaceId::parse(&text).expect("a workspace").to_string(), text);
        }
    }
}
