//! The packaged content of a solution: the ARM template that installs it.
//!
//! Azure returns it only in a catalog entry that is read by its name. The provider does not save it in the state, and
//! keeps it in memory for one operation only.

use serde_json::Value;

use super::expression::Scope;
use crate::json;
use crate::sentinel::data_connector::kind;

const CONNECTORS: &str = "Microsoft.OperationalInsights/workspaces/providers/dataConnectors";
const DEFINITIONS: &str = "Microsoft.OperationalInsights/workspaces/providers/dataConnectorDefinitions";
const TEMPLATES: &str = "Microsoft.OperationalInsights/workspaces/providers/contentTemplates";

/// The template that installs a solution.
#[derive(Clone, Debug, PartialEq)]
pub struct PackagedContent(Value);

impl PackagedContent {
    /// Reads the template in the `properties` of a catalog entry, as an object or as a string; `None` if there is none.
    #[must_use]
    pub fn from_properties(properties: &mut Value) -> Option<Self> {
        let content = properties.get_mut("packagedContent").map(Value::take)?;
        let content = match content {
            Value::String(text) => json::parse(text.as_bytes()).ok()?,
            other => other,
        };
        content.get("resources").is_some().then_some(Self(content))
    }

    /// The parameters that the template declares.
    #[must_use]
    pub fn parameters(&self) -> &Value {
        &self.0["parameters"]
    }

    /// The names of the connector pages, except for names that only Resource Manager can evaluate.
    #[must_use]
    pub fn page_names(&self) -> Vec<String> {
        self.names_of(|resource| {
            is_type(resource, CONNECTORS) && resource["kind"].as_str().is_some_and(kind::is_connector_page)
        })
    }

    /// The names of the data connector definitions, which are the pages of codeless connectors.
    #[must_use]
    pub fn definition_names(&self) -> Vec<String> {
        self.names_of(|resource| is_type(resource, DEFINITIONS))
    }

    fn names_of(&self, is_selected: impl Fn(&Value) -> bool) -> Vec<String> {
        let scope = Scope { variables: &self.0["variables"], parameters: &[("workspace", "w")] };
        let selected = self.resources().filter(|resource| is_selected(resource));
        let names = selected.filter_map(|resource| scope.evaluate(resource["name"].as_str()?));
        names.filter_map(|name| name.rsplit('/').next().map(str::to_owned)).collect()
    }

    /// The number of content templates.
    #[must_use]
    pub fn template_count(&self) -> usize {
        self.resources().filter(|resource| is_type(resource, TEMPLATES)).count()
    }

    /// The minimum number of content templates that are deployed. A resource with a condition or a copy loop may deploy
    /// none.
    #[must_use]
    pub fn minimum_template_count(&self) -> usize {
        let unconditional = self.resources().filter(|own| own.get("condition").is_none() && own.get("copy").is_none());
        unconditional.filter(|resource| is_type(resource, TEMPLATES)).count()
    }

    /// The template to deploy, without the `postDeployment` texts in the metadata of its content. These texts are for
    /// the portal and contain characters that Resource Manager rejects.
    #[must_use]
    pub fn into_template(mut self) -> Value {
        match &mut self.0["resources"] {
            Value::Array(resources) => resources.iter_mut().for_each(remove_post_deployment),
            Value::Object(resources) => resources.values_mut().for_each(remove_post_deployment),
            _ => {}
        }
        self.0
    }

    /// The resources of the template: a list, or an object if they have symbolic names.
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

fn remove_post_deployment(resource: &mut Value) {
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
    fn lists_page_names_that_can_be_evaluated() {
        assert_eq!(content().page_names(), ["AzureSecurityCenter", "Second"]);
        assert_eq!(content().definition_names(), ["AzureSecurityCenter"]);
        assert_eq!(content().template_count(), 1);
    }

    #[test]
    fn removes_only_portal_texts() {
        let template = content().into_template();

        assert_eq!(template["resources"][5]["properties"]["mainTemplate"]["metadata"], json!({"author": "a"}));
        assert_eq!(
            template["resources"][0],
            json!({"type": CONNECTORS, "kind": "StaticUI",
            "name": "[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',variables('_page1'))]"})
        );
    }

    #[test]
    fn reads_a_template_from_an_object_or_a_string() {
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
