//! Authentication with a managed identity or with an access token.

use serde_json::json;

use crate::support::{Scene, connector};

scenarios![
    authenticates_with_the_managed_identity_of_a_virtual_machine,
    authenticates_with_the_managed_identity_of_an_app,
    rejects_a_key_file_outside_the_folder_of_azure_arc,
    uses_an_access_token_of_the_environment_until_it_expires,
];

/// A user-assigned identity, by its resource ID.
const IDENTITY: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/terraform";

/// A scene on a machine with managed identities, without a client secret. The endpoint has no TLS.
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
    // The provider must not use a proxy for the endpoint.
    scene.set("HTTP_PROXY", "http://127.0.0.1:9");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene
}

fn authenticates_with_the_managed_identity_of_a_virtual_machine(scene: Scene) {
    let client = scene.variable("ARM_CLIENT_ID");
    let mut scene = on_a_machine(scene, json!({"system_assigned": client}));
    let host = scene.variable("ARM_METADATA_HOSTNAME");
    scene.set("ARM_MSI_ENDPOINT", &format!("http://{host}/metadata/identity/oauth2/token"));

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.set("ARM_CLIENT_ID", &client);
    scene.assert_no_changes();
    scene.set("ARM_CLIENT_ID", "00000000-0000-4000-8000-000000000bad");
    scene.plan_fails(&["Managed identity not found", "Identity not found", "ARM_CLIENT_ID"]);
    scene.set("ARM_MSI_ENDPOINT", "169.254.169.254");
    scene.plan_fails(&["Invalid ARM_MSI_ENDPOINT", "starts with http:// or https://"]);
}

fn authenticates_with_the_managed_identity_of_an_app(scene: Scene) {
    let mut scene = on_a_machine(scene, json!({"identity_header": "header-of-the-app"}));
    let endpoint = format!("http://{}/msi/token", scene.variable("ARM_METADATA_HOSTNAME"));
    scene.set("IDENTITY_ENDPOINT", &endpoint);
    scene.set("IDENTITY_HEADER", "header-of-the-app");
    scene.set("ARM_CLIENT_ID", IDENTITY);

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.set("IDENTITY_HEADER", "header-of-an-old-start");
    scene.plan_fails(&["The managed identity endpoint rejected the request", "IDENTITY_ENDPOINT"]);
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
    scene.assert_no_changes();
    scene.set("ARM_ACCESS_TOKEN", &scene.azure.access_token("https://graph.microsoft.com"));
    scene.plan_fails(&["The access token cannot be used", "is for \"https://graph.microsoft.com\""]);
    scene.set("ARM_ACCESS_TOKEN", "not-a-token-but-secret");
    let finished = scene.plan_fails(&["The access token cannot be used", "is not a JSON Web Token"]);
    assert!(!finished.words().contains("not-a-token-but-secret"), "no token is repeated");
}
