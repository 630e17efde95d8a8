//! Several solutions in one apply: in one workspace, in several workspaces, and with dependencies.

use serde_json::json;
use terraform_driver::world::copy_workspace;

use crate::support::{CONTENT_ID, NEWEST, Scene, assert_says};

scenarios![
    installs_several_in_one_workspace,
    installs_twenty_over_ten_workspaces,
    installs_dependencies_first,
    installs_circular_dependencies,
    reports_missing_dependencies,
    reports_two_resources_for_one_solution,
    rejects_the_second_of_two_new_resources_for_one_solution,
    installs_solutions_that_share_content,
];

const OTHER: &str = "azuresentinel.azure-sentinel-solution-azureactivity";

fn installs_several_in_one_workspace(scene: Scene) {
    scene.configure(&set(&scene, &["law-outdated"], &[CONTENT_ID, OTHER]));

    scene.apply();

    scene.azure.assert_installed("law-outdated", NEWEST);
    assert!(scene.azure.names("law-outdated", "contentPackages").contains(&OTHER.to_owned()));
    scene.azure.clear_requests();
    scene.assert_no_changes();
    scene.azure.assert_requests("GET", "/dataConnectors", 1);
    let reads = scene.azure.requests().to_arm().count();
    assert!(reads <= 2 + 5, "one read a solution, and shared lists, not {reads}");
    scene.destroy();
    scene.azure.assert_uninstalled("law-outdated");
}

fn installs_twenty_over_ten_workspaces(scene: Scene) {
    let names: Vec<String> = (1..=10).map(|number| format!("law-{number:02}")).collect();
    let scene = scene.in_a_world(|world| copy_workspace(world, "law-outdated", names.clone()));
    let workspaces: Vec<&str> = names.iter().map(String::as_str).collect();
    scene.configure(&set(&scene, &workspaces, &[CONTENT_ID, OTHER]));

    scene.apply();

    for workspace in workspaces {
        scene.azure.assert_installed(workspace, NEWEST);
    }
    scene.azure.assert_requests("PUT", "/Microsoft.Resources/deployments/", 20);
    scene.assert_no_changes();
}

fn installs_dependencies_first(scene: Scene) {
    let scene = needing(scene, &[(CONTENT_ID, OTHER)]);
    scene.configure(&set(&scene, &["law-outdated"], &[CONTENT_ID, OTHER]));

    scene.apply();

    scene.azure.assert_installed("law-outdated", NEWEST);
    scene.assert_no_changes();
}

fn installs_circular_dependencies(scene: Scene) {
    let scene = needing(scene, &[(CONTENT_ID, OTHER), (OTHER, CONTENT_ID)]);
    scene.azure.uninstall("law-soc");
    scene.configure(&set(&scene, &["law-soc"], &[CONTENT_ID, OTHER]));

    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    assert!(scene.azure.names("law-soc", "contentPackages").contains(&OTHER.to_owned()));
    scene.assert_no_changes();
}

fn reports_missing_dependencies(scene: Scene) {
    let scene = needing(scene, &[(CONTENT_ID, OTHER)]);
    scene.configure(&set(&scene, &["law-outdated"], &[CONTENT_ID]));

    scene.apply_fails(&["Required solutions are missing", OTHER]);

    scene.azure.assert_only_read();
}

fn reports_two_resources_for_one_solution(scene: Scene) {
    let one = set(&scene, &["law-soc"], &[CONTENT_ID]);
    scene.configure(&one);
    scene.apply();
    let (_, resource) = one.split_once("\nresource ").expect("a resource");
    scene.configure(&format!("{one}\nresource {}", resource.replace("\"each\"", "\"second\"")));

    // If Terraform plans the existing resource first, the new one gets an error. Otherwise, the existing one gets a
    // warning.
    let finished = scene.run(&["plan", "-no-color"]);

    assert_says(&finished, &["Two resources manage the solution"]);
    scene.run(&["apply", "-auto-approve", "-no-color"]);
    scene.azure.assert_installed("law-soc", NEWEST);
    scene.configure(&one);
    scene.run(&["apply", "-auto-approve", "-no-color"]);
    scene.azure.assert_installed("law-soc", NEWEST);
}

fn rejects_the_second_of_two_new_resources_for_one_solution(scene: Scene) {
    let one = set(&scene, &["law-outdated"], &[OTHER]);
    let (_, resource) = one.split_once("\nresource ").expect("a resource");
    scene.configure(&format!("{one}\nresource {}", resource.replace("\"each\"", "\"second\"")));

    scene.plan();
    scene.azure.assert_only_read();
    scene.apply_fails(&["Two resources manage the solution"]);

    scene.azure.assert_requests("PUT", "/Microsoft.Resources/deployments/", 1);
    assert!(scene.azure.names("law-outdated", "contentPackages").contains(&OTHER.to_owned()));
    assert_eq!(scene.state().addresses().len(), 1, "the rejected resource owns nothing");
}

fn installs_solutions_that_share_content(scene: Scene) {
    // Both solutions contain a connector with the same name. Azure keeps one, from the solution that was installed
    // last.
    const RELATED: [&str; 2] = [
        "azuresentinel.azure-sentinel-solution-threatintelligence",
        "azuresentinel.azure-sentinel-solution-threatintelligenceupdated",
    ];
    scene.configure(&set(&scene, &["law-soc"], &RELATED));

    scene.apply();

    scene.assert_no_changes();
    scene.configure(&set(&scene, &["law-soc"], &RELATED[..1]));
    scene.apply();
    scene.apply();
    scene.assert_no_changes();
    scene.destroy();
}

/// A scene in which the first solution of each pair depends on the second.
fn needing(scene: Scene, pairs: &[(&str, &str)]) -> Scene {
    scene.in_a_world(|world| {
        let packages = world["world"]["catalog"]["packages"].as_array_mut().expect("a list");
        for (content_id, needed) in pairs {
            let package =
                packages.iter_mut().find(|package| package["contentId"] == *content_id).expect("it is on offer");
            let criteria = package["dependencies"]["criteria"].as_array_mut().expect("a list");
            criteria.push(json!({"kind": "Solution", "contentId": needed, "version": "1.0.0"}));
        }
    })
}

/// The configuration with a resource for each solution in each workspace.
fn set(scene: &Scene, workspaces: &[&str], solutions: &[&str]) -> String {
    let mut pairs = String::new();
    for workspace in workspaces {
        for solution in solutions {
            let id = scene.azure.workspace(workspace);
            pairs += &format!("    \"{workspace}/{solution}\" = [\"{id}\", \"{solution}\"]\n");
        }
    }
    format!(
        r#"
locals {{
  pairs = {{
{pairs}  }}
}}

resource "sentinel_content_hub_solution" "each" {{
  for_each = local.pairs

  workspace_id = each.value[0]
  content_id   = each.value[1]
}}
"#
    )
}
