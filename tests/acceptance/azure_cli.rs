//! Authentication with the Azure CLI: unusual output and errors. A shell script replaces `az` and prints the texts of
//! the real program.

use serde_json::json;

use crate::support::{Scene, connector};

scenarios![
    finds_the_token_between_warnings_and_color_codes,
    reads_an_expiry_in_local_time,
    requests_a_token_for_the_tenant,
    explains_an_account_of_another_tenant,
    explains_an_expired_session,
    explains_a_logged_out_azure_cli,
    explains_a_home_folder_that_is_not_writable,
];

/// A scene in which only the Azure CLI can provide a token.
fn with_an_account(scene: Scene) -> Scene {
    let client = scene.variable("ARM_CLIENT_ID");
    let mut scene = scene.in_a_world(|world| world["world"]["machine"] = json!({"system_assigned": client}));
    for name in ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID"] {
        scene.unset(name);
    }
    let audience = format!("https://{}", scene.variable("ARM_METADATA_HOSTNAME"));
    scene.file("token", &scene.azure.access_token(&audience));
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene
}

/// Installs a script as `az`. It writes its arguments to the file `calls`. `$folder` is the folder of the
/// configuration.
fn az(scene: &mut Scene, script: &str) {
    let folder = scene.path("");
    let note = "echo \"$*\" >> \"$folder/calls\"";
    scene.program("az", &format!("folder='{}'\n{note}\n{script}\n", folder.display()));
}

/// The output of `az account get-access-token` with this expiry. `$token` is the token.
fn document(expiry: &str) -> String {
    format!(
        r#"{{
  "accessToken": "$token",
  {expiry},
  "subscription": "00000000-0000-0000-0000-000000000000",
  "tenant": "00000000-0000-0000-0000-000000000000",
  "tokenType": "Bearer"
}}"#
    )
}

/// A script that prints `text` with Windows line endings.
fn print(text: &str) -> String {
    format!("token=$(cat \"$folder/token\")\nsed 's/$/\\r/' <<END\n{text}\nEND")
}

const EXPIRY: &str = r#""expiresOn": "2100-01-01 01:00:00.000000", "expires_on": 4102444800"#;

fn finds_the_token_between_warnings_and_color_codes(scene: Scene) {
    let mut scene = with_an_account(scene);
    let noise =
        "printf '\\033[33mWARNING: You have 2 update(s) available. {Run} az upgrade.\\033[0m\\r\\n' | tee /dev/stderr";
    az(&mut scene, &format!("{noise}\n{}\n{noise}", print(&document(EXPIRY))));

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.file("calls", "");
    scene.assert_no_changes();
    assert_eq!(scene.read("calls").lines().count(), 1, "one call in a plan");
}

fn reads_an_expiry_in_local_time(scene: Scene) {
    let mut scene = with_an_account(scene);
    az(&mut scene, &print(&document(r#""expiresOn": "2100-01-01 01:00:00.000000""#)));

    scene.apply();

    scene.azure.assert_streams("law-soc");
}

fn requests_a_token_for_the_tenant(scene: Scene) {
    let mut scene = with_an_account(scene);
    let tenant = scene.variable("ARM_TENANT_ID");
    scene.set("ARM_SUBSCRIPTION_ID", "00000000-0000-0000-0000-0000000000ff");
    az(&mut scene, &print(&document(EXPIRY)));

    scene.plan();
    scene.set("ARM_TENANT_ID", &tenant);
    scene.plan();

    let calls = scene.read("calls");
    let mut calls = calls.lines();
    let without = calls.next().expect("a call without a tenant");
    assert!(without.ends_with("--subscription 00000000-0000-0000-0000-0000000000ff"), "{without}");
    let with = calls.next().expect("a call with a tenant");
    assert!(with.ends_with(&format!("--tenant {tenant}")), "{with}");
}

/// A script that fails with this text.
fn failing(text: &str) -> String {
    format!("cat >&2 <<'END'\n{text}\nEND\nexit 1")
}

fn explains_an_account_of_another_tenant(scene: Scene) {
    let mut scene = with_an_account(scene);
    scene.set("ARM_TENANT_ID", "00000000-0000-4000-8000-00000000beef");
    az(
        &mut scene,
        &failing(
            "ERROR: AADSTS50020: User account 'kim@contoso.com' from identity provider 'live.com' does not exist in \
             tenant 'Fabrikam' and cannot access the application '04b07795-8ddb-461a-bbee-02f9e1bf7b46'(Microsoft Azure \
             CLI) in that tenant. Trace ID: 1 Correlation ID: 2 Timestamp: 2026-01-01 00:00:00Z\n\
             Interactive authentication is needed. Please run:\naz login --tenant \"00000000-0000-4000-8000-00000000beef\"",
        ),
    );

    scene.plan_fails(&[
        "The account is not in this tenant",
        "AADSTS50020",
        "The value was read from the environment variable ARM_TENANT_ID",
        "Run `az login --tenant TENANT_ID`",
    ]);
}

fn explains_an_expired_session(scene: Scene) {
    let mut scene = with_an_account(scene);
    az(
        &mut scene,
        &failing(
            "ERROR: AADSTS700082: The refresh token has expired due to inactivity. The token was issued on \
             2026-01-01T00:00:00.0000000Z and was inactive for 90.00:00:00.\nInteractive authentication is needed. Please \
             run:\naz login --scope https://management.azure.com/.default",
        ),
    );

    scene.plan_fails(&["Interactive login required", "AADSTS700082", "Run `az login --tenant TENANT_ID`"]);
}

fn explains_a_logged_out_azure_cli(scene: Scene) {
    let mut scene = with_an_account(scene);
    az(&mut scene, &failing("ERROR: Please run 'az login' to setup account."));

    scene.plan_fails(&["The Azure CLI returned no token", "Please run 'az login' to setup account", "Run `az login`"]);
}

fn explains_a_home_folder_that_is_not_writable(scene: Scene) {
    let mut scene = with_an_account(scene);
    let text = "ERROR: The command failed with an unexpected error. Here is the traceback:\nERROR: [Errno 30] Read-only \
                file system: '/home/kim/.azure/commandIndex.json'";
    az(&mut scene, &failing(text));

    scene.plan_fails(&["Read-only file system: '/home/kim/.azure/commandIndex.json'", "the folder ~/.azure"]);
}
