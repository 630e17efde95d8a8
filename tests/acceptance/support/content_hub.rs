//! The Defender for Cloud solution: its configuration, and its content in a workspace.

use serde_json::{Value, json};

use super::azure::Azure;
use super::scene::Scene;

/// The address of the resource in [`solution`].
pub(crate) const SOLUTION: &str = "sentinel_content_hub_solution.this";
pub(crate) const CONTENT_ID: &str = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud";
/// The version in the catalog of the default world.
pub(crate) const NEWEST: &str = "3.0.3";

const PAGES: [&str; 2] = ["azuresecuritycenter", "microsoftdefenderforcloudtenantbased"];

/// The solution in a workspace, without other arguments.
pub(crate) fn solution(workspace_id: &str) -> String {
    solution_with(workspace_id, "")
}

/// The solution in a workspace, with more arguments.
pub(crate) fn solution_with(workspace_id: &str, arguments: &str) -> String {
    format!(
        "resource \"sentinel_content_hub_solution\" \"this\" {{\n  workspace_id = \"{workspace_id}\"\n  content_id   = \
         \"{CONTENT_ID}\"\n{arguments}\n}}\n"
    )
}

impl Azure {
    /// The ARM ID of a Sentinel object in a workspace.
    pub(crate) fn sentinel(&self, workspace: &str, path: &str) -> String {
        format!("{}/providers/Microsoft.SecurityInsights/{path}", self.workspace(workspace))
    }

    /// The installed version, from the content package.
    pub(crate) fn registered(&self, workspace: &str) -> Option<String> {
        let package = self.document(&self.sentinel(workspace, &format!("contentPackages/{CONTENT_ID}")))?;
        package["properties"]["version"].as_str().map(str::to_owned)
    }

    /// The names in a Sentinel collection of a workspace, in lower case.
    pub(crate) fn names(&self, workspace: &str, collection: &str) -> Vec<String> {
        let prefix = format!("{}/", self.sentinel(workspace, collection).to_lowercase());
        self.ids().iter().filter_map(|id| id.strip_prefix(&prefix)).map(str::to_owned).collect()
    }

    /// The names of the solution's content templates.
    pub(crate) fn templates(&self, workspace: &str) -> Vec<String> {
        let is_ours = |name: &String| {
            let document = self.document(&self.sentinel(workspace, &format!("contentTemplates/{name}")));
            document.is_some_and(|document| document["properties"]["packageId"] == CONTENT_ID)
        };
        self.names(workspace, "contentTemplates").into_iter().filter(is_ours).collect()
    }

    /// Asserts that the solution is installed in this version, with all connector pages and templates.
    #[track_caller]
    pub(crate) fn assert_installed(&self, workspace: &str, version: &str) {
        assert_eq!(self.registered(workspace).as_deref(), Some(version));
        let connectors = self.names(workspace, "dataConnectors");
        for page in PAGES {
            assert_eq!(connectors.iter().filter(|name| *name == page).count(), 1, "{page}: {connectors:?}");
        }
        assert_eq!(self.templates(workspace).len(), 3, "{:?}", self.templates(workspace));
        let packages = self.names(workspace, "contentPackages");
        let owners = packages.iter().filter(|name| {
            let package = self.document(&self.sentinel(workspace, &format!("contentPackages/{name}")));
            package.is_some_and(|package| package["properties"]["contentId"] == CONTENT_ID)
        });
        assert_eq!(owners.count(), 1, "{packages:?}");
    }

    /// Asserts that no content of the solution is left.
    #[track_caller]
    pub(crate) fn assert_uninstalled(&self, workspace: &str) {
        assert_eq!(self.registered(workspace), None);
        assert_eq!(self.templates(workspace), Vec::<String>::new());
        let connectors = self.names(workspace, "dataConnectors");
        assert!(PAGES.iter().all(|page| !connectors.iter().any(|name| name == page)), "{connectors:?}");
        assert!(!self.names(workspace, "metadata").iter().any(|name| name.starts_with("dataconnector-")));
    }

    /// Deletes all content of the solution outside of Terraform.
    pub(crate) fn uninstall(&self, workspace: &str) {
        for collection in ["contentPackages", "contentTemplates", "dataConnectors", "metadata"] {
            for name in self.names(workspace, collection) {
                self.delete(&self.sentinel(workspace, &format!("{collection}/{name}")));
            }
        }
    }
}

impl Scene {
    /// The same scene in a world with these `behaviors`.
    pub(crate) fn with_behaviors(self, behaviors: &Value) -> Self {
        self.in_a_world(|world| {
            for (name, value) in behaviors.as_object().expect("an object") {
                world["world"]["behaviors"][name] = value.clone();
            }
        })
    }
}

/// Sets the version of the solution in the catalog of a world.
pub(crate) fn offer(world: &mut serde_json::Map<String, Value>, version: &str) {
    let packages = world["world"]["catalog"]["packages"].as_array_mut().expect("a list");
    let package = packages.iter_mut().find(|package| package["contentId"] == CONTENT_ID).expect("it is on offer");
    package["version"] = json!(version);
    package["contentProductId"] = json!(format!("{CONTENT_ID}-sl-{version}"));
}
