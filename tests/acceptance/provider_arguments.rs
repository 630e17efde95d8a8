//! Arguments of the provider block: null, empty, unknown, from the environment, and from files.

use terraform_driver::plan::Action;

use crate::support::{CONNECTOR, Scene, connector};

scenarios![
    null_arguments_count_as_absent,
    arguments_override_the_environment,
    unknown_arguments_prevent_requests_at_plan,
    lists_every_method_if_none_is_configured,
    empty_argument_overrides_the_environment,
    file_argument_overrides_the_environment,
    rejects_a_value_and_a_file_with_different_content,
    reads_files_and_variables_as_windows_writes_them,
    names_the_only_setting_that_is_missing,
    rejects_an_endpoint_with_a_path,
];

fn null_arguments_count_as_absent(scene: Scene) {
    scene.file(
        "provider.tf",
        "provider \"sentinel\" {\n  client_id = null\n  client_secret = null\n  tenant_id = null\n}\n",
    );
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}

fn arguments_override_the_environment(mut scene: Scene) {
    let (client, secret) = (scene.variable("ARM_CLIENT_ID"), scene.variable("ARM_CLIENT_SECRET"));
    scene.set("ARM_CLIENT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.set("ARM_CLIENT_SECRET", "of another application");
    scene.set("TF_VAR_secret", &secret);
    scene.file(
        "provider.tf",
        &format!(
            r#"
variable "secret" {{
  type      = string
  sensitive = true
}}

provider "sentinel" {{
  client_id     = "{client}"
  client_secret = var.secret
}}
"#
        ),
    );
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
}

fn unknown_arguments_prevent_requests_at_plan(scene: Scene) {
    scene.file(
        "provider.tf",
        &format!(
            r#"
resource "terraform_data" "tenant" {{
  input = "{}"
}}

provider "sentinel" {{
  tenant_id = terraform_data.tenant.output
}}
"#,
            scene.variable("ARM_TENANT_ID")
        ),
    );
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.assert_plans([(CONNECTOR, Action::Create), ("terraform_data.tenant", Action::Create)]);
    assert_eq!(scene.azure.requests().to_arm().count(), 0, "no authentication is possible yet");

    scene.apply();
    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}

fn lists_every_method_if_none_is_configured(mut scene: Scene) {
    for name in ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID"] {
        scene.unset(name);
    }
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["client_secret", "ARM_CLIENT_SECRET", "Azure CLI"]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn empty_argument_overrides_the_environment(scene: Scene) {
    // With an empty argument, a configuration can ignore an environment variable.
    scene.file("provider.tf", "provider \"sentinel\" {\n  client_secret = \"\"\n}\n");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&[
        "client secret: an application is configured (`tenant_id` and `client_id`), but neither `client_secret` nor \
         `client_secret_file_path` is set",
    ]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn file_argument_overrides_the_environment(mut scene: Scene) {
    scene.file("client-id", &format!("\u{feff}{}\r\n", scene.variable("ARM_CLIENT_ID")));
    scene.file("secret", &scene.variable("ARM_CLIENT_SECRET"));
    scene.set("ARM_CLIENT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.set("ARM_CLIENT_SECRET", "of another application");
    scene.file(
        "provider.tf",
        "provider \"sentinel\" {\n  client_id_file_path = \"client-id\"\n  client_secret_file_path = \"secret\"\n}\n",
    );
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
}

fn rejects_a_value_and_a_file_with_different_content(mut scene: Scene) {
    scene.file("secret", "another secret");
    scene.set("ARM_CLIENT_SECRET_FILE_PATH", "secret");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&[
        "Conflicting settings",
        "ARM_CLIENT_SECRET and the environment variable ARM_CLIENT_SECRET_FILE_PATH",
    ]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn reads_files_and_variables_as_windows_writes_them(mut scene: Scene) {
    let secret = scene.variable("ARM_CLIENT_SECRET");
    let utf16: Vec<u8> = format!("\u{feff}{secret}\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(scene.path("secret"), utf16).expect("it is writable");
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("ARM_CLIENT_SECRET_FILE_PATH", "\"secret\"\r");
    let id = format!("\u{a0}'{}'\r\n", scene.variable("ARM_CLIENT_ID"));
    scene.set("ARM_CLIENT_ID", &id);
    scene.set("ARM_USE_CLI", "\"false\"");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
}

fn names_the_only_setting_that_is_missing(mut scene: Scene) {
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("ARM_USE_CLI", "false");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["Only `client_secret` is missing. Set `client_secret` (ARM_CLIENT_SECRET)"]);
}

fn rejects_an_endpoint_with_a_path(mut scene: Scene) {
    scene.set("ARM_RESOURCE_MANAGER_ENDPOINT", "https://gateway.example/arm");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["Invalid endpoint", "it has a path", "resource_manager_audience"]);
}
