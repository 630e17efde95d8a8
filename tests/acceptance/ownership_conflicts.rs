//! Ownership of connections: an existing connection is rejected or adopted, and a second resource is rejected.

use terraform_driver::plan::Action;

use crate::support::{CONNECTOR, Scene, assert_says, connector, connector_with};

scenarios![
    rejects_an_existing_connection,
    conflict_does_not_block_other_destroys,
    error_explains_how_to_destroy,
    rejects_create_before_destroy_and_keeps_the_old_connection,
    rejects_a_connection_that_appears_after_the_plan,
    rejects_the_second_of_two_new_resources,
    rejects_destroying_a_shared_connection,
    rejects_the_second_resource_of_an_unknown_workspace,
    create_before_destroy_keeps_the_adopted_connection,
    adopts_with_adopt_existing,
    plans_a_workspace_known_only_at_apply,
    checks_a_workspace_known_only_at_apply,
];

fn rejects_an_existing_connection(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    let (id, before) = scene.azure.connector("law-portal").expect("law-portal is connected");
    scene.configure(&connector(&workspace));

    let said =
        ["The tenant-based connector in law-portal already exists", "import {", "to =", &workspace, "adopt_existing"];
    assert_says(&scene.succeed(&["plan", "-no-color"]), &said);
    scene.apply_fails(&said);

    scene.azure.assert_only_read();
    assert_eq!(scene.azure.document(&id), Some(before));
}

fn conflict_does_not_block_other_destroys(scene: Scene) {
    let first = connector(&scene.azure.workspace("law-soc"));
    scene.configure(&first);
    scene.apply();
    let second = connector(&scene.azure.workspace("law-portal")).replace("\"this\"", "\"second\"");
    scene.configure(&format!("{first}\n{second}"));

    scene.destroy();

    scene.assert_state([]);
    scene.azure.assert_not_streaming("law-soc");
    scene.azure.assert_streams("law-portal");
}

fn error_explains_how_to_destroy(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector(&workspace));
    scene.apply();
    scene.configure(&connector_with(&workspace, "  tenant_id = \"00000000-0000-4000-8000-00000000dead\""));

    scene.fail(&["destroy", "-auto-approve", "-no-color"], &["terraform destroy -refresh=false"]);
    scene.succeed(&["destroy", "-auto-approve", "-no-color", "-refresh=false"]);

    scene.assert_state([]);
    scene.azure.assert_not_streaming("law-soc");
}

fn rejects_create_before_destroy_and_keeps_the_old_connection(scene: Scene) {
    let replaced_with = |version: u8, arguments: &str| {
        let lifecycle = "  lifecycle {\n    create_before_destroy = true\n    replace_triggered_by  = [terraform_data.version]\n  }";
        let connector = connector_with(&scene.azure.workspace("law-soc"), &format!("{arguments}\n{lifecycle}"));
        scene.configure(&format!("resource \"terraform_data\" \"version\" {{\n  input = {version}\n}}\n{connector}"));
    };
    replaced_with(1, "");
    scene.apply();
    let before = scene.azure.connector("law-soc");
    replaced_with(2, "");

    scene.apply_fails(&["The tenant-based connector in law-soc already exists", "create_before_destroy"]);

    assert_eq!(scene.azure.connector("law-soc"), before);
    scene.assert_state([CONNECTOR, "terraform_data.version"]);
    scene.assert_no_changes();
    replaced_with(3, "  adopt_existing = true");
    scene.apply();
    assert_eq!(scene.azure.connector("law-soc"), before);
    scene.assert_state([CONNECTOR, "terraform_data.version"]);
    scene.assert_no_changes();
}

fn rejects_a_connection_that_appears_after_the_plan(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.plan();
    let id = scene.azure.connect_in_the_portal("law-soc");
    let before = scene.azure.document(&id);
    scene.azure.clear_requests();

    scene.fail(&["apply", "-no-color", "plan"], &["import {"]);

    scene.azure.assert_only_read();
    scene.assert_state([]);
    assert_eq!(scene.azure.document(&id), before);
}

fn rejects_the_second_of_two_new_resources(scene: Scene) {
    // A plan cannot distinguish a second resource from the same resource that Terraform plans again.
    for (name, arguments, writes) in [("law-soc", "", 1), ("law-portal", "  adopt_existing = true", 0)] {
        let first = connector_with(&scene.azure.workspace(name), arguments);
        scene.configure(&format!("{first}\n{}", first.replace("\"this\"", "\"second\"")));
        scene.plan();
        scene.azure.assert_only_read();
        scene.azure.clear_requests();

        scene.apply_fails(&["Two resources manage the tenant-based connector in"]);

        assert_eq!(scene.azure.requests().writes(), writes, "the rejected resource writes nothing");
        scene.azure.assert_streams(name);
        assert_eq!(scene.state().addresses().len(), 1, "the rejected resource owns nothing");
        scene.configure("");
        scene.apply();
        scene.azure.assert_not_streaming(name);
        scene.azure.clear_requests();
    }
}

fn rejects_destroying_a_shared_connection(scene: Scene) {
    // An import adds the same connection at a second address.
    let first = connector(&scene.azure.workspace("law-soc"));
    scene.configure(&first);
    scene.apply();
    let both = format!("{first}\n{}", first.replace("\"this\"", "\"second\""));
    scene.configure(&both);
    let second = CONNECTOR.replace("this", "second");
    scene.succeed(&["import", "-no-color", &second, &scene.azure.workspace("law-soc")]);

    let finished = scene.succeed(&["plan", "-no-color"]);
    assert!(
        finished.words().contains("Two resources manage the tenant-based connector in law-soc"),
        "{}",
        finished.words()
    );
    scene.configure(&first);
    scene.plan_fails(&["This plan destroys the shared tenant-based connector in law-soc", "terraform state rm"]);

    scene.azure.assert_streams("law-soc");
    scene.succeed(&["state", "rm", &second]);
    scene.assert_no_changes();
    scene.azure.assert_streams("law-soc");
}

fn rejects_the_second_resource_of_an_unknown_workspace(scene: Scene) {
    let first = with_unknown_workspace(&scene.azure.workspace("law-soc"));
    let second = "resource \"sentinel_dfc_tenant_connector\" \"second\" {\n  workspace_id = \
                  terraform_data.workspace.output\n}\n";
    scene.configure(&format!("{first}\n{second}"));

    scene.apply_fails(&["Two resources manage the tenant-based connector in"]);

    scene.azure.assert_streams("law-soc");
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
    assert_eq!(scene.state().addresses().len(), 2, "terraform_data, and one: the one that failed owns nothing");
}

fn create_before_destroy_keeps_the_adopted_connection(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    let lifecycle = "  adopt_existing = true\n  lifecycle {\n    create_before_destroy = true\n  }";
    scene.configure(&connector_with(&workspace, lifecycle));
    scene.apply();

    let contract = "  contract = {\n    api_version = \"2025-07-01-preview\"\n  }\n";
    scene.configure(&connector_with(&workspace, &format!("{contract}{lifecycle}")));
    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.assert_state([CONNECTOR]);
    scene.assert_no_changes();
    scene.destroy();
    scene.azure.assert_not_streaming("law-soc");
}

fn adopts_with_adopt_existing(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    let (id, before) = scene.azure.connector("law-portal").expect("law-portal is connected");
    scene.configure(&connector_with(&workspace, "  adopt_existing = true"));

    let finished = scene.apply();

    assert!(finished.words().contains("Warning:"), "the adoption is reported");
    assert_eq!(scene.attribute(CONNECTOR, "id").to_lowercase(), id.to_lowercase());
    scene.azure.assert_only_read();
    assert_eq!(scene.azure.document(&id), Some(before));
    scene.assert_no_changes();
    scene.destroy();
    scene.azure.assert_not_streaming("law-portal");
}

fn plans_a_workspace_known_only_at_apply(scene: Scene) {
    scene.configure(&with_unknown_workspace(&scene.azure.workspace("law-soc")));

    let plan = scene.assert_plans([(CONNECTOR, Action::Create), ("terraform_data.workspace", Action::Create)]);
    let change = plan.change(CONNECTOR).expect("it is planned");
    assert_eq!(change.after_unknown["workspace_id"], true);

    scene.apply();
    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}

fn checks_a_workspace_known_only_at_apply(scene: Scene) {
    // The plan must not fail, and the apply must not create a second connection.
    scene.configure(&with_unknown_workspace(&scene.azure.workspace("law-portal")));
    scene.assert_plans([(CONNECTOR, Action::Create), ("terraform_data.workspace", Action::Create)]);

    scene.apply_fails(&["import {"]);

    scene.azure.assert_only_read();
    scene.assert_state(["terraform_data.workspace"]);
}

/// A configuration whose workspace ID comes from another resource, so that it is unknown in the plan.
fn with_unknown_workspace(workspace: &str) -> String {
    format!(
        r#"
resource "terraform_data" "workspace" {{
  input = "{workspace}"
}}

resource "sentinel_dfc_tenant_connector" "this" {{
  workspace_id = terraform_data.workspace.output
}}
"#
    )
}
