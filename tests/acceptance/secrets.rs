//! Secrets must not leak into the output, logs, plan files and states of Terraform and OpenTofu.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

use crate::support::leaks::{assert_free_of, files_below, spellings};
use crate::support::{Scene, connector};

scenarios![
    client_secret_does_not_leak,
    key_of_a_client_certificate_does_not_leak,
    oidc_token_does_not_leak,
    request_token_of_a_pipeline_does_not_leak,
    managed_identity_tokens_do_not_leak,
    access_token_does_not_leak,
    azure_cli_token_does_not_leak,
    azure_developer_cli_token_does_not_leak,
    azure_powershell_token_does_not_leak,
    tokens_of_auxiliary_tenants_do_not_leak,
    masks_an_error_that_repeats_the_secret,
];

/// Plans, shows and applies a saved plan, shows the state, and destroys, with trace logs. Searches everything for
/// `secrets`.
fn whole_run(scene: &mut Scene, secrets: &[(&str, String)], written_by_the_test: &[&str]) {
    scene.set("TF_LOG", "trace");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    for command in [
        &["validate", "-no-color"][..],
        &["plan", "-no-color", "-out=saved-plan"],
        &["show", "-json", "saved-plan"],
        &["apply", "-no-color", "saved-plan"],
        &["show", "-json"],
        &["plan", "-no-color", "-destroy", "-out=destroy-plan"],
        &["apply", "-no-color", "destroy-plan"],
    ] {
        let finished = scene.succeed(command);
        assert!(command[0] == "show" || finished.stderr.contains("sentinel"), "the log has the provider's lines");
        let output = format!("{}{}", finished.stdout, finished.stderr);
        assert_free(secrets, &finished.command, output.as_bytes());
    }
    assert_files_free(scene, secrets, written_by_the_test);
}

/// Asserts that `content` contains neither the secrets nor anything that looks like a token.
#[track_caller]
fn assert_free(secrets: &[(&str, String)], place: &str, content: &[u8]) {
    assert_free_of(secrets, place, content);
    let token = regex::bytes::Regex::new(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.").expect("a pattern");
    assert!(!token.is_match(content), "{place} has a token");
}

fn assert_files_free(scene: &Scene, secrets: &[(&str, String)], written_by_the_test: &[&str]) {
    let root = scene.path("").parent().expect("a sandbox").to_owned();
    let files = files_below(&root);
    let has = |ending: &str| files.iter().any(|(path, _)| path.ends_with(ending));
    assert!(has("terraform.tfstate") && has("saved-plan/tfplan"), "the state and the unpacked plan are searched");
    for (path, content) in &files {
        let is_own = path.ends_with("world.json") || written_by_the_test.iter().any(|name| path == &scene.path(name));
        if !is_own {
            assert_free(secrets, &path.display().to_string(), content);
        }
    }
}

fn client_secret_does_not_leak(mut scene: Scene) {
    let secret = scene.variable("ARM_CLIENT_SECRET");
    whole_run(&mut scene, &[("the client secret", secret)], &[]);
}

fn key_of_a_client_certificate_does_not_leak(scene: Scene) {
    let certificate = STANDARD.encode(include_bytes!(fixture!("certificate-only.cer")));
    let mut scene = scene.in_a_world(|world| world["world"]["applications"][0]["certificates"] = json!([certificate]));
    let bundle = STANDARD.encode(include_bytes!(fixture!("openssl3.pfx")));
    // The same key as base64 lines.
    let pem = include_str!(fixture!("rsa.pem"));
    let key = pem.split("-----").nth(2).expect("the key is first").trim().to_owned();
    let password = "correct horse".to_owned();
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("ARM_CLIENT_CERTIFICATE", &bundle);
    scene.set("ARM_CLIENT_CERTIFICATE_PASSWORD", &password);

    whole_run(&mut scene, &[("the bundle", bundle), ("the key", key), ("the password", password)], &[]);
}

/// A GitHub OIDC token.
fn github_token() -> String {
    let encode = |document: serde_json::Value| URL_SAFE_NO_PAD.encode(document.to_string());
    let claims = json!({
        "iss": "https://token.actions.githubusercontent.com", "sub": "repo:contoso/soc:ref:refs/heads/main",
        "aud": "api://AzureADTokenExchange", "exp": 4_102_444_800_u64,
    });
    format!("{}.{}.c2lnbmF0dXJlLW9mLXRoZS1pc3N1ZXI", encode(json!({"alg": "RS256"})), encode(claims))
}

fn oidc_token_does_not_leak(mut scene: Scene) {
    let token = github_token();
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("ARM_USE_OIDC", "true");
    scene.file("token", &token);
    scene.set("ARM_OIDC_TOKEN_FILE_PATH", "token");

    whole_run(&mut scene, &[("the OIDC token", token)], &["token"]);
}

fn request_token_of_a_pipeline_does_not_leak(scene: Scene) {
    let secret = "request-token-of-the-job".to_owned();
    let mut scene = scene.in_a_world(|world| {
        world["world"]["pipelines"] = json!([
            {"kind": "GitHub", "owner": "contoso", "request_token": secret, "subject": "repo:contoso/soc:ref:refs/heads/main"},
        ]);
    });
    let url = format!("https://{}/84//idtoken/1/2?api-version=2.0", scene.variable("ARM_METADATA_HOSTNAME"));
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("ARM_USE_OIDC", "true");
    scene.set("ACTIONS_ID_TOKEN_REQUEST_URL", &url);
    scene.set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", &secret);

    whole_run(&mut scene, &[("the request token", secret)], &[]);
}

fn managed_identity_tokens_do_not_leak(scene: Scene) {
    let header = "secret-header-of-the-app".to_owned();
    let client = scene.variable("ARM_CLIENT_ID");
    let mut scene = scene.in_a_world(|world| {
        world["world"]["machine"] = json!({"system_assigned": client, "identity_header": header});
    });
    for name in ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID"] {
        scene.unset(name);
    }
    let host = scene.variable("ARM_METADATA_HOSTNAME");
    scene.set("ARM_USE_MSI", "true");
    scene.set("IDENTITY_ENDPOINT", &format!("http://{host}/msi/token"));
    scene.set("IDENTITY_HEADER", &header);

    whole_run(&mut scene, &[("the identity header", header)], &[]);
}

fn access_token_does_not_leak(scene: Scene) {
    let client = scene.variable("ARM_CLIENT_ID");
    let mut scene = scene.in_a_world(|world| world["world"]["machine"] = json!({"system_assigned": client}));
    let token = scene.azure.access_token(&format!("https://{}", scene.variable("ARM_METADATA_HOSTNAME")));
    scene.unset("ARM_CLIENT_SECRET");
    scene.unset("ARM_CLIENT_ID");
    scene.set("ARM_USE_CLI", "false");
    scene.set("ARM_ACCESS_TOKEN", &token);

    whole_run(&mut scene, &[("the access token", token)], &[]);
}

/// Runs with a program that prints a token to stdout, and the same token in a warning to stderr.
fn run_with_program(scene: Scene, name: &str, document: fn(&str) -> String, flag: Option<&str>) {
    let client = scene.variable("ARM_CLIENT_ID");
    let mut scene = scene.in_a_world(|world| world["world"]["machine"] = json!({"system_assigned": client}));
    let token = scene.azure.access_token(&format!("https://{}", scene.variable("ARM_METADATA_HOSTNAME")));
    for name in ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET"] {
        scene.unset(name);
    }
    if let Some(flag) = flag {
        scene.set(flag, "true");
    }
    scene.program(name, &format!("echo 'WARNING: {token}' >&2\necho '{}'\n", document(&token)));

    whole_run(&mut scene, &[("the token", token)], &[&format!("bin/{name}")]);
}

fn azure_cli_token_does_not_leak(scene: Scene) {
    let document =
        |token: &str| json!({"accessToken": token, "expires_on": 4_102_444_800_u64, "tokenType": "Bearer"}).to_string();
    run_with_program(scene, "az", document, None);
}

fn azure_developer_cli_token_does_not_leak(scene: Scene) {
    let document = |token: &str| json!({"token": token, "expiresOn": "2100-01-01T00:00:00Z"}).to_string();
    run_with_program(scene, "azd", document, Some("ARM_USE_DEV_CLI"));
}

fn azure_powershell_token_does_not_leak(scene: Scene) {
    let document = |token: &str| json!({"accessToken": token, "expires_on": 4_102_444_800_u64}).to_string();
    run_with_program(scene, "pwsh", document, Some("ARM_USE_POWERSHELL"));
}

fn tokens_of_auxiliary_tenants_do_not_leak(scene: Scene) {
    // The second tenant of the default world.
    let fabrikam = "c0a8f1d2-7e43-4b6a-8f95-3d2e1c0b9a87";
    let mut scene = scene.in_a_world(|world| world["world"]["applications"][0]["other_tenants"] = json!([fabrikam]));
    scene.set("ARM_AUXILIARY_TENANT_IDS", fabrikam);
    let secret = scene.variable("ARM_CLIENT_SECRET");

    whole_run(&mut scene, &[("the client secret", secret)], &[]);

    let requests = scene.azure.requests();
    let path = format!("/{fabrikam}/oauth2/v2.0/token");
    assert!(requests.all().iter().any(|request| request.path == path), "there was a second token");
}

/// A proxy's error page that repeats the request in every encoding.
fn masks_an_error_that_repeats_the_secret(mut scene: Scene) {
    let secret = scene.variable("ARM_CLIENT_SECRET");
    let form = format!("grant_type=client_credentials&client_secret={secret}&scope=x");
    let page = format!(
        "blocked: {form}\n{}\nand {} and {}",
        spellings(&secret).join("\n"),
        STANDARD.encode(&form),
        STANDARD.encode(form.replace("grant_type", "grant")),
    );
    scene.azure.inject(json!({"path": "/oauth2/v2.0/token", "status": 403, "body": {"error": page}}));
    scene.set("TF_LOG", "trace");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    let finished = scene.plan_fails(&["blocked:"]);

    let output = format!("{}{}", finished.stdout, finished.stderr);
    assert_free(&[("the client secret", secret)], "the error", output.as_bytes());
}
