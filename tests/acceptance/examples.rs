//! Plans every example of the documentation.

use std::fs;
use std::path::{Path, PathBuf};

use saphyr_parser::Parser;
use serde_json::json;
use terraform_driver::plan::Action;

use crate::support::Scene;

/// The workspace in the examples. Each scenario replaces it with a simulated workspace.
const WORKSPACE: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/\
                         Microsoft.OperationalInsights/workspaces/law-soc";

scenarios![
    every_block_of_the_readme_and_the_guides_is_valid;
    every_cli:
    every_configuration_plans,
    every_import_plans,
];

/// The guides contain the tested examples, so that users copy tested code.
#[test]
fn guides_show_the_examples_unchanged() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (guide, example) in [
        ("connect-tenant-wide-defender-for-cloud-alerts.md", "complete/main.tf"),
        ("migrate-from-subscription-connectors.md", "migrate-from-subscription-connectors/main.tf"),
        ("migrate-from-subscription-connectors.md", "migrate-from-subscription-connectors/moved.tf"),
    ] {
        let page = read(&root.join("docs/guides").join(guide));
        let example_text = read(&root.join("examples").join(example));
        assert!(page.contains(&format!("```terraform\n{example_text}```\n")), "copy examples/{example} into {guide}");
    }
}

fn every_configuration_plans(mut scene: Scene) {
    let examples: Vec<PathBuf> = files("tf").into_iter().filter(|path| !is_import(path)).collect();
    assert!(!examples.is_empty(), "there are examples");

    scene.set("TF_VAR_subscription_ids", "[]");
    scene.set("TF_VAR_stage", "1");
    scene.azure.raise(&json!({"subscription_id": scene.variable("ARM_SUBSCRIPTION_ID")}));
    for example in examples {
        let has = |block: &str| read(&example).contains(block);
        let workspace = scene.azure.workspace(match () {
            () if has("resource \"sentinel_workspace_onboarding\"") => "law-fresh",
            // The tables of a query must have rows.
            () if has("data \"sentinel_log_query\"") => "law-portal",
            () => "law-soc",
        });
        scene.set("TF_VAR_workspace_id", &workspace);
        // A file with only `moved` blocks belongs to `main.tf` in the same folder.
        let main = example.with_file_name("main.tf");
        let files: &[&Path] = if example.ends_with("moved.tf") { &[&main, &example] } else { &[&example] };
        stage(&scene, files, &workspace);
        scene.plan();
        scene.azure.assert_only_read();
    }
}

fn every_import_plans(mut scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    scene.set("TF_VAR_workspace_id", &workspace);
    let by_identity = scene.cli.imports_by_identity();
    let imports = files("tf").into_iter().filter(|path| is_import(path));

    for import in imports.filter(|path| by_identity || !path.ends_with("import-by-identity.tf")) {
        stage(&scene, &[&import.with_file_name("resource.tf"), &import], &workspace);
        let folder = import.parent().and_then(Path::file_name).and_then(|name| name.to_str()).expect("a folder");
        scene.assert_plans([(format!("{folder}.this").as_str(), Action::Import)]);
        scene.azure.assert_only_read();
    }
}

fn every_block_of_the_readme_and_the_guides_is_valid(scene: Scene) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guides = fs::read_dir(root.join("docs/guides")).expect("there are guides");
    let pages = guides.flatten().map(|entry| entry.path()).chain([root.join("README.md"), root.join("docs/index.md")]);

    for page in pages {
        let text = fs::read_to_string(&page).expect("the page can be read");
        for block in terraform_blocks(&text) {
            eprintln!("{}:\n{block}", page.display());
            scene.file("requirements.tf", "");
            if !block.contains("required_providers") {
                scene.require_provider();
            }
            let variable = "variable \"workspace_id\" {\n  type = string\n}\n";
            let is_open = block.contains("var.workspace_id") && !block.contains("variable \"workspace_id\"");
            scene.configure(&format!("{block}\n{}", if is_open { variable } else { "" }));

            assert!(scene.run(&["validate", "-no-color"]).succeeded(), "{}: {block}", page.display());
        }
    }
}

#[test]
fn every_pipeline_file_of_the_guides_is_valid_yaml() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = 0;
    for page in fs::read_dir(root.join("docs/guides")).expect("there are guides").flatten() {
        let text = fs::read_to_string(page.path()).expect("the page can be read");
        for (block, _) in text.split("```yaml\n").skip(1).filter_map(|rest| rest.split_once("```")) {
            for event in Parser::new_from_str(block) {
                assert!(event.is_ok(), "{}: {event:?} in:\n{block}", page.path().display());
            }
            files += 1;
        }
    }
    assert!(files > 8, "each method has a pipeline file, not only {files}");
}

/// The code blocks that are complete configurations of only this provider.
fn terraform_blocks(page: &str) -> Vec<&str> {
    let blocks = page.split("```terraform\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let is_other = |block: &&str| ["azurerm_", "azuread_"].iter().any(|prefix| block.contains(prefix));
    let is_ours = |block: &&str| !is_other(block) && !block.starts_with("import {") && !block.contains('…');
    blocks.map(|(block, _)| block).filter(is_ours).collect()
}

/// Copies the example's files into the configuration, and replaces their workspace with `workspace`.
fn stage(scene: &Scene, files: &[&Path], workspace: &str) {
    let text = |path: &&Path| read(path).replace(WORKSPACE, workspace);
    let text = files.iter().map(text).collect::<Vec<_>>().join("\n");
    eprintln!("example {}:\n{text}", files.last().map(|path| path.display().to_string()).unwrap_or_default());
    if text.contains("required_providers") {
        scene.file("requirements.tf", "");
    } else {
        scene.require_provider();
    }
    scene.configure(&text);
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the example can be read")
}

fn is_import(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("import"))
}

/// All files below examples/ with this extension, sorted.
fn files(wanted: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == wanted) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
