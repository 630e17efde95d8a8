//! The data source `sentinel_content_hub_solutions`: searches and filters the catalog.

use serde_json::{Value, json};

use crate::support::{CONTENT_ID, Scene};

const DATA: &str = "data.sentinel_content_hub_solutions.this";

scenarios![
    lists_the_whole_catalog_sorted,
    filters_by_each_argument,
    finds_installed_and_outdated_solutions,
    rejects_invalid_filters,
];

fn lists_the_whole_catalog_sorted(scene: Scene) {
    let found = look_up(&scene, "law-soc", "include_deprecated = true");

    let solutions = found["solutions"].as_array().expect("a list");
    assert!(solutions.len() >= 30, "all pages are read: {}", solutions.len());
    let names: Vec<String> =
        solutions.iter().map(|solution| solution["display_name"].as_str().unwrap_or_default().to_lowercase()).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(found["content_ids"].as_array().map(Vec::len), Some(solutions.len()));
    assert!(solutions.iter().all(|solution| solution.get("description").is_none()), "no long texts");
    scene.azure.assert_only_read();
}

fn filters_by_each_argument(scene: Scene) {
    let ids = |arguments: &str| {
        let found = look_up(&scene, "law-soc", arguments);
        found["content_ids"].as_array().cloned().expect("a list")
    };

    let defender = ids("search = \"defender cloud\"\n  content_kind = \"solution\"");
    assert!(defender.contains(&json!(CONTENT_ID)), "{defender:?}");
    let everything = ids("include_deprecated = true").len();
    for narrower in ["publishers = [\"microsoft\"]", "support_tiers = [\"Partner\"]", "include_preview = false"] {
        let found = ids(narrower).len();
        assert!(found > 0 && found < everything, "{narrower}: {found} of {everything}");
    }
    for nothing in ["search = \"no such thing anywhere\"", "content_kind = \"Standalone\""] {
        assert_eq!(ids(nothing), Vec::<Value>::new(), "{nothing}");
    }
}

fn finds_installed_and_outdated_solutions(scene: Scene) {
    let outdated = look_up(&scene, "law-outdated", "update_available = true");
    assert_eq!(outdated["content_ids"], json!([CONTENT_ID]));
    assert_eq!(outdated["solutions"][0]["installed_version"], "2.0.1");

    let installed = look_up(&scene, "law-soc", "installed = true");
    assert_eq!(installed["content_ids"], json!([CONTENT_ID]));
}

fn rejects_invalid_filters(scene: Scene) {
    scene.configure(&data(&scene.azure.workspace("law-soc"), "content_kind = \"Bundle\""));

    scene.fail(&["validate", "-no-color"], &["Solution", "Standalone", "Bundle"]);
}

fn data(workspace: &str, arguments: &str) -> String {
    format!(
        "data \"sentinel_content_hub_solutions\" \"this\" {{\n  workspace_id = \"{workspace}\"\n  {arguments}\n}}\n"
    )
}

/// Applies the data source and returns its attributes.
fn look_up(scene: &Scene, workspace: &str, arguments: &str) -> Value {
    scene.configure(&data(&scene.azure.workspace(workspace), arguments));
    scene.apply();
    scene.state().attributes(DATA).expect("it was read").clone()
}
