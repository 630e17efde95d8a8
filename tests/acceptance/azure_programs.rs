//! Authentication with `azd` and Azure PowerShell. Scripts replace the programs and print their output.

use serde_json::json;

use crate::support::{Scene, connector};

scenarios![
    authenticates_with_the_azure_developer_cli,
    explains_a_logged_out_azure_developer_cli,
    authenticates_with_azure_powershell,
    explains_a_logged_out_azure_powershell,
    missing_program_does_not_fall_back_to_another_method,
];

/// A scene without a service principal, and a token of the simulated Azure for a script to print.
fn without_service_principal(scene: Scene) -> (Scene, String) {
    let client = scene.variable("ARM_CLIENT_ID");
    let mut scene = scene.in_a_world(|world| world["world"]["machine"] = json!({"system_assigned": client}));
    for name in ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET"] {
        scene.unset(name);
    }
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    let token = scene.azure.access_token(&format!("https://{}", scene.variable("ARM_METADATA_HOSTNAME")));
    (scene, token)
}

fn authenticates_with_the_azure_developer_cli(scene: Scene) {
    let (mut scene, token) = without_service_principal(scene);
    let script = format!(
        "echo \"$*\" >> '{calls}'\n\
         printf '\\033[33mWARNING: your version of azd is out of date\\033[0m\\r\\n' >&2\n\
         printf '{{\\r\\n  \"token\": \"{token}\",\\r\\n  \"expiresOn\": \"2100-01-01T00:00:00Z\"\\r\\n}}\\r\\n'\n",
        calls = scene.path("calls").display()
    );
    scene.program("azd", &script);
    scene.file("provider.tf", "provider \"sentinel\" {\n  use_dev_cli = true\n}\n");

    let finished = scene.apply();

    scene.azure.assert_streams("law-soc");
    assert!(!finished.words().contains(&token), "no token is repeated");
    let (calls, host, tenant) =
        (scene.read("calls"), scene.variable("ARM_METADATA_HOSTNAME"), scene.variable("ARM_TENANT_ID"));
    let expected = format!("auth token -o json --no-prompt --scope https://{host}/.default --tenant-id {tenant}");
    assert!(calls.lines().all(|call| call == expected), "{calls}");
}

fn explains_a_logged_out_azure_developer_cli(scene: Scene) {
    let (mut scene, _) = without_service_principal(scene);
    let script = "printf '{\"type\":\"consoleMessage\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"data\":{\"message\":\"\\\\nERROR: not logged in, run `azd auth login` to login\\\\n\"}}\\n' >&2\n\
        exit 1\n";
    scene.program("azd", script);
    scene.set("ARM_USE_DEV_CLI", "true");

    scene.plan_fails(&[
        "The Azure Developer CLI returned no token",
        "ERROR: not logged in, run `azd auth login` to login",
        "Run `azd auth login`.",
    ]);
}

fn authenticates_with_azure_powershell(scene: Scene) {
    let (mut scene, token) = without_service_principal(scene);
    let script = format!(
        "for last; do :; done\n\
         printf '%s' \"$last\" | base64 -d | tr -d '\\000' > '{script}'\n\
         printf '\\357\\273\\277\\033[33;1mWARNING: TenantId is deprecated\\033[0m\\r\\n'\n\
         printf '{{\"expires_on\":4102444800,\"accessToken\":\"{token}\"}}\\r\\n'\n",
        script = scene.path("script.ps1").display()
    );
    scene.program("pwsh", &script);
    scene.file("provider.tf", "provider \"sentinel\" {\n  use_powershell = true\n}\n");

    let finished = scene.apply();

    scene.azure.assert_streams("law-soc");
    assert!(!finished.words().contains(&token), "no token is repeated");
    let (script, host, tenant) =
        (scene.read("script.ps1"), scene.variable("ARM_METADATA_HOSTNAME"), scene.variable("ARM_TENANT_ID"));
    assert!(script.contains(&format!("ResourceUrl = 'https://{host}'")), "{script}");
    assert!(script.contains(&format!("$options.TenantId = '{tenant}'")), "{script}");
}

fn explains_a_logged_out_azure_powershell(scene: Scene) {
    let (mut scene, _) = without_service_principal(scene);
    let script = "printf '\\033[31;1mGet-AzAccessToken: \\033[31;1mRun Connect-AzAccount to login.\\033[0m\\r\\n' >&2\n\
        exit 1\n";
    scene.program("pwsh", script);
    scene.set("ARM_USE_POWERSHELL", "true");

    scene.plan_fails(&[
        "Azure PowerShell returned no token",
        "Get-AzAccessToken: Run Connect-AzAccount to login.",
        "Run `Connect-AzAccount` in `pwsh`.",
    ]);
}

fn missing_program_does_not_fall_back_to_another_method(mut scene: Scene) {
    scene.set("PATH", "/nonexistent");
    scene.file("provider.tf", "provider \"sentinel\" {\n  use_dev_cli = true\n}\n");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.plan_fails(&[
        "Azure Developer CLI: the argument `use_dev_cli` is true, but the program `azd` is not on the PATH",
    ]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}
