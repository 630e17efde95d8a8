//! Arguments of the provider block: null, empty, unknown, from the environment, and logins that fail.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
    an_argument_that_names_a_file_wins_over_the_environment,
    a_value_and_a_file_that_contradict_each_other_are_an_error,
    use_oidc_in_the_block_wins_over_a_secret_in_the_environment,
    use_oidc_without_a_token_does_not_fall_back_to_a_secret,
    shows_what_a_federated_credential_must_have,
    names_the_only_setting_that_is_missing,
    renews_the_token_once_for_a_claims_challenge,
    refuses_an_endpoint_whose_path_would_be_the_audience,
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

    scene.plan_fails(&[
        "client secret: an application is configured (`tenant_id` and `client_id`), but neither `client_secret` nor \
         `client_secret_file_path` is set",
    ]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn an_argument_that_names_a_file_wins_over_the_environment(mut scene: Scene) {
    scene.file("client-id", &format!("\u{feff}{}\r\n", scene.variable("ARM_CLIENT_ID")));
    scene.file("secret", &scene.variable("ARM_CLIENT_SECRET"));
    scene.set("ARM_CLIENT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.set("ARM_CLIENT_SECRET", "of somebody else");
    scene.file(
        "provider.tf",
        "provider \"sentinel\" {\n  client_id_file_path = \"client-id\"\n  client_secret_file_path = \"secret\"\n}\n",
    );
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
}

fn a_value_and_a_file_that_contradict_each_other_are_an_error(mut scene: Scene) {
    scene.file("secret", "another secret");
    scene.set("ARM_CLIENT_SECRET_FILE_PATH", "secret");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&[
        "Two settings contradict each other",
        "ARM_CLIENT_SECRET and the environment variable ARM_CLIENT_SECRET_FILE_PATH",
    ]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

/// An OIDC token as GitHub issues it, with this subject.
fn github_token(subject: &str) -> String {
    let encode = |document: serde_json::Value| URL_SAFE_NO_PAD.encode(document.to_string());
    let claims = json!({
        "iss": "https://token.actions.githubusercontent.com",
        "sub": subject,
        "aud": "api://AzureADTokenExchange",
        "exp": 4_102_444_800_u64,
    });
    format!("{}.{}.c2lnbmF0dXJl", encode(json!({"alg": "RS256", "typ": "JWT"})), encode(claims))
}

fn use_oidc_in_the_block_wins_over_a_secret_in_the_environment(scene: Scene) {
    scene.file("token", &github_token("repo:contoso/soc:ref:refs/heads/main"));
    scene.file("provider.tf", "provider \"sentinel\" {\n  use_oidc = true\n  oidc_token_file_path = \"token\"\n}\n");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
    let requests = scene.azure.requests();
    let logins = requests.all().iter().filter(|request| request.path.contains("/oauth2/")).count();
    assert!(logins > 0, "it logged in");
}

fn use_oidc_without_a_token_does_not_fall_back_to_a_secret(scene: Scene) {
    scene.file("provider.tf", "provider \"sentinel\" {\n  use_oidc = true\n}\n");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&[
        "The login with the OIDC token is incomplete",
        "Only `oidc_token` is missing. Set `oidc_token` (ARM_OIDC_TOKEN)",
    ]);

    assert_eq!(scene.azure.requests().all().len(), 1, "only the metadata were read");
}

fn shows_what_a_federated_credential_must_have(mut scene: Scene) {
    let token = github_token("repo:Contoso/SOC:ref:refs/heads/main");
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("ARM_USE_OIDC", "true");
    scene.set("ARM_OIDC_TOKEN", &token);
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    let finished = scene.plan_fails(&[
        "Federated credential differs in case",
        "AADSTS7002138",
        "issuer: https://token.actions.githubusercontent.com",
        "subject: repo:Contoso/SOC:ref:refs/heads/main",
        "audience: api://AzureADTokenExchange",
    ]);

    assert!(!finished.words().contains(&token), "no token is repeated");
}

fn names_the_only_setting_that_is_missing(mut scene: Scene) {
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("ARM_USE_CLI", "false");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["Only `client_secret` is missing. Set `client_secret` (ARM_CLIENT_SECRET)"]);
}

fn renews_the_token_once_for_a_claims_challenge(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    let claims = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7InZhbHVlIjoiMSJ9fX0=";
    scene.azure.inject(json!({
        "method": "PUT",
        "path": "/dataConnectors/",
        "times": 1,
        "status": 401,
        "headers": {"www-authenticate": format!("Bearer error=\"insufficient_claims\", claims=\"{claims}\"")},
        "body": {"error": {"code": "InvalidAuthenticationToken", "message": "A policy applies."}},
    }));

    scene.apply();

    scene.azure.assert_requests("PUT", "/dataConnectors/", 2);
    scene.azure.assert_streams("law-soc");
}

fn refuses_an_endpoint_whose_path_would_be_the_audience(mut scene: Scene) {
    scene.set("ARM_RESOURCE_MANAGER_ENDPOINT", "https://gateway.example/arm");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["Invalid endpoint", "it has a path", "resource_manager_audience"]);
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
