//! Authentication: the number and the tenants of token requests, and unknown settings.

use serde_json::{Value, json};
use terraform_driver::plan::Action;
use terraform_driver::world::copy_workspace;

use crate::support::{CONNECTOR, Scene, connector};

scenarios![
    requests_one_token_for_a_hundred_resources,
    authenticates_in_the_tenant_of_each_provider_alias,
    connects_to_a_custom_cloud_by_its_endpoints,
    authentication_waits_for_settings_known_only_at_apply,
    refresh_requires_known_settings,
];

fn requests_one_token_for_a_hundred_resources(scene: Scene) {
    let name = |number: usize| format!("law-{number:03}");
    let scene = scene.in_a_world(|world| copy_workspace(world, "law-soc", (0..100).map(name)));
    let ids: Vec<String> = (0..100).map(|number| format!("{:?}", scene.azure.workspace(&name(number)))).collect();
    scene.configure(&format!(
        "resource \"sentinel_dfc_tenant_connector\" \"each\" {{\n  count        = 100\n  workspace_id = [{}][count.index]\n}}\n",
        ids.join(", ")
    ));
    let token_requests = |arguments: &[&str]| {
        scene.azure.clear_requests();
        scene.succeed(arguments);
        scene.azure.requests().to_token_endpoints().count()
    };

    assert_eq!(token_requests(&["validate", "-no-color"]), 0);
    assert_eq!(scene.azure.requests().all().len(), 0, "validate works without Azure");
    assert_eq!(token_requests(&["plan", "-no-color", "-parallelism=100", "-out=create"]), 1);
    assert_eq!(token_requests(&["apply", "-no-color", "-parallelism=100", "create"]), 1);
    assert_eq!(token_requests(&["plan", "-no-color", "-parallelism=100", "-detailed-exitcode"]), 1);
}

/// Moves the second subscription to the tenant Fabrikam, with a workspace and an application.
fn two_tenants(world: &mut serde_json::Map<String, Value>) {
    const CONTOSO: &str = "3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58";
    const FABRIKAM: &str = "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";
    let tenant = world["world"]["tenants"][1]["tenant_id"].clone();
    let copies: Vec<(String, Value)> = world
        .iter()
        .filter(|(id, _)| id.starts_with(&format!("/subscriptions/{CONTOSO}/")))
        .filter(|(id, _)| !id.contains("/workspaces/") || id.contains("/workspaces/law-soc"))
        .map(|(id, document)| {
            let moved = |text: &str| text.replace(CONTOSO, FABRIKAM).replace("law-soc", "law-fabrikam");
            (moved(id), serde_json::from_str(&moved(&document.to_string())).expect("JSON"))
        })
        .collect();
    world.extend(copies);
    world[&format!("/subscriptions/{FABRIKAM}")]["tenantId"] = tenant.clone();
    let settings = &mut world["world"];
    let mut application = settings["applications"][0].clone();
    application["client_id"] = json!(OTHER_CLIENT);
    application["object_id"] = json!("9d0f7b3e-5a1c-4e82-b6d4-2f8a7c1e0b95");
    application["tenant_id"] = tenant;
    application["secrets"] = json!([{"value": OTHER_SECRET}]);
    settings["role_assignments"].as_array_mut().expect("a list").push(json!({
        "principal_id": application["object_id"], "scope": format!("/subscriptions/{FABRIKAM}"), "role": "Contributor",
    }));
    settings["applications"].as_array_mut().expect("a list").push(application);
}

const OTHER_CLIENT: &str = "f2c4a6e8-1b3d-4f5a-9c7e-0d2b4f6a8c1e";
const OTHER_SECRET: &str = "Sim8Q~fabrikam-secret-of-another-app-Azure05";

fn authenticates_in_the_tenant_of_each_provider_alias(scene: Scene) {
    let mut scene = scene.in_a_world(two_tenants);
    let tenant = "c0a8f1d2-7e43-4b6a-8f95-3d2e1c0b9a87";
    scene.set("TF_VAR_fabrikam_secret", OTHER_SECRET);
    scene.configure(&format!(
        r#"
variable "fabrikam_secret" {{
  type      = string
  sensitive = true
}}

provider "sentinel" {{}}

provider "sentinel" {{
  alias         = "fabrikam"
  tenant_id     = "{tenant}"
  client_id     = "{OTHER_CLIENT}"
  client_secret = var.fabrikam_secret
}}

resource "sentinel_dfc_tenant_connector" "contoso" {{
  workspace_id = "{}"
}}

resource "sentinel_dfc_tenant_connector" "fabrikam" {{
  provider     = sentinel.fabrikam
  workspace_id = "{}"
}}
"#,
        scene.azure.workspace("law-soc"),
        scene.azure.workspace("law-fabrikam"),
    ));

    // A token of the other tenant would be rejected with InvalidAuthenticationTokenTenant.
    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.azure.assert_streams("law-fabrikam");
    scene.azure.clear_requests();
    scene.assert_no_changes();
    let requests = scene.azure.requests();
    let mut paths: Vec<&str> = requests.to_token_endpoints().map(|request| request.path.as_str()).collect();
    paths.sort_unstable();
    let path = |tenant: &str| format!("/{tenant}/oauth2/v2.0/token");
    assert_eq!(paths, [path(&scene.variable("ARM_TENANT_ID")), path(tenant)], "one token for each tenant");
}

fn connects_to_a_custom_cloud_by_its_endpoints(mut scene: Scene) {
    let endpoint = format!("https://{}", scene.variable("ARM_METADATA_HOSTNAME"));
    scene.unset("ARM_METADATA_HOSTNAME");
    scene.set("ARM_ENVIRONMENT", "custom");
    scene.set("ARM_RESOURCE_MANAGER_ENDPOINT", &endpoint);
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene
        .plan_fails(&["Missing endpoints of the custom environment", "Set `endpoint.active_directory_authority_host`"]);
    assert_eq!(scene.azure.requests().all().len(), 0);
    scene.set("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", &endpoint);
    scene.apply();

    scene.azure.assert_streams("law-soc");
    let requests = scene.azure.requests();
    assert!(!requests.all().iter().any(|request| request.path.contains("/metadata/")), "no metadata are read");
}

/// A configuration with one provider argument from a resource of the same run.
fn with_unknown_argument(scene: &Scene, argument: &str, value: &str, revision: u32) -> String {
    let nested = argument.strip_prefix("endpoint.");
    let assignment = match nested {
        Some(part) => format!("endpoint = {{ {part} = terraform_data.upstream.output }}"),
        None => format!("{argument} = terraform_data.upstream.output"),
    };
    format!(
        "resource \"terraform_data\" \"upstream\" {{\n  input            = \"{value}\"\n  triggers_replace = {revision}\n}}\n\n\
         provider \"sentinel\" {{\n  {assignment}\n}}\n\n{}",
        connector(&scene.azure.workspace("law-soc"))
    )
}

const UPSTREAM: &str = "terraform_data.upstream";

fn authentication_waits_for_settings_known_only_at_apply(mut scene: Scene) {
    let endpoint = format!("https://{}", scene.variable("ARM_METADATA_HOSTNAME"));
    scene.file("secret", &scene.variable("ARM_CLIENT_SECRET"));
    for (argument, variable, value) in [
        ("client_id", Some("ARM_CLIENT_ID"), scene.variable("ARM_CLIENT_ID")),
        ("tenant_id", Some("ARM_TENANT_ID"), scene.variable("ARM_TENANT_ID")),
        ("client_secret_file_path", Some("ARM_CLIENT_SECRET"), "secret".to_owned()),
        ("endpoint.resource_manager_endpoint", None, endpoint),
    ] {
        if let Some(name) = variable {
            scene.unset(name);
        }
        scene.configure(&with_unknown_argument(&scene, argument, &value, 1));
        scene.azure.clear_requests();

        scene.assert_plans([(CONNECTOR, Action::Create), (UPSTREAM, Action::Create)]);
        assert_eq!(scene.azure.requests().all().len(), 0, "{argument}: no authentication is possible yet");

        scene.apply();
        scene.azure.assert_streams("law-soc");
        scene.assert_no_changes();
        scene.destroy();
        if let Some(name) = variable {
            let value = scene.variable(name);
            scene.set(name, &value);
        }
    }
}

fn refresh_requires_known_settings(mut scene: Scene) {
    let tenant = scene.variable("ARM_TENANT_ID");
    scene.unset("ARM_TENANT_ID");
    scene.configure(&with_unknown_argument(&scene, "tenant_id", &tenant, 1));
    scene.apply();
    scene.configure(&with_unknown_argument(&scene, "tenant_id", &tenant, 2));
    scene.azure.clear_requests();

    scene.plan_fails(&[
        "The provider configuration is not known yet",
        "The provider argument `tenant_id` is known only after apply, so the provider cannot read existing resources",
        "first create the resources that these values depend on, for example with `-target`",
    ]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
    scene.succeed(&["apply", "-auto-approve", "-no-color", "-target=terraform_data.upstream"]);
    scene.assert_no_changes();
}
