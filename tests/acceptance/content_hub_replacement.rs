//! Replacement with `create_before_destroy`: for a while, the state has two objects for one solution in Azure.

use serde_json::json;

use crate::support::{NEWEST, SOLUTION, Scene, solution_with};

scenarios![replaces_a_partly_installed_solution, destroys_a_deposed_solution,];

const CREATE_FIRST: &str = "  lifecycle {\n    create_before_destroy = true\n  }";

fn replaces_a_partly_installed_solution(scene: Scene) {
    let refusal = json!({"status": 400, "code": "BadRequest", "message": "Not this one."});
    let rule = json!({"resource": "/contentTemplates/.*-ar-", "times": 1, "refuse": refusal});
    let scene = scene.with_behaviors(&json!({ "deployment_rules": [rule] }));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), CREATE_FIRST));
    scene.apply_fails(&["The deployment of the solution failed"]);

    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_state([SOLUTION]);
    scene.assert_no_changes();
}

fn destroys_a_deposed_solution(scene: Scene) {
    let managed = solution_with(&scene.azure.workspace("law-soc"), CREATE_FIRST);
    scene.configure(&managed);
    scene.apply();
    // A dependent resource fails, so that Terraform does not destroy the old object.
    let broken = "resource \"terraform_data\" \"after\" {\n  input = sentinel_content_hub_solution.this.id\n\n  provisioner \
                  \"local-exec\" {\n    command = \"exit 1\"\n  }\n}\n";
    scene.configure(&format!("{managed}\n{broken}"));
    scene.run(&["apply", "-auto-approve", "-no-color", &format!("-replace={SOLUTION}")]);

    assert!(scene.read("terraform.tfstate").contains("\"deposed\""), "the old object remains");

    scene.configure(&managed);
    for _ in 0..2 {
        scene.apply();
    }

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_state([SOLUTION]);
    scene.assert_no_changes();
}
