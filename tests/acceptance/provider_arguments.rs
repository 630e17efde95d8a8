//! Arguments of the provider block: null, empty, unknown, from the environment, and logins that fail.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use terraform_driver::plan::Action;

use crate::support::{CONNECTOR, Scene, connector};

scenarios![
    null_arguments_count_as_absent,
    arguments_override_the_environment,
    unknown_arguments_prevent_requests_at_plan,
    lists_every_login_method_without_a_login,
    reports_a_wrong_secret,
    reports_an_expired_secret,
    reports_the_id_of_a_secret_used_as_its_value,
    reports_a_wrong_tenant,
    empty_argument_overrides_the_environment,
    file_argument_overrides_the_environment,
    rejects_a_value_and_a_file_with_different_content,
    use_oidc_argument_overrides_a_secret_in_the_environment,
    use_oidc_without_a_token_does_not_fall_back_to_a_secret,
    shows_the_required_federated_credential,
    explains_each_refusal_of_an_oidc_token,
    reads_files_and_variables_as_windows_writes_them,
    requests_a_token_in_a_github_workflow,
    reports_a_finished_github_workflow,
    requests_a_token_in_an_azure_devops_pipeline,
    reports_a_missing_service_connection_in_azure_devops,
    logs_in_with_the_workload_identity_of_a_pod,
    logs_in_with_a_token_of_hcp_terraform,
    logs_in_with_the_managed_identity_of_a_virtual_machine,
    logs_in_with_the_managed_identity_of_an_app,
    rejects_a_key_file_outside_the_folder_of_azure_arc,
    uses_an_access_token_of_the_environment_until_it_expires,
    names_the_only_setting_that_is_missing,
    renews_the_token_once_for_a_claims_challenge,
    rejects_an_endpoint_whose_path_would_be_the_audience,
    logs_contain_no_secret_and_no_token,
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

fn arguments_override_the_environment(mut scene: Scene) {
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
    assert_eq!(scene.azure.requests().to_arm().count(), 0, "nobody can log in yet");

    scene.apply();
    scene.azure.assert_streams("law-soc");
    scene.assert_settled();
}

fn lists_every_login_method_without_a_login(mut scene: Scene) {
    for name in ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID"] {
        scene.unset(name);
    }
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["client_secret", "ARM_CLIENT_SECRET", "Azure CLI"]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn reports_a_wrong_secret(mut scene: Scene) {
    scene.set("ARM_CLIENT_SECRET", "not-the-secret-of-this-application");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    let finished = scene.plan_fails(&["AADSTS7000215", "ARM_CLIENT_SECRET"]);

    assert!(!finished.words().contains("not-the-secret-of-this-application"), "no secret is repeated");
    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn reports_an_expired_secret(scene: Scene) {
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

fn reports_the_id_of_a_secret_used_as_its_value(mut scene: Scene) {
    scene.set("ARM_CLIENT_SECRET", "4b1f6f0e-9c52-4a7d-8e3b-1d2c3b4a5f60");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&[
        "AADSTS7000215",
        "The client secret has the form of a GUID. It is probably the ID of the secret",
    ]);
}

fn reports_a_wrong_tenant(mut scene: Scene) {
    scene.set("ARM_TENANT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["AADSTS90002", "ARM_TENANT_ID"]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn empty_argument_overrides_the_environment(scene: Scene) {
    // How a configuration gets rid of a variable that the machine has set.
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
    scene.set("ARM_CLIENT_SECRET", "of somebody else");
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

fn use_oidc_argument_overrides_a_secret_in_the_environment(scene: Scene) {
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

fn shows_the_required_federated_credential(mut scene: Scene) {
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

/// The same with other claims.
fn token_with(changes: serde_json::Value) -> String {
    let mut claims = json!({
        "iss": "https://token.actions.githubusercontent.com", "sub": "repo:contoso/soc:ref:refs/heads/main",
        "aud": "api://AzureADTokenExchange", "exp": 4_102_444_800_u64,
    });
    let (claims_map, changes) = (claims.as_object_mut().expect("claims"), changes.as_object().expect("claims").clone());
    claims_map.extend(changes);
    let encode = |document: serde_json::Value| URL_SAFE_NO_PAD.encode(document.to_string());
    format!("{}.{}.c2lnbmF0dXJl", encode(json!({"alg": "RS256", "typ": "JWT"})), encode(claims))
}

fn explains_each_refusal_of_an_oidc_token(mut scene: Scene) {
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("ARM_USE_OIDC", "true");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    for (code, changes, shown) in [
        ("AADSTS700211", json!({"iss": "https://issuer.example"}), "issuer: https://issuer.example"),
        ("AADSTS700213", json!({"sub": "repo:contoso/soc:pull_request"}), "subject: repo:contoso/soc:pull_request"),
        ("AADSTS700212", json!({"aud": "https://github.com/contoso"}), "audience: https://github.com/contoso"),
        ("AADSTS700024", json!({"exp": 1_700_000_000}), "valid until: Tue, 14 Nov 2023 22:13:20 GMT"),
    ] {
        let token = token_with(changes);
        scene.set("ARM_OIDC_TOKEN", &token);

        let finished = scene.plan_fails(&[code, shown, "Upper-case and lower-case letters are different"]);

        assert!(!finished.words().contains(&token), "no token is repeated");
    }
    scene.set("ARM_OIDC_TOKEN", &token_with(json!({})));
    scene.set("ARM_CLIENT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.plan_fails(&["AADSTS700016", "subject: repo:contoso/soc:ref:refs/heads/main", "ARM_CLIENT_ID"]);
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

/// The scene in a world where jobs of pipelines run, without the client secret.
fn in_pipelines(scene: Scene) -> Scene {
    let mut scene = scene.in_a_world(|world| {
        let world = &mut world["world"];
        world["pipelines"] = json!([
            {"kind": "GitHub", "owner": "contoso", "request_token": "request-token-of-the-job",
             "subject": "repo:contoso/soc:ref:refs/heads/main"},
            {"kind": "AzureDevOps", "access_token": "access-token-of-the-job", "issuer": "https://vstoken.dev.azure.com/contoso",
             "service_connections": [{"id": CONNECTION, "subject": "sc://contoso/soc/azure"}]},
        ]);
        world["applications"][0]["federated_credentials"].as_array_mut().expect("a list").push(json!({
            "issuer": "https://vstoken.dev.azure.com/contoso", "subject": "sc://contoso/soc/azure",
            "audience": "api://AzureADTokenExchange",
        }));
    });
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("ARM_USE_OIDC", "true");
    scene
}

/// A service connection of Azure DevOps.
const CONNECTION: &str = "6a1f3b5c-2d4e-4f60-8a7b-9c0d1e2f3a4b";

fn github(scene: Scene) -> Scene {
    let mut scene = in_pipelines(scene);
    let url = format!("https://{}/84//idtoken/1/2?api-version=2.0", scene.variable("ARM_METADATA_HOSTNAME"));
    scene.set("ACTIONS_ID_TOKEN_REQUEST_URL", &url);
    scene.set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token-of-the-job");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene
}

fn requests_a_token_in_a_github_workflow(scene: Scene) {
    let mut scene = github(scene);
    // A self-hosted runner in AKS: its pod has variables of another identity.
    scene.set("AZURE_FEDERATED_TOKEN_FILE", "/nonexistent");
    scene.set("AZURE_CLIENT_ID", "00000000-0000-4000-8000-000000000bad");

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.assert_settled();
}

fn reports_a_finished_github_workflow(scene: Scene) {
    let mut scene = github(scene);
    scene.set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token-of-an-old-job");

    let finished = scene.plan_fails(&[
        "GitHub issued no OIDC token",
        "The request token is not the one of a running job.",
        "Its value comes from the environment variable ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "id-token: write",
    ]);

    assert!(!finished.words().contains("request-token-of-an-old-job"), "no token is repeated");
}

fn azure_devops(scene: Scene) -> Scene {
    let mut scene = in_pipelines(scene);
    let host = scene.variable("ARM_METADATA_HOSTNAME");
    let url = format!("https://{host}/contoso/soc/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken");
    scene.set("SYSTEM_OIDCREQUESTURI", &url);
    scene.set("SYSTEM_ACCESSTOKEN", "access-token-of-the-job");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene
}

fn requests_a_token_in_an_azure_devops_pipeline(scene: Scene) {
    let mut scene = azure_devops(scene);
    scene.set("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", CONNECTION);

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.set("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "00000000-0000-4000-8000-000000000bad");
    scene.plan_fails(&["Azure DevOps issued no OIDC token", "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID"]);
    scene.set("SYSTEM_ACCESSTOKEN", "access-token-of-an-old-job");
    scene.plan_fails(&["Azure DevOps refused the access token", "TF400813", "SYSTEM_ACCESSTOKEN"]);
}

fn reports_a_missing_service_connection_in_azure_devops(scene: Scene) {
    let scene = azure_devops(scene);

    scene.plan_fails(&[
        "The login with the OIDC token of an Azure DevOps pipeline is incomplete",
        "Only `ado_pipeline_service_connection_id` is missing",
    ]);
}

fn logs_in_with_the_workload_identity_of_a_pod(mut scene: Scene) {
    scene.file("token", &github_token("repo:contoso/soc:ref:refs/heads/main"));
    for (variable, name) in [("ARM_CLIENT_ID", "AZURE_CLIENT_ID"), ("ARM_TENANT_ID", "AZURE_TENANT_ID")] {
        let value = scene.variable(variable);
        scene.unset(variable);
        scene.set(name, &value);
    }
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("AZURE_FEDERATED_TOKEN_FILE", "token");
    scene.file("provider.tf", "provider \"sentinel\" {\n  use_aks_workload_identity = true\n}\n");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.set("ARM_TENANT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.plan_fails(&["Two settings contradict each other", "ARM_TENANT_ID", "AZURE_TENANT_ID"]);
}

fn logs_in_with_a_token_of_hcp_terraform(mut scene: Scene) {
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("TFC_WORKLOAD_IDENTITY_TOKEN", &github_token("repo:contoso/soc:ref:refs/heads/main"));
    scene.file("provider.tf", "provider \"sentinel\" {\n  use_oidc = true\n}\n");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
}

/// A user-assigned identity, by its resource ID.
const IDENTITY: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/terraform";

/// The scene on a machine with managed identities, without a client secret. The endpoint has no TLS.
fn on_a_machine(scene: Scene, machine: serde_json::Value) -> Scene {
    let client = scene.variable("ARM_CLIENT_ID");
    let mut scene = scene.in_a_world(|world| {
        let mut machine = machine;
        machine["user_assigned"] = json!([{"client_id": client, "resource_id": IDENTITY}]);
        world["world"]["machine"] = machine;
    });
    for name in ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID"] {
        scene.unset(name);
    }
    scene.set("ARM_USE_MSI", "true");
    // No proxy may come between.
    scene.set("HTTP_PROXY", "http://127.0.0.1:9");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene
}

fn logs_in_with_the_managed_identity_of_a_virtual_machine(scene: Scene) {
    let client = scene.variable("ARM_CLIENT_ID");
    let mut scene = on_a_machine(scene, json!({"system_assigned": client}));
    let host = scene.variable("ARM_METADATA_HOSTNAME");
    scene.set("ARM_MSI_ENDPOINT", &format!("http://{host}/metadata/identity/oauth2/token"));

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.set("ARM_CLIENT_ID", &client);
    scene.assert_settled();
    scene.set("ARM_CLIENT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.plan_fails(&["Managed identity not found", "Identity not found", "ARM_CLIENT_ID"]);
    scene.set("ARM_MSI_ENDPOINT", "169.254.169.254");
    scene.plan_fails(&["Invalid msi_endpoint", "starts with http:// or https://"]);
}

fn logs_in_with_the_managed_identity_of_an_app(scene: Scene) {
    let mut scene = on_a_machine(scene, json!({"identity_header": "header-of-the-app"}));
    let endpoint = format!("http://{}/msi/token", scene.variable("ARM_METADATA_HOSTNAME"));
    scene.set("IDENTITY_ENDPOINT", &endpoint);
    scene.set("IDENTITY_HEADER", "header-of-the-app");
    scene.set("ARM_CLIENT_ID", IDENTITY);

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.set("IDENTITY_HEADER", "header-of-an-old-start");
    scene.plan_fails(&["The managed identity endpoint refused the request", "IDENTITY_ENDPOINT"]);
}

fn rejects_a_key_file_outside_the_folder_of_azure_arc(scene: Scene) {
    let client = scene.variable("ARM_CLIENT_ID");
    let arc = json!({"system_assigned": client, "arc": {"challenge_file": "/etc/hostname", "key": "k"}});
    let mut scene = on_a_machine(scene, arc);
    let endpoint = format!("http://{}/metadata/identity/oauth2/token", scene.variable("ARM_METADATA_HOSTNAME"));
    scene.set("IDENTITY_ENDPOINT", &endpoint);
    scene.set("IMDS_ENDPOINT", "http://localhost:40342");

    scene.plan_fails(&["/etc/hostname", "is not a key in the folder"]);
}

fn uses_an_access_token_of_the_environment_until_it_expires(scene: Scene) {
    let client = scene.variable("ARM_CLIENT_ID");
    let mut scene = on_a_machine(scene, json!({"system_assigned": client}));
    scene.unset("ARM_USE_MSI");
    scene.set("ARM_USE_CLI", "false");
    let host = scene.variable("ARM_METADATA_HOSTNAME");
    let token = scene.azure.access_token(&format!("https://{host}"));
    scene.set("ARM_ACCESS_TOKEN", &token);

    let finished = scene.apply();

    assert!(!finished.words().contains(&token), "no token is repeated");
    scene.azure.assert_streams("law-soc");
    scene.assert_settled();
    scene.set("ARM_ACCESS_TOKEN", &scene.azure.access_token("https://graph.microsoft.com"));
    scene.plan_fails(&["The access token cannot be used", "is for \"https://graph.microsoft.com\""]);
    scene.set("ARM_ACCESS_TOKEN", "not-a-token-but-secret");
    let finished = scene.plan_fails(&["The access token cannot be used", "is not a JSON Web Token"]);
    assert!(!finished.words().contains("not-a-token-but-secret"), "no token is repeated");
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

fn rejects_an_endpoint_whose_path_would_be_the_audience(mut scene: Scene) {
    scene.set("ARM_RESOURCE_MANAGER_ENDPOINT", "https://gateway.example/arm");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&["Invalid endpoint", "it has a path", "resource_manager_audience"]);
}

fn logs_contain_no_secret_and_no_token(mut scene: Scene) {
    scene.set("TF_LOG", "trace");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    // Every run is searched for the client secret; this one has everything in its log.
    let finished = scene.apply();

    assert!(finished.stderr.contains("sentinel.azure.http"), "the provider logs its requests");
    for mark in ["Bearer ey", "access_token", "client_secret="] {
        assert!(!finished.stderr.contains(mark), "{mark:?} is in the log");
    }
}
