//! Arguments of the provider block: null, empty, unknown, from the environment, and logins that fail.

use serde_json::json;
use terraform_driver::plan::Action;

use crate::support::{CONNECTOR, Scene, connector};

scenarios![
    null_arguments_count_as_absent,
    arguments_win_over_the_environment,
    unknown_arguments_postpone_every_look_at_azure,
    names_the_methods_that_it_looked_at,
    tells_a_wrong_secret,
    tells_an_expired_secret,
    tells_a_wrong_tenant,
    an_empty_argument_does_without_the_environment,
    logs_neither_secret_nor_token,
];

fn null_arguments_count_as_absent(scene: Scene) {
    scene.file(
        "provider.tf",
        "provider \"sentinel\" {\n  client_id = null\n  client_secret = null\n  tenant_id = null\n}\n",
    );
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.assert_settled();
}

fn arguments_win_over_the_environment(mut scene: Scene) {
    let (client, secret) = (scene.variable("ARM_CLIENT_ID"), scene.variable("ARM_CLIENT_SECRET"));
    scene.set("ARM_CLIENT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.set("ARM_CLIENT_SECRET", "of somebody else");
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

fn unknown_arguments_postpone_every_look_at_azure(scene: Scene) {
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
    assert_eq!(scene.azure.requests().to_arm().count(), 0, "nobody can log in yet");

    scene.apply();
    scene.azure.assert_streams("law-soc");
    scene.assert_settled();
}

fn names_the_methods_that_it_looked_at(mut scene: Scene) {
    for name in ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID"] {
        scene.unset(name);
    }
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["client_secret", "ARM_CLIENT_SECRET", "Azure CLI"]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn tells_a_wrong_secret(mut scene: Scene) {
    scene.set("ARM_CLIENT_SECRET", "not-the-secret-of-this-application");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    let finished = scene.plan_fails(&["AADSTS7000215", "ARM_CLIENT_SECRET"]);

    assert!(!finished.words().contains("not-the-secret-of-this-application"), "no secret is repeated");
    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn tells_an_expired_secret(scene: Scene) {
    let scene = scene.in_a_world(|world| {
        let secrets = world["world"]["applications"][0]["secrets"].as_array_mut().expect("it has secrets");
        for secret in secrets {
            secret["expires"] = json!("2020-01-01T00:00:00Z");
        }
    });
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["AADSTS7000222", "ARM_CLIENT_SECRET"]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn tells_a_wrong_tenant(mut scene: Scene) {
    scene.set("ARM_TENANT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["AADSTS90002", "ARM_TENANT_ID"]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn an_empty_argument_does_without_the_environment(scene: Scene) {
    // How a configuration gets rid of a variable that the machine has set.
    scene.file("provider.tf", "provider \"sentinel\" {\n  client_secret = \"\"\n}\n");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["client secret: neither client_secret nor client_secret_file_path is set"]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn logs_neither_secret_nor_token(mut scene: Scene) {
    scene.set("TF_LOG", "trace");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    // Every run is searched for the client secret; this one has everything in its log.
    let finished = scene.apply();

    assert!(finished.stderr.contains("sentinel.azure.http"), "the provider logs its requests");
    for mark in ["Bearer ey", "access_token", "client_secret="] {
        assert!(!finished.stderr.contains(mark), "{mark:?} is in the log");
    }
}
