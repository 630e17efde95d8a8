//! The packaged content of a solution: the ARM template that installs it.
//!
//! It comes with the catalogue entry when that is read by its name. Nothing of it is kept: not in a state, and not longer
//! than an operation lasts.

use serde_json::Value;

use super::expression::Scope;
use crate::sentinel::data_connector::{Role, kind};

const CONNECTORS: &str = "Microsoft.OperationalInsights/workspaces/providers/dataConnectors";
const DEFINITIONS: &str = "Microsoft.OperationalInsights/workspaces/providers/dataConnectorDefinitions";
const TEMPLATES: &str = "Microsoft.OperationalInsights/workspaces/providers/contentTemplates";

/// A template that installs a solution.
#[derive(Clone, Debug, PartialEq)]
pub struct PackagedContent(Value);

impl PackagedContent {
    /// Reads the `properties` of a catalogue entry; none where they hold no template. Some entries hold it as text.
    #[must_use]
    pub fn from_properties(properties: &mut Value) -> Option<Self> {
        let content = properties.get_mut("packagedContent").map(Value::take)?;
        let content = match content {
            Value::String(text) => serde_json::from_str(&text).ok()?,
            other => other,
        };
        content.get("resources").is_some().then_some(Self(content))
    }

    /// The parameters that the template declares.
    #[must_use]
    pub fn parameters(&self) -> &Value {
        &self.0["parameters"]
    }

    /// Names of the connector pages that it puts into a workspace, as far as they can be told without Resource Manager.
    #[must_use]
    pub fn pages(&self) -> Vec<String> {
        self.names_of(|resource| {
            is_type(resource, CONNECTORS)
                && resource["kind"].as_str().is_some_and(|kind| kind::role(kind) == Role::ConnectorPage)
        })
    }

    /// The same for the pages of codeless connectors, which are of a type of their own.
    #[must_use]
    pub fn definitions(&self) -> Vec<String> {
        self.names_of(|resource| is_type(resource, DEFINITIONS))
    }

    fn names_of(&self, is_meant: impl Fn(&Value) -> bool) -> Vec<String> {
        let scope = Scope { variables: &self.0["variables"], parameters: &[("workspace", "w")] };
        let meant = self.resources().filter(|resource| is_meant(resource));
        let names = meant.filter_map(|resource| scope.text(resource["name"].as_str()?));
        names.filter_map(|name| name.rsplit('/').next().map(str::to_owned)).collect()
    }

    /// How many content templates it brings.
    #[must_use]
    pub fn template_count(&self) -> usize {
        self.resources().filter(|resource| is_type(resource, TEMPLATES)).count()
    }

    /// How many content templates it brings at least: those with a condition or a copy loop may be none.
    #[must_use]
    pub fn least_template_count(&self) -> usize {
        let plain = self.resources().filter(|own| own.get("condition").is_none() && own.get("copy").is_none());
        plain.filter(|resource| is_type(resource, TEMPLATES)).count()
    }

    /// The template as Resource Manager takes it: the `postDeployment` texts in the metadata of its content, which are
    /// written for the portal, hold characters that it refuses.
    #[must_use]
    pub fn into_template(mut self) -> Value {
        match &mut self.0["resources"] {
            Value::Array(resources) => resources.iter_mut().for_each(without_post_deployment),
            Value::Object(resources) => resources.values_mut().for_each(without_post_deployment),
            _ => {}
        }
        self.0
    }

    /// The resources, whether they have symbolic names or not.
    fn resources(&self) -> Box<dyn Iterator<Item = &Value> + '_> {
        match &self.0["resources"] {
            Value::Array(resources) => Box::new(resources.iter()),
            Value::Object(resources) => Box::new(resources.values()),
            _ => Box::new(std::iter::empty()),
        }
    }
}

fn is_type(resource: &Value, expected: &str) -> bool {
    resource["type"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(expected))
}

fn without_post_deployment(resource: &mut Value) {
    let metadata = resource.pointer_mut("/properties/mainTemplate/metadata").and_then(Value::as_object_mut);
    if let Some(metadata) = metadata {
        metadata.shift_remove("postDeployment");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn content() -> PackagedContent {
        let name = |variable: &str| {
            format!("[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',variables('{variable}'))]")
        };
        let mut properties = json!({"packagedContent": {
            "parameters": {"workspace": {"type": "string"}},
            "variables": {"page1": "AzureSecurityCenter", "_page1": "[variables('page1')]"},
            "resources": [
                {"type": CONNECTORS, "kind": "StaticUI", "name": name("_page1")},
                {"type": CONNECTORS.to_lowercase(), "kind": "GenericUI", "name": "w/Microsoft.SecurityInsights/Second"},
                {"type": CONNECTORS, "kind": "GenericUI", "name": "[uniqueString('x')]"},
                {"type": DEFINITIONS, "kind": "Customizable", "name": name("_page1")},
                {"type": CONNECTORS, "kind": "RestApiPoller", "name": "w/Microsoft.SecurityInsights/Connection"},
                {"type": TEMPLATES, "name": "t", "properties": {"mainTemplate": {"metadata": {
                    "postDeployment": ["\u{1}"], "author": "a"
                }}}},
            ],
        }});
        PackagedContent::from_properties(&mut properties).expect("a template")
    }

    #[test]
    fn pages_are_cards_whose_name_can_be_told() {
        assert_eq!(content().pages(), ["AzureSecurityCenter", "Second"]);
        assert_eq!(content().definitions(), ["AzureSecurityCenter"]);
        assert_eq!(content().template_count(), 1);
    }

    #[test]
    fn texts_for_the_portal_are_left_out_and_nothing_else() {
        let template = content().into_template();

        assert_eq!(template["resources"][5]["properties"]["mainTemplate"]["metadata"], json!({"author": "a"}));
        assert_eq!(
            template["resources"][0],
            json!({"type": CONNECTORS, "kind": "StaticUI",
            "name": "[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',variables('_page1'))]"})
        );
    }

    #[test]
    fn a_template_may_come_as_text_and_anything_else_is_none() {
        let read = |content: Value| PackagedContent::from_properties(&mut json!({"packagedContent": content}));

        assert!(read(json!("{\"resources\": []}")).is_some());
        assert!(
            read(json!({"resources": {"a": {"type": TEMPLATES}}})).is_some_and(|content| content.template_count() == 1)
        );
        for other in [json!(null), json!("text"), json!({}), json!(5)] {
            assert_eq!(read(other), None);
        }
    }
}
