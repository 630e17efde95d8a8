//! The lifecycle of an incident creation rule: create, update, adopt, import, move, drift and destroy.

use serde_json::{Value, json};
use terraform_driver::plan::Action;

use crate::support::{Scene, assert_says, moved};

const RULE: &str = "sentinel_incident_creation_rule.this";

/// The rule in law-portal.
const PORTAL_RULE: &str = "d90b7e4c-1f63-4a28-95be-7c0a2d8f6e15";

scenarios![
    accepts_every_argument,
    corrects_changes_made_outside_terraform,
    recreates_a_rule_deleted_outside_terraform,
    rejects_an_existing_rule_unless_adopt_existing_is_set,
    rejects_the_name_of_a_rule_of_another_kind,
    rejects_the_second_of_two_rules_with_one_name,
    explains_a_rule_that_azure_drops,
    warns_about_incidents_that_are_created_twice,
    warns_about_connectors_in_the_same_plan,
    reports_a_workspace_without_sentinel,
    rejects_malformed_arguments,
    rejects_imports_of_rules_of_another_kind;
    every_cli:
    creates_and_deletes_a_rule,
    imports_with_generated_configuration,
    moves_a_resource_of_azurerm,
    moves_a_resource_of_azapi;
    with_identities:
    imports_by_identity,
];

fn rule(scene: &Scene, workspace: &str, arguments: &str) -> String {
    let id = scene.azure.workspace(workspace);
    format!(
        "resource \"sentinel_incident_creation_rule\" \"this\" {{\n  workspace_id   = \"{id}\"\n  display_name   = \"Cloud\"\n  \
         product_filter = \"Microsoft Defender for Cloud\"\n{arguments}\n}}\n"
    )
}

fn id(scene: &Scene, workspace: &str, name: &str) -> String {
    format!("{}/providers/Microsoft.SecurityInsights/alertRules/{name}", scene.azure.workspace(workspace))
}

fn put(scene: &Scene, name: &str, kind: &str) {
    let properties = json!({
        "displayName": "Portal", "productFilter": "Azure Security Center", "enabled": true, "severitiesFilter": null,
    });
    let id = id(scene, "law-soc", name);
    scene.azure.put(
        &id,
        &json!({
            "id": id, "name": name, "type": "Microsoft.SecurityInsights/alertRules", "kind": kind, "etag": "\"1\"",
            "properties": properties,
        }),
    );
}

fn properties(scene: &Scene, workspace: &str, name: &str) -> Value {
    scene.azure.document(&id(scene, workspace, name)).expect("a rule")["properties"].clone()
}

fn creates_and_deletes_a_rule(scene: Scene) {
    scene.configure(&rule(&scene, "law-soc", ""));

    scene.assert_plans([(RULE, Action::Create)]);
    scene.azure.assert_only_read();
    scene.apply();

    let name = scene.attribute(RULE, "name");
    assert_eq!(properties(&scene, "law-soc", &name)["productFilter"], "Azure Security Center");
    assert_eq!(scene.attribute(RULE, "product_filter"), "Microsoft Defender for Cloud");
    assert_eq!(scene.azure.requests().writes(), 1);
    scene.azure.clear_requests();
    scene.assert_no_changes();
    assert_eq!(scene.azure.requests().count("GET", "/alertRules"), 1, "a refresh sends one request");
    scene.destroy();
    assert_eq!(scene.azure.document(&id(&scene, "law-soc", &name)), None);
    scene.assert_state([]);
}

fn accepts_every_argument(scene: Scene) {
    let all = "  name = \"cloud\"\n  severity_filter = [\"Low\", \"High\"]\n  display_name_filter = [\"a\"]\n  \
               display_name_exclude_filter = [\"b\"]\n  description = \"d\"\n  enabled = false\n  \
               alert_rule_template_guid = \"90586451-7ba8-4c1e-9904-7d1b7c3cc4d6\"\n  timeouts {\n    create = \"5m\"\n  }";
    scene.configure(&rule(&scene, "law-soc", all));
    scene.apply();
    scene.assert_no_changes();
    let stored = properties(&scene, "law-soc", "cloud");
    assert_eq!(stored["severitiesFilter"], json!(["High", "Low"]));
    assert_eq!((&stored["displayNamesFilter"], &stored["displayNamesExcludeFilter"]), (&json!(["a"]), &json!(["b"])));
    assert_eq!((&stored["description"], &stored["enabled"]), (&json!("d"), &json!(false)));

    scene.configure(&rule(&scene, "law-soc", "  name = \"cloud\""));
    scene.assert_plans([(RULE, Action::Update)]);
    scene.apply();

    let stored = properties(&scene, "law-soc", "cloud");
    assert_eq!((&stored["severitiesFilter"], &stored["description"]), (&Value::Null, &Value::Null));
    assert_eq!(stored["enabled"], true);
    scene.assert_no_changes();
    scene.configure(&rule(&scene, "law-soc", "  name = \"other\""));
    scene.assert_plans([(RULE, Action::Replace)]);
}

fn corrects_changes_made_outside_terraform(scene: Scene) {
    scene.configure(&rule(&scene, "law-soc", "  name = \"cloud\""));
    scene.apply();
    let id = id(&scene, "law-soc", "cloud");
    let mut document = scene.azure.document(&id).expect("a rule");
    document["properties"]["enabled"] = json!(false);
    document["properties"]["severitiesFilter"] = json!(["High"]);
    scene.azure.put(&id, &document);

    let plan = scene.assert_plans([(RULE, Action::Update)]);
    assert_eq!(plan.drift().get(RULE), Some(&Action::Update));
    scene.apply();

    let stored = properties(&scene, "law-soc", "cloud");
    assert_eq!((&stored["enabled"], &stored["severitiesFilter"]), (&json!(true), &Value::Null));
    scene.assert_no_changes();
}

fn recreates_a_rule_deleted_outside_terraform(scene: Scene) {
    scene.configure(&rule(&scene, "law-soc", "  name = \"cloud\""));
    scene.apply();
    scene.azure.delete(&id(&scene, "law-soc", "cloud"));

    scene.assert_plans([(RULE, Action::Create)]);
    scene.apply();
    scene.azure.delete(&id(&scene, "law-soc", "cloud"));
    scene.succeed(&["destroy", "-auto-approve", "-no-color", "-refresh=false"]);

    scene.assert_state([]);
}

fn rejects_an_existing_rule_unless_adopt_existing_is_set(scene: Scene) {
    put(&scene, "cloud", "MicrosoftSecurityIncidentCreation");
    scene.configure(&rule(&scene, "law-soc", "  name = \"cloud\""));

    scene.plan();
    scene.apply_fails(&["already has the rule cloud", "import {", "alertRules/cloud", "adopt_existing = true"]);
    scene.azure.assert_only_read();
    scene.configure(&rule(&scene, "law-soc", "  name = \"cloud\"\n  adopt_existing = true"));
    let applied = scene.apply();

    assert_says(&applied, &["already has the rule cloud", "is adopted"]);
    assert_eq!(properties(&scene, "law-soc", "cloud")["displayName"], "Cloud");
    scene.assert_no_changes();
}

fn rejects_the_name_of_a_rule_of_another_kind(scene: Scene) {
    scene.configure(&rule(&scene, "law-soc", "  name = \"BuiltInFusion\"\n  adopt_existing = true"));

    assert_says(&scene.succeed(&["plan", "-no-color"]), &["BuiltInFusion belongs to a rule of another kind"]);
    scene.apply_fails(&["BuiltInFusion belongs to a rule of another kind", "Fusion"]);

    scene.azure.assert_only_read();
}

fn rejects_the_second_of_two_rules_with_one_name(scene: Scene) {
    let first = rule(&scene, "law-soc", "  name = \"cloud\"");
    let second = first.replace("\"this\"", "\"second\"").replace("\"Cloud\"", "\"Clouds\"");
    scene.configure(&(first + &second));

    assert_says(&scene.succeed(&["plan", "-no-color"]), &["Two resources manage the rule cloud in law-soc"]);
    scene.apply_fails(&["Two resources manage the rule cloud in law-soc"]);

    assert_eq!(scene.azure.requests().count("PUT", "/alertRules/"), 1);
    assert_eq!(scene.state().addresses().len(), 1);
}

fn explains_a_rule_that_azure_drops(scene: Scene) {
    scene.configure(&rule(&scene, "law-soc", "  name = \"cloud\""));
    scene.azure.inject(json!({ "method": "GET", "path": "/alertRules/cloud", "status": 404,
        "body": { "error": { "code": "NotFound", "message": "It does not exist." } } }));

    scene.apply_fails(&["Azure did not save the rule", "Defender portal"]);
}

fn warns_about_incidents_that_are_created_twice(scene: Scene) {
    scene.configure(&rule(&scene, "law-portal", ""));

    let planned = scene.succeed(&["plan", "-no-color"]);

    assert_says(&planned, &["Incidents will be created twice in the workspace law-portal", "Defender XDR"]);
}

fn warns_about_connectors_in_the_same_plan(scene: Scene) {
    const TWICE: &str = "Incidents will be created twice in the workspace law-soc";
    let workspace = scene.azure.workspace("law-soc");
    let connector = |resource: &str, arguments: &str| {
        format!("resource \"sentinel_{resource}\" \"this\" {{\n  workspace_id = \"{workspace}\"\n{arguments}}}\n")
    };
    let (xdr, tenant) = ("defender_xdr_connector", "dfc_tenant_connector");
    let first = "  depends_on = [sentinel_incident_creation_rule.this]\n";
    let after = |resource: &str| format!("  depends_on = [sentinel_{resource}.this]");
    let iot = |text: String| text.replace("Microsoft Defender for Cloud", "Azure Security Center for IoT");
    for (text, warns) in [
        (rule(&scene, "law-soc", "") + &connector(xdr, first), true),
        (rule(&scene, "law-soc", &after(xdr)) + &connector(xdr, ""), true),
        (rule(&scene, "law-soc", "") + &connector(tenant, first), false),
        (rule(&scene, "law-soc", &after(tenant)) + &connector(tenant, ""), false),
        (rule(&scene, "law-soc", "  enabled = false") + &connector(xdr, first), false),
        (rule(&scene, "law-soc", "") + &connector(xdr, &format!("  incidents_enabled = false\n{first}")), false),
        (iot(rule(&scene, "law-soc", &after(xdr))) + &connector(xdr, ""), false),
    ] {
        scene.configure(&text);
        assert_eq!(scene.succeed(&["plan", "-no-color"]).words().contains(TWICE), warns, "{text}");
    }

    // An unchanged rule also causes the warning, but only in the plan that enables the incidents.
    scene.configure(&rule(&scene, "law-soc", ""));
    scene.apply();
    scene.configure(&(rule(&scene, "law-soc", "") + &connector(xdr, "")));
    assert_says(&scene.succeed(&["plan", "-no-color"]), &[TWICE]);
    scene.apply();
    assert!(!scene.succeed(&["plan", "-no-color"]).words().contains(TWICE));
}

fn reports_a_workspace_without_sentinel(scene: Scene) {
    scene.configure(&rule(&scene, "law-fresh", ""));

    scene.assert_requires_onboarding();
}

fn rejects_malformed_arguments(scene: Scene) {
    let configuration = |arguments: &str| rule(&scene, "law-soc", arguments);
    scene.assert_rejects(
        configuration,
        [
            ("  severity_filter = [\"high\"]", "\"High\", \"Medium\", \"Low\", \"Informational\""),
            ("  severity_filter = []", "severity_filter"),
            ("  name = \"a/b\"", "a/b"),
            ("  alert_rule_template_guid = \"x\"", "GUID"),
            ("  description = \"\"", "description"),
        ],
    );
    scene.configure(&rule(&scene, "law-soc", "").replace("Microsoft Defender for Cloud", "Defender"));
    scene.fail(&["validate", "-no-color"], &["product_filter", "Microsoft Defender for Cloud"]);
    assert_eq!(scene.azure.requests().all().len(), 0);
}

fn rejects_imports_of_rules_of_another_kind(scene: Scene) {
    scene.configure(&rule(&scene, "law-soc", ""));

    let fusion = id(&scene, "law-soc", "BuiltInFusion");
    scene.fail(&["import", "-no-color", RULE, &fusion], &["belongs to a rule of another kind"]);
    let workspace = scene.azure.workspace("law-soc");
    scene.fail(&["import", "-no-color", RULE, &workspace], &["alertRules/{rule}"]);
    let nothing = id(&scene, "law-soc", "nothing");
    scene.fail(&["import", "-no-color", RULE, &nothing], &["Nothing to import"]);
}

fn imports_with_generated_configuration(scene: Scene) {
    let id = id(&scene, "law-portal", PORTAL_RULE);
    scene.assert_imports(RULE, &format!("id = \"{id}\""));
}

fn imports_by_identity(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&format!(
        "import {{\n  to = {RULE}\n  identity = {{\n    workspace_id = \"{workspace}\"\n    name         = \"{PORTAL_RULE}\"\n  \
         }}\n}}\n"
    ));

    scene.assert_generates(RULE);
}

fn moves_a_resource_of_azurerm(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    put(&scene, "cloud", "MicrosoftSecurityIncidentCreation");
    let workspace = scene.azure.workspace("law-soc");
    let attributes = json!({
            "alert_rule_template_guid": "", "description": "", "display_name": "Portal",
            "display_name_exclude_filter": [], "display_name_filter": [], "enabled": true,
            "id": id(&scene, "law-soc", "cloud").to_lowercase(), "log_analytics_workspace_id": workspace.to_lowercase(),
            "name": "cloud", "product_filter": "Azure Security Center", "severity_filter": [], "timeouts": null,
    });
    let instance = moved::instance_of_azurerm("cloud", &attributes);
    let type_name = "azurerm_sentinel_alert_rule_ms_security_incident";
    moved::assert_moves(&scene, ("hashicorp/azurerm", type_name), instance, RULE, |each| portal_rule(&scene, each));
}

fn moves_a_resource_of_azapi(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    put(&scene, "cloud", "MicrosoftSecurityIncidentCreation");
    let properties = json!({"displayName": "Portal", "productFilter": "Azure Security Center", "enabled": true});
    let body = json!({"kind": "MicrosoftSecurityIncidentCreation", "properties": properties});
    let workspace = scene.azure.workspace("law-soc");
    let instance = moved::instance_of_azapi_1(
        "Microsoft.SecurityInsights/alertRules@2023-11-01",
        &workspace,
        &id(&scene, "law-soc", "cloud"),
        "cloud",
        &body,
    );
    moved::assert_moves(&scene, ("azure/azapi", "azapi_resource"), instance, RULE, |each| portal_rule(&scene, each));
}

/// The configuration of the rule that [`put`] creates.
fn portal_rule(scene: &Scene, each: &str) -> String {
    rule(scene, "law-soc", &format!("{each}  name = \"cloud\"")).replace("\"Cloud\"", "\"Portal\"")
}
