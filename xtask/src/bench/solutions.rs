//! A workspace with many installed solutions.

use serde_json::{Map, Value, json};

/// The workspace with the solutions.
pub(super) const WORKSPACE: &str = "law-soc";

/// The prefix of their content IDs, before a number.
const PREFIX: &str = "bench.azure-sentinel-solution-";

/// Adds `count` solutions to the catalog of a world, and installs each with its template.
pub(super) fn add_to(world: &mut Map<String, Value>, count: usize) {
    let workspace = format!("/workspaces/{WORKSPACE}");
    let found = world.iter().find(|(id, _)| id.ends_with(&workspace)).and_then(|(_, document)| document["id"].as_str());
    let id = found.expect("invariant: the default world has this workspace").to_owned();
    let mut put = |collection: &str, name: &str, properties: Value| {
        let id = format!("{id}/providers/Microsoft.SecurityInsights/{collection}/{name}");
        let document = json!({ "id": id, "name": name, "properties": properties });
        world.insert(id.to_lowercase(), document);
    };
    let mut packages = Vec::new();
    for number in 0..count {
        let content_id = format!("{PREFIX}{number}");
        let rule = format!("bench-rule-{number}");
        let package = json!({
            "contentId": content_id,
            "contentKind": "Solution",
            "contentSchemaVersion": "3.0.0",
            "displayName": format!("Bench {number}"),
            "version": "1.0.0",
            "dependencies": {"operator": "AND", "criteria": [
                {"kind": "AnalyticsRule", "contentId": rule, "version": "1.0.0"}
            ]},
        });
        let mut registration = package.clone();
        registration["installedVersion"] = "1.0.0".into();
        put("contentPackages", &content_id, registration);
        let template = json!({"contentId": rule, "contentKind": "AnalyticsRule", "displayName": rule, "version": "1.0.0",
            "packageId": content_id, "packageVersion": "1.0.0"});
        put("contentTemplates", &rule, template);
        packages.push(package);
    }
    let catalog = world["world"]["catalog"]["packages"].as_array_mut();
    catalog.expect("invariant: the default world has a catalog").extend(packages);
}

/// One solution for each value of `count`, like the resources of the floor.
pub(super) fn configuration(workspace_id: &str, count: usize) -> String {
    format!(
        "resource \"sentinel_content_hub_solution\" \"each\" {{\n  count = {count}\n\n  workspace_id = \
         \"{workspace_id}\"\n  content_id   = \"{PREFIX}${{count.index}}\"\n}}\n"
    )
}
