//! The lifecycle of a subscription-based connector: create, update, adopt, import, move, drift and destroy. Also the
//! warnings of both connectors about alerts that arrive twice.

use serde_json::{Value, json};
use terraform_driver::plan::Action;

use crate::support::{Scene, assert_says, connector, moved};

const CONNECTOR: &str = "sentinel_dfc_subscription_connector.this";

/// The subscription without a workspace.
const OTHER: &str = "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";

/// The connector in law-portal, which monitors the subscription of the workspace.
const PORTAL: &str = "c2e84b70-5d1f-4936-8a7e-b41f0d6c9e53";

scenarios![
    connects_several_subscriptions,
    accepts_every_argument,
    corrects_changes_made_outside_terraform,
    rejects_an_existing_connector_unless_adopt_existing_is_set,
    rejects_the_second_of_two_resources,
    warns_if_the_tenant_connector_exists,
    tenant_connector_warns_about_subscription_connectors,
    warns_about_a_subscription_without_plans,
    rejects_a_subscription_of_another_tenant,
    error_names_the_subscription,
    accepts_values_known_only_at_apply,
    rejects_malformed_arguments,
    reports_a_workspace_without_sentinel,
    rejects_imports_of_other_objects;
    every_cli:
    creates_and_deletes_a_connector,
    imports_with_generated_configuration,
    moves_a_resource_of_azurerm,
    moves_a_resource_of_azapi;
    with_identities:
    imports_by_identity,
];

fn subscription(scene: &Scene, workspace: &str, arguments: &str) -> String {
    let id = scene.azure.workspace(workspace);
    format!(
        "resource \"sentinel_dfc_subscription_connector\" \"this\" {{\n  workspace_id = \"{id}\"\n{arguments}\n}}\n"
    )
}

fn other(arguments: &str) -> String {
    format!("  subscription_id = \"{OTHER}\"\n{arguments}")
}

fn id(scene: &Scene, workspace: &str, name: &str) -> String {
    format!("{}/providers/Microsoft.SecurityInsights/dataConnectors/{name}", scene.azure.workspace(workspace))
}

/// The subscription-based connectors of law-soc.
fn connectors(scene: &Scene) -> Vec<Value> {
    let prefix = id(scene, "law-soc", "").to_lowercase();
    let ids = scene.azure.ids().into_iter().filter(|id| id.starts_with(&prefix));
    ids.filter_map(|id| scene.azure.document(&id))
        .filter(|document| document["kind"] == "AzureSecurityCenter")
        .collect()
}

fn put(scene: &Scene, name: &str) {
    let id = id(scene, "law-soc", name);
    let document = json!({
        "id": id, "name": name, "type": "Microsoft.SecurityInsights/dataConnectors", "etag": "\"1\"",
        "kind": "AzureSecurityCenter",
        "properties": {"subscriptionId": OTHER, "dataTypes": {"alerts": {"state": "Enabled"}}},
    });
    scene.azure.put(&id, &document);
}

fn setting(name: &str) -> String {
    format!("/subscriptions/{OTHER}/providers/Microsoft.Security/{name}")
}

fn creates_and_deletes_a_connector(scene: Scene) {
    scene.configure(&subscription(&scene, "law-soc", ""));

    scene.assert_plans([(CONNECTOR, Action::Create)]);
    scene.azure.assert_only_read();
    scene.apply();

    let own = scene.attribute(CONNECTOR, "subscription_id");
    assert!(scene.azure.workspace("law-soc").contains(&own));
    assert_eq!(
        connectors(&scene)[0]["properties"],
        json!({"subscriptionId": own, "dataTypes": {"alerts": {"state": "Enabled"}}})
    );
    assert_eq!(scene.azure.requests().writes(), 1);
    scene.azure.clear_requests();
    scene.assert_no_changes();
    assert_eq!(scene.azure.requests().count("GET", "/providers/Microsoft."), 1, "a refresh sends one request");
    scene.destroy();
    assert_eq!(connectors(&scene), Vec::<Value>::new());
    scene.assert_state([]);
}

fn connects_several_subscriptions(scene: Scene) {
    let own = scene.azure.workspace("law-soc").split('/').nth(2).expect("a subscription").to_owned();
    scene.configure(&format!(
        "resource \"sentinel_dfc_subscription_connector\" \"this\" {{\n  for_each        = toset([\"{own}\", \
         \"/subscriptions/{OTHER}\"])\n  workspace_id    = \"{}\"\n  subscription_id = each.value\n}}\n",
        scene.azure.workspace("law-soc")
    ));

    scene.apply();

    assert_eq!(connectors(&scene).len(), 2);
    scene.assert_no_changes();
    scene.destroy();
    assert_eq!(connectors(&scene), Vec::<Value>::new());
}

fn accepts_every_argument(scene: Scene) {
    let all = |name: &str, sync: &str| {
        let timeouts = "  timeouts {\n    create = \"5m\"\n  }";
        scene.configure(&subscription(&scene, "law-soc", &other(&format!("  name = \"{name}\"\n{sync}\n{timeouts}"))));
    };
    all("Mine", "  bidirectional_sync_enabled = true");
    scene.apply();
    scene.assert_no_changes();
    assert_eq!(connectors(&scene)[0]["name"], "Mine");
    let sync =
        || scene.azure.document(&setting("settings/Sentinel")).expect("written")["properties"]["enabled"].clone();
    assert_eq!(sync(), true);

    all("mine", "  bidirectional_sync_enabled = false");
    scene.assert_plans([(CONNECTOR, Action::Update)]);
    scene.apply();
    assert_eq!(sync(), false);
    all("mine", "");
    scene.apply();
    scene.assert_no_changes();
    all("yours", "");
    scene.assert_plans([(CONNECTOR, Action::Replace)]);
    scene.apply();
    assert_eq!(connectors(&scene).len(), 1);
    assert_eq!(connectors(&scene)[0]["name"], "yours");
    scene.assert_no_changes();
}

fn corrects_changes_made_outside_terraform(scene: Scene) {
    scene.configure(&subscription(&scene, "law-soc", &other("  bidirectional_sync_enabled = true")));
    scene.apply();
    let mut sync = scene.azure.document(&setting("settings/Sentinel")).expect("written");
    sync["properties"]["enabled"] = json!(false);
    scene.azure.put(&setting("settings/Sentinel"), &sync);
    let plan = scene.assert_plans([(CONNECTOR, Action::Update)]);
    assert_eq!(plan.drift().get(CONNECTOR), Some(&Action::Update));
    scene.apply();
    scene.assert_no_changes();

    let mut document = connectors(&scene)[0].clone();
    document["properties"]["dataTypes"]["alerts"]["state"] = json!("disabled");
    scene.azure.put(document["id"].as_str().expect("an ID"), &document);
    scene.assert_plans([(CONNECTOR, Action::Create)]);
    scene.apply();
    assert_eq!(connectors(&scene)[0]["properties"]["dataTypes"]["alerts"]["state"], "Enabled");
    scene.assert_no_changes();

    let id = connectors(&scene)[0]["id"].as_str().expect("an ID").to_owned();
    scene.azure.delete(&id);
    scene.succeed(&["destroy", "-auto-approve", "-no-color", "-refresh=false"]);
    scene.assert_state([]);
}

fn rejects_an_existing_connector_unless_adopt_existing_is_set(scene: Scene) {
    put(&scene, "p1");
    scene.configure(&subscription(&scene, "law-soc", &other("")));

    let said = ["in law-soc already exists", "import {", "dataConnectors/p1", "adopt_existing = true"];
    assert_says(&scene.succeed(&["plan", "-no-color"]), &["in law-soc already exists"]);
    scene.apply_fails(&said);
    scene.azure.assert_only_read();
    scene.configure(&subscription(&scene, "law-soc", &other("  adopt_existing = true\n  name = \"p2\"")));
    scene.apply_fails(&["The subscription has a connector with another name", "name = \"p1\""]);
    scene.configure(&subscription(&scene, "law-soc", &other("  adopt_existing = true")));

    assert_says(&scene.apply(), &["is adopted"]);

    scene.azure.assert_only_read();
    scene.assert_no_changes();
    assert_eq!(scene.attribute(CONNECTOR, "name"), "p1");
}

fn rejects_the_second_of_two_resources(scene: Scene) {
    let first = subscription(&scene, "law-soc", &other(""));
    let second =
        first.replace("\"this\"", "\"second\"").replace(OTHER, &format!("/subscriptions/{}", OTHER.to_uppercase()));
    scene.configure(&(first + &second));

    assert_says(&scene.succeed(&["plan", "-no-color"]), &["Two resources manage the connector of"]);
    scene.apply_fails(&["Two resources manage the connector of"]);

    assert_eq!(scene.azure.requests().count("PUT", "/dataConnectors/"), 1);
    assert_eq!(scene.state().addresses().len(), 1);
}

fn warns_if_the_tenant_connector_exists(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    let both = connector(&scene.azure.workspace("law-soc")) + &subscription(&scene, "law-soc", &other(""));
    scene.configure(&both);

    let twice = format!("Alerts of {OTHER} will arrive twice in law-soc");
    assert_says(&scene.succeed(&["plan", "-no-color"]), &[&twice, "remove `sentinel_dfc_tenant_connector`"]);
    scene.destroy();

    // If neither connector exists, the one that Terraform plans second warns.
    scene.configure(&both);
    assert_says(&scene.succeed(&["plan", "-no-color"]), &["will arrive twice"]);
}

fn tenant_connector_warns_about_subscription_connectors(scene: Scene) {
    scene.configure(&subscription(&scene, "law-soc", &other("")));
    scene.apply();
    let both = connector(&scene.azure.workspace("law-soc")) + &subscription(&scene, "law-soc", &other(""));
    scene.configure(&both);

    let planned = scene.succeed(&["plan", "-no-color"]);

    assert_says(&planned, &["Alerts will arrive twice in law-soc", OTHER, "sentinel_dfc_subscription_connector"]);
}

fn warns_about_a_subscription_without_plans(scene: Scene) {
    let own = scene.azure.workspace("law-soc").split('/').nth(2).expect("a subscription").to_owned();
    scene.azure.delete(&format!("/subscriptions/{own}/providers/Microsoft.Security/pricings/VirtualMachines"));
    scene.configure(&subscription(&scene, "law-soc", ""));

    let said = format!("The monitored subscription {own} has no Defender plan");
    assert_says(&scene.succeed(&["plan", "-no-color"]), &[&said, "azurerm_security_center_subscription_pricing"]);

    scene.apply();
    scene.assert_no_changes();
}

fn rejects_a_subscription_of_another_tenant(scene: Scene) {
    let scene = scene.in_a_world(|world| {
        let subscription = world.get_mut(&format!("/subscriptions/{OTHER}")).expect("a subscription");
        subscription["tenantId"] = json!("c0a8f1d2-7e43-4b6a-8f95-3d2e1c0b9a87");
    });
    scene.configure(&subscription(&scene, "law-soc", &other("")));

    let finished = scene.run(&["plan", "-no-color"]);

    // The identity cannot read a subscription of the other tenant, but Azure's error names that tenant.
    assert_says(&finished, &[OTHER]);
    scene.azure.assert_only_read();
}

fn error_names_the_subscription(scene: Scene) {
    let timeout = "  bidirectional_sync_enabled = true\n  timeouts {\n    create = \"4s\"\n  }";
    scene.configure(&subscription(&scene, "law-soc", &other(timeout)));
    let body = json!({"error": {"code": "AuthorizationFailed", "message": "No permission."}});
    scene.azure.inject(json!({"method": "PUT", "path": "/settings/", "status": 403, "body": body}));
    let about = format!("The request was about the monitored subscription {OTHER}");
    scene.apply_fails(&["Missing permission", &about, "Security Admin"]);
    assert_eq!(connectors(&scene), Vec::<Value>::new());

    scene.azure.clear_faults();
    scene.azure.inject(json!({"method": "PUT", "path": "/dataConnectors/", "status": 403, "body": body}));
    scene.apply_fails(&["Missing permission", "The request was about the workspace law-soc in the subscription"]);
    scene.assert_state([]);

    scene.configure(&subscription(&scene, "law-soc", "  subscription_id = \"11111111-1111-1111-1111-111111111111\""));
    let planned = scene.succeed(&["plan", "-no-color"]);
    assert_says(&planned, &["The monitored subscription 11111111-1111-1111-1111-111111111111 cannot be read"]);
}

fn accepts_values_known_only_at_apply(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&format!(
        "resource \"terraform_data\" \"of\" {{\n  input = {{\n    workspace = \"{workspace}\"\n    subscription = \
         \"{OTHER}\"\n    sync = true\n  }}\n}}\n\nresource \"sentinel_dfc_subscription_connector\" \"this\" {{\n  \
         workspace_id = terraform_data.of.output.workspace\n  subscription_id = terraform_data.of.output.subscription\n  \
         bidirectional_sync_enabled = terraform_data.of.output.sync\n}}\n"
    ));

    scene.apply();

    assert_eq!(connectors(&scene)[0]["properties"]["subscriptionId"], OTHER);
    scene.assert_no_changes();
}

fn rejects_malformed_arguments(scene: Scene) {
    let configuration = |arguments: &str| subscription(&scene, "law-soc", arguments);
    scene.assert_rejects(
        configuration,
        [
            ("  subscription_id = \"Contoso\"", "instead of its name"),
            (
                "  subscription_id = \"/subscriptions/8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842/resourceGroups/rg\"",
                "something in",
            ),
            ("  name = \"a/b\"", "a/b"),
        ],
    );
}

fn reports_a_workspace_without_sentinel(scene: Scene) {
    scene.configure(&subscription(&scene, "law-fresh", ""));

    scene.assert_requires_onboarding();
}

fn rejects_imports_of_other_objects(scene: Scene) {
    scene.configure(&subscription(&scene, "law-portal", ""));

    let office = id(&scene, "law-portal", "office");
    let document = json!({
        "id": office, "name": "office", "type": "Microsoft.SecurityInsights/dataConnectors", "kind": "Office365",
        "properties": {"tenantId": scene.variable("ARM_TENANT_ID"), "dataTypes": {}},
    });
    scene.azure.put(&office, &document);
    scene
        .fail(&["import", "-no-color", CONNECTOR, &office], &["Not a subscription-based Defender for Cloud connector"]);
    let nothing = id(&scene, "law-portal", "nothing");
    scene.fail(&["import", "-no-color", CONNECTOR, &nothing], &["Nothing to import"]);
    let workspace = scene.azure.workspace("law-portal");
    scene.fail(&["import", "-no-color", CONNECTOR, &workspace], &["dataConnectors/{connector}"]);
}

fn imports_with_generated_configuration(scene: Scene) {
    let id = id(&scene, "law-portal", PORTAL);
    scene.assert_imports(CONNECTOR, &format!("id = \"{id}\""));
}

fn imports_by_identity(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    let own = workspace.split('/').nth(2).expect("a subscription");
    scene.configure(&format!(
        "import {{\n  to = {CONNECTOR}\n  identity = {{\n    workspace_id    = \"{workspace}\"\n    subscription_id = \
         \"{own}\"\n  }}\n}}\n"
    ));

    scene.assert_generates(CONNECTOR);
}

fn moves_a_resource_of_azurerm(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    put(&scene, "p1");
    let attributes = json!({
            "id": id(&scene, "law-soc", "p1").to_lowercase(),
            "log_analytics_workspace_id": scene.azure.workspace("law-soc").to_lowercase(),
            "name": "p1", "subscription_id": OTHER, "timeouts": null,
    });
    let instance = moved::instance_of_azurerm("other", &attributes);
    let type_name = "azurerm_sentinel_data_connector_azure_security_center";
    moved::assert_moves(&scene, ("hashicorp/azurerm", type_name), instance, CONNECTOR, |each| {
        subscription(&scene, "law-soc", &other(each))
    });
}

fn moves_a_resource_of_azapi(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    put(&scene, "p1");
    let properties = json!({"subscriptionId": OTHER, "dataTypes": {"alerts": {"state": "Enabled"}}});
    let body = json!({"kind": "AzureSecurityCenter", "properties": properties});
    let workspace = scene.azure.workspace("law-soc");
    let instance = moved::instance_of_azapi_1(
        "Microsoft.SecurityInsights/dataConnectors@2023-11-01",
        &workspace,
        &id(&scene, "law-soc", "p1"),
        "p1",
        &body,
    );
    moved::assert_moves(&scene, ("azure/azapi", "azapi_resource"), instance, CONNECTOR, |each| {
        subscription(&scene, "law-soc", &other(each))
    });
}
