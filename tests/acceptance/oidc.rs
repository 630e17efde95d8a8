//! Authentication with an OIDC token: from an argument, a pipeline, a pod, or HCP Terraform.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::support::{Scene, connector};

scenarios![
    use_oidc_argument_overrides_a_secret_in_the_environment,
    use_oidc_without_a_token_does_not_fall_back_to_a_secret,
    shows_the_required_federated_credential,
    explains_each_rejection_of_an_oidc_token,
    requests_a_token_in_a_github_workflow,
    reports_a_finished_github_workflow,
    requests_a_token_in_an_azure_devops_pipeline,
    reports_a_missing_service_connection_in_azure_devops,
    authenticates_with_the_workload_identity_of_a_pod,
    authenticates_with_a_token_of_hcp_terraform,
];

/// A GitHub OIDC token for the trusted repository, with these changes to its claims.
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

fn use_oidc_argument_overrides_a_secret_in_the_environment(scene: Scene) {
    scene.file("token", &token_with(json!({})));
    scene.file("provider.tf", "provider \"sentinel\" {\n  use_oidc = true\n  oidc_token_file_path = \"token\"\n}\n");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
    let requests = scene.azure.requests();
    let token_requests = requests.all().iter().filter(|request| request.path.contains("/oauth2/")).count();
    assert!(token_requests > 0, "it requested a token");
}

fn use_oidc_without_a_token_does_not_fall_back_to_a_secret(scene: Scene) {
    scene.file("provider.tf", "provider \"sentinel\" {\n  use_oidc = true\n}\n");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&[
        "Authentication with the OIDC token is incomplete",
        "In GitLab, define `id_tokens` in the job. Elsewhere, set `oidc_token` (ARM_OIDC_TOKEN)",
        "ignored on purpose, because the argument `use_oidc` is true",
    ]);

    assert_eq!(scene.azure.requests().all().len(), 1, "only the metadata were read");
}

fn shows_the_required_federated_credential(mut scene: Scene) {
    let token = token_with(json!({"sub": "repo:Contoso/SOC:ref:refs/heads/main"}));
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

fn explains_each_rejection_of_an_oidc_token(mut scene: Scene) {
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

        let finished = scene.plan_fails(&[code, shown]);

        assert!(!finished.words().contains(&token), "no token is repeated");
    }
    scene.set("ARM_OIDC_TOKEN", &token_with(json!({})));
    scene.set("ARM_CLIENT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.plan_fails(&["AADSTS700016", "subject: repo:contoso/soc:ref:refs/heads/main", "ARM_CLIENT_ID"]);
}

/// A scene in a world with pipeline jobs, without the client secret.
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
    // The pod of a self-hosted runner in AKS has variables of another identity.
    scene.set("AZURE_FEDERATED_TOKEN_FILE", "/nonexistent");
    scene.set("AZURE_CLIENT_ID", "00000000-0000-4000-8000-000000000bad");

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}

fn reports_a_finished_github_workflow(scene: Scene) {
    let mut scene = github(scene);
    scene.set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token-of-an-old-job");

    let finished = scene.plan_fails(&[
        "GitHub issued no OIDC token",
        "The request token is not the one of a running job.",
        "The value was read from the environment variable ACTIONS_ID_TOKEN_REQUEST_TOKEN",
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
    scene.plan_fails(&["Azure DevOps rejected the access token", "TF400813", "SYSTEM_ACCESSTOKEN"]);
}

fn reports_a_missing_service_connection_in_azure_devops(scene: Scene) {
    let scene = azure_devops(scene);

    scene.plan_fails(&[
        "Authentication with the OIDC token of an Azure DevOps pipeline is incomplete",
        "Only `ado_pipeline_service_connection_id` is missing",
    ]);
}

fn authenticates_with_the_workload_identity_of_a_pod(mut scene: Scene) {
    scene.file("token", &token_with(json!({})));
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
    scene.plan_fails(&["Conflicting settings", "ARM_TENANT_ID", "AZURE_TENANT_ID"]);
}

fn authenticates_with_a_token_of_hcp_terraform(mut scene: Scene) {
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("TFC_WORKLOAD_IDENTITY_TOKEN", &token_with(json!({})));
    scene.file("provider.tf", "provider \"sentinel\" {\n  use_oidc = true\n}\n");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_streams("law-soc");
}
