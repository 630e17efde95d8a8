//! The lifecycle of a Defender XDR connector: create, update, adopt, import, move, drift and destroy.

use serde_json::{Value, json};
use terraform_driver::plan::Action;

use crate::support::{Scene, assert_says, moved};

const XDR: &str = "sentinel_defender_xdr_connector.this";
const IDENTITY: &str = "microsoftDefenderForIdentity";
const CLOUD: &str = "microsoftDefenderForCloud";

scenarios![
    accepts_every_argument,
    corrects_changes_made_outside_terraform,
    recreates_a_connector_deleted_outside_terraform,
    rejects_an_existing_connector_unless_adopt_existing_is_set,
    rejects_narrowing_an_unfiltered_stream,
    rejects_the_second_of_two_resources,
    rejects_malformed_arguments,
    reports_a_missing_license,
    accepts_values_known_only_at_apply,
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

fn xdr(scene: &Scene, workspace: &str, arguments: &str) -> String {
    let id = scene.azure.workspace(workspace);
    format!("resource \"sentinel_defender_xdr_connector\" \"this\" {{\n  workspace_id = \"{id}\"\n{arguments}\n}}\n")
}

fn properties(scene: &Scene, workspace: &str) -> Value {
    scene.azure.connector(workspace).expect("a connector").1["properties"].clone()
}

/// Creates a connector outside of Terraform.
fn put(scene: &Scene, name: &str, incidents: &str, filter: &Value) {
    let id = format!("{}/providers/Microsoft.SecurityInsights/dataConnectors/{name}", scene.azure.workspace("law-soc"));
    let mut properties = json!({
        "tenantId": scene.variable("ARM_TENANT_ID"),
        "dataTypes": {"incidents": {"state": incidents}, "alerts": {"state": "Enabled"}},
    });
    if !filter.is_null() {
        properties["filteredProviders"] = json!({ "alerts": filter });
    }
    scene.azure.put(
        &id,
        &json!({
            "id": id, "name": name, "type": "Microsoft.SecurityInsights/dataConnectors", "etag": "\"1\"",
            "kind": "MicrosoftThreatProtection", "properties": properties,
        }),
    );
}

fn creates_and_deletes_a_connector(scene: Scene) {
    scene.configure(&xdr(&scene, "law-soc", ""));

    scene.assert_plans([(XDR, Action::Create)]);
    scene.azure.assert_only_read();
    scene.apply();

    assert_eq!(properties(&scene, "law-soc")["dataTypes"], json!({"incidents": {"state": "Enabled"}}));
    assert_eq!(scene.attribute(XDR, "tenant_id"), scene.variable("ARM_TENANT_ID"));
    assert_eq!(scene.azure.requests().writes(), 1);
    scene.azure.clear_requests();
    scene.assert_no_changes();
    assert_eq!(scene.azure.requests().count("GET", "/dataConnectors"), 1, "a refresh sends one request");
    scene.destroy();
    assert_eq!(scene.azure.connector("law-soc"), None);
    scene.assert_state([]);
}

fn accepts_every_argument(scene: Scene) {
    let all = format!(
        "  tenant_id = \"{}\"\n  incidents_enabled = false\n  alert_providers = [\"{IDENTITY}\"]\n  advanced_hunting_tables \
         = [\"DeviceInfo\"]\n  timeouts {{\n    create = \"5m\"\n  }}",
        scene.variable("ARM_TENANT_ID").to_uppercase()
    );
    scene.configure(&xdr(&scene, "law-soc", &all));
    scene.apply();
    scene.assert_no_changes();
    let stored = properties(&scene, "law-soc");
    assert_eq!(stored["dataTypes"]["incidents"]["state"], "Disabled");
    assert_eq!(stored["dataTypes"]["advancedHunting"]["DeviceInfo"]["state"], "Enabled");
    assert_eq!(stored["filteredProviders"], json!({"alerts": [IDENTITY]}));

    scene.configure(&xdr(&scene, "law-soc", "  alert_providers = []"));
    scene.assert_plans([(XDR, Action::Update)]);
    scene.apply();

    let stored = properties(&scene, "law-soc");
    assert_eq!(stored["dataTypes"]["incidents"]["state"], "Enabled");
    assert_eq!(stored["dataTypes"]["alerts"]["state"], "Disabled");
    assert_eq!(stored["dataTypes"]["advancedHunting"]["DeviceInfo"]["state"], "Enabled", "not managed any more");
    scene.assert_no_changes();
    scene.configure(&xdr(&scene, "law-portal", "  adopt_existing = true"));
    scene.assert_plans([(XDR, Action::Replace)]);
}

fn corrects_changes_made_outside_terraform(scene: Scene) {
    scene.configure(&xdr(&scene, "law-soc", &format!("  alert_providers = [\"{IDENTITY}\"]")));
    scene.apply();
    scene.azure.change_connector("law-soc", |connector| {
        connector["properties"]["dataTypes"]["incidents"]["state"] = json!("disabled");
        connector["properties"]["filteredProviders"]["alerts"] = json!(["other", IDENTITY.to_uppercase(), CLOUD]);
    });

    let plan = scene.assert_plans([(XDR, Action::Update)]);
    assert_eq!(plan.drift().get(XDR), Some(&Action::Update));
    scene.apply();

    let stored = properties(&scene, "law-soc");
    assert_eq!(stored["dataTypes"]["incidents"]["state"], "Enabled");
    assert_eq!(stored["filteredProviders"]["alerts"], json!([IDENTITY.to_uppercase(), CLOUD]));
    scene.assert_no_changes();
}

fn recreates_a_connector_deleted_outside_terraform(scene: Scene) {
    scene.configure(&xdr(&scene, "law-soc", ""));
    scene.apply();
    let (id, _) = scene.azure.connector("law-soc").expect("a connector");
    scene.azure.delete(&id);

    scene.assert_plans([(XDR, Action::Create)]);
    scene.apply();
    scene.azure.delete(&id);
    scene.succeed(&["destroy", "-auto-approve", "-no-color", "-refresh=false"]);

    scene.assert_state([]);
}

fn rejects_an_existing_connector_unless_adopt_existing_is_set(scene: Scene) {
    let (id, before) = scene.azure.connector("law-portal").expect("law-portal is connected");
    scene.configure(&xdr(&scene, "law-portal", ""));

    let said = ["The Defender XDR connector in law-portal already exists", "import {", "adopt_existing = true"];
    assert_says(&scene.succeed(&["plan", "-no-color"]), &said);
    scene.apply_fails(&said);
    scene.azure.assert_only_read();
    scene.configure(&xdr(&scene, "law-portal", "  adopt_existing = true"));
    assert_says(&scene.apply(), &["is adopted", "does not change anything in Azure"]);
    assert_eq!(scene.azure.document(&id), Some(before));
    scene.assert_no_changes();

    scene.azure.assert_only_read();
    assert_says(&scene.destroy(), &["was connected before you imported or adopted it", "destroy = false"]);
    assert_eq!(properties(&scene, "law-portal")["dataTypes"]["incidents"]["state"], "Disabled");
    scene.azure.assert_streams("law-portal");
}

fn rejects_narrowing_an_unfiltered_stream(scene: Scene) {
    put(&scene, "p1", "Disabled", &Value::Null);
    scene.configure(&xdr(&scene, "law-soc", &format!("  alert_providers = [\"{IDENTITY}\"]")));

    let said = ["`alert_providers` would stop other alerts in law-soc", "including Defender for Cloud"];
    assert_says(&scene.succeed(&["plan", "-no-color"]), &said);
    scene.apply_fails(&said);
    scene.azure.assert_only_read();
    scene.configure(&xdr(&scene, "law-soc", ""));
    scene.apply();
    scene.destroy();

    scene.azure.assert_streams("law-soc");
    assert_eq!(properties(&scene, "law-soc")["filteredProviders"], Value::Null);
}

fn rejects_the_second_of_two_resources(scene: Scene) {
    let first = xdr(&scene, "law-soc", "");
    scene.configure(&(first.clone() + &first.replace("\"this\"", "\"second\"")));

    scene.apply_fails(&["Two resources manage the Defender XDR connector in law-soc"]);

    assert_eq!(scene.azure.requests().writes(), 1);
    assert_eq!(scene.state().addresses().len(), 1);
}

fn rejects_malformed_arguments(scene: Scene) {
    let configuration = |arguments: &str| xdr(&scene, "law-soc", arguments);
    scene.assert_rejects(
        configuration,
        [
            ("  alert_providers = [\"microsoftDefenderForCloud\"]", "sentinel_dfc_tenant_connector"),
            ("  alert_providers = [\"\"]", "alert_providers"),
            ("  alert_providers = [\"a\", \"A\"]", "not case-sensitive"),
            ("  advanced_hunting_tables = [\"Device Info\"]", "DeviceInfo"),
            ("  tenant_id = \"contoso.com\"", "GUID"),
        ],
    );
}

fn reports_a_missing_license(scene: Scene) {
    scene.configure(&xdr(&scene, "law-soc", ""));
    let body = json!({"error": {"code": "InvalidLicense", "message": "Missing consent"}});
    scene.azure.inject(json!({"method": "PUT", "path": "/dataConnectors/", "status": 401, "body": body}));

    scene.apply_fails(&["License or consent is missing", "Security Administrator"]);

    scene.assert_state([]);
}

fn accepts_values_known_only_at_apply(scene: Scene) {
    let data = format!(
        "resource \"terraform_data\" \"of\" {{\n  input = {{\n    workspace = \"{}\"\n    providers = [\"{IDENTITY}\"]\n    \
         incidents = true\n  }}\n}}\n",
        scene.azure.workspace("law-soc")
    );
    scene.configure(&format!(
        "{data}\nresource \"sentinel_defender_xdr_connector\" \"this\" {{\n  workspace_id = \
         terraform_data.of.output.workspace\n  incidents_enabled = terraform_data.of.output.incidents\n  alert_providers = \
         terraform_data.of.output.providers\n}}\n"
    ));

    scene.apply();

    assert_eq!(properties(&scene, "law-soc")["filteredProviders"], json!({"alerts": [IDENTITY]}));
    scene.assert_no_changes();
}

fn reports_a_workspace_without_sentinel(scene: Scene) {
    scene.configure(&xdr(&scene, "law-fresh", ""));

    scene.assert_requires_onboarding();
}

fn rejects_imports_of_other_objects(scene: Scene) {
    scene.configure(&xdr(&scene, "law-soc", ""));
    let workspace = scene.azure.workspace("law-soc");

    scene.fail(&["import", "-no-color", XDR, &workspace], &["Nothing to import"]);
    let page = format!("{workspace}/providers/Microsoft.SecurityInsights/dataConnectors/AzureSecurityCenter");
    scene.fail(&["import", "-no-color", XDR, &page], &["Not a Defender XDR connector"]);
    scene.fail(&["import", "-no-color", XDR, "x"], &["dataConnectors/{connector}"]);
}

fn imports_with_generated_configuration(scene: Scene) {
    put(&scene, "p1", "Enabled", &json!([CLOUD, IDENTITY]));
    let (id, _) = scene.azure.connector("law-soc").expect("a connector");
    scene.assert_imports(XDR, &format!("id = \"{id}\""));

    assert!(scene.read("generated.tf").contains(IDENTITY), "{}", scene.read("generated.tf"));
}

fn imports_by_identity(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&format!(
        "import {{\n  to = {XDR}\n  identity = {{\n    workspace_id = \"{workspace}\"\n  }}\n}}\n"
    ));

    scene.assert_generates(XDR);
}

fn moves_a_resource_of_azurerm(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    put(&scene, "p1", "Enabled", &json!([CLOUD]));
    let (id, _) = scene.azure.connector("law-soc").expect("a connector");
    let attributes = json!({
            "id": id.to_lowercase(), "log_analytics_workspace_id": scene.azure.workspace("law-soc").to_lowercase(),
            "name": "p1", "tenant_id": scene.variable("ARM_TENANT_ID"), "timeouts": null,
    });
    let instance = moved::instance_of_azurerm("soc", &attributes);
    let type_name = "azurerm_sentinel_data_connector_microsoft_threat_protection";
    moved::assert_moves(&scene, ("hashicorp/azurerm", type_name), instance, XDR, |each| xdr(&scene, "law-soc", each));
}

fn moves_a_resource_of_azapi(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    put(&scene, "p1", "Enabled", &json!([CLOUD]));
    let (id, document) = scene.azure.connector("law-soc").expect("a connector");
    let mut properties = document["properties"].clone();
    properties["dataTypes"].as_object_mut().expect("data types").remove("alerts");
    properties.as_object_mut().expect("properties").remove("filteredProviders");
    let body = json!({"kind": "MicrosoftThreatProtection", "properties": properties});
    let workspace = scene.azure.workspace("law-soc");
    let instance = moved::instance_of_azapi_1(
        "Microsoft.SecurityInsights/dataConnectors@2022-10-01-preview",
        &workspace,
        &id,
        "p1",
        &body,
    );
    moved::assert_moves(&scene, ("azure/azapi", "azapi_resource"), instance, XDR, |each| xdr(&scene, "law-soc", each));
}
