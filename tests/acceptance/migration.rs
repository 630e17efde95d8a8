//! `examples/migrate-from-subscription-connectors`, stage by stage: counts the lost and duplicated alerts of each
//! stage.
//!
//! Before each write of the provider, the simulator raises an alert in each subscription, so that there is an alert
//! between any two steps.

use serde_json::{Value, json};
use terraform_driver::plan::Action;

use crate::support::incident_rule::{RULE, assert_rule_is, put_rule, rule_id, rule_properties, rule_variable};
use crate::support::{AlertCount, AlertCounter, Scene, assert_says, copy_example, moved};

/// A workspace with version 2.0.1 of the solution.
const WORKSPACE: &str = "law-outdated";

/// The subscriptions of the organization. The first two are in the default world.
const SUBSCRIPTIONS: [&str; 5] = [
    "3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58",
    "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842",
    "1d7c5a90-3f42-4e8b-a6d1-90b2c4e8f710",
    "2e8d6ba1-4053-4f9c-b7e2-a1c3d5f90821",
    "3f9e7cb2-5164-40ad-88f3-b2d4e60a1932",
];

const EXAMPLE: &str = "migrate-from-subscription-connectors";

scenarios![
    reverts_each_stage,
    informational_alerts_stop_with_the_last_stage;
    every_cli:
    migrates_connectors_of_azurerm,
    migrates_connectors_of_the_portal,
];

fn migrates_connectors_of_azurerm(scene: Scene) {
    let scene = organization(scene.with_azurerm_and_azapi());
    let workspace = scene.azure.workspace(WORKSPACE);
    let connector = |(number, subscription): (usize, &&str)| {
        json!({
            "index_key": subscription,
            "schema_version": 0,
            "attributes": {
                "id": connector_id(&scene, number), "log_analytics_workspace_id": workspace,
                "name": connector_name(number), "subscription_id": subscription, "timeouts": null,
            },
            "sensitive_attributes": [],
        })
    };
    let connectors: Vec<Value> = SUBSCRIPTIONS.iter().enumerate().map(connector).collect();
    let properties = rule_properties(true);
    let rule = json!({
        "index_key": RULE,
        "schema_version": 0,
        "attributes": {
            "alert_rule_template_guid": "", "description": properties["description"],
            "display_name": properties["displayName"],
            "display_name_exclude_filter": properties["displayNamesExcludeFilter"],
            "display_name_filter": properties["displayNamesFilter"], "enabled": true, "id": rule_id(&scene, WORKSPACE),
            "log_analytics_workspace_id": workspace, "name": RULE, "product_filter": properties["productFilter"],
            "severity_filter": properties["severitiesFilter"], "timeouts": null,
        },
        "sensitive_attributes": [],
    });
    let resource =
        |type_name, instances: &[Value]| moved::resource(&scene, "hashicorp/azurerm", type_name, "this", instances);
    scene.write_state(&[
        resource("azurerm_sentinel_data_connector_azure_security_center", &connectors),
        resource("azurerm_sentinel_alert_rule_ms_security_incident", &[rule]),
    ]);

    migrate(scene, &["main.tf", "moved.tf"]);
}

fn migrates_connectors_of_the_portal(scene: Scene) {
    migrate(organization(scene), &["main.tf"]);
}

/// Runs the stages of the example. The counts are the same as in the guide.
fn migrate(mut scene: Scene, files: &[&str]) {
    const ALL: usize = SUBSCRIPTIONS.len();
    set_variables(&mut scene);
    copy_example(&scene, EXAMPLE, files);
    let mut counter = AlertCounter::new(&scene, WORKSPACE);
    let round = |counter: &mut AlertCounter, scene: &Scene| {
        scene.azure.raise_alerts(SUBSCRIPTIONS);
        counter.count(scene)
    };
    assert_eq!(round(&mut counter, &scene), AlertCount::exactly_once(ALL), "before the migration");

    // Stage 1 only upgrades the solution.
    scene.set("TF_VAR_stage", "1");
    scene.apply();
    for part in ["/dataConnectors/", "/alertRules/"] {
        let requests = scene.azure.requests();
        let writes = requests.count("PUT", part) + requests.count("DELETE", part);
        assert_eq!(writes, 0, "{part}");
    }
    assert_eq!(scene.state().addresses().len(), ALL + 2);
    let during = counter.count_some(&scene);
    assert_eq!(during, AlertCount::exactly_once(during.raised), "during stage 1");
    scene.assert_no_changes();
    assert_eq!(round(&mut counter, &scene), AlertCount::exactly_once(ALL), "after stage 1");

    // During the apply of stage 2, alerts between two requests have an incident from XDR and one from the rule.
    scene.set("TF_VAR_stage", "2");
    let applied = scene.apply();
    assert_says(&applied, &["Alerts will arrive twice in law-outdated"]);
    assert_rule_is(&scene, WORKSPACE, false);
    let during = counter.count_some(&scene);
    let expected = AlertCount { with_two_incidents: ALL, ..AlertCount::exactly_once(during.raised) };
    assert_eq!(during, expected, "during stage 2");
    scene.assert_no_changes();
    let between = round(&mut counter, &scene);
    assert_eq!(between, AlertCount { duplicated: ALL, ..AlertCount::exactly_once(ALL) }, "between stage 2 and stage 3");

    // During the apply of stage 3, the alerts of a subscription arrive twice until its connector is deleted.
    scene.set("TF_VAR_stage", "3");
    scene.apply();
    let duplicated = ALL * (ALL + 1) / 2;
    let during = counter.count(&scene);
    assert_eq!(during, AlertCount { duplicated, ..AlertCount::exactly_once(ALL * ALL) }, "during stage 3");
    scene.assert_no_changes();
    assert_eq!(round(&mut counter, &scene), AlertCount::exactly_once(ALL), "after stage 3");

    // After the migration, remove the parts of the configuration that only the migration needs.
    let (before, rest) =
        text_around(&scene.read("main.tf"), "# Connected until stage 3.", "# The tenant-based connector");
    let text = before + &rest.replace("  count = var.stage < 2 ? 0 : 1\n", "").replace("var.stage < 2", "false");
    scene.file("main.tf", &text);
    scene.file("moved.tf", "");
    scene.assert_no_changes();
}

/// The text before `from`, and the text that starts with `to`.
fn text_around(text: &str, from: &str, to: &str) -> (String, String) {
    let (before, _) = text.split_once(from).expect("the example has this line");
    let (_, after) = text.split_once(to).expect("the example has this line");
    (before.to_owned(), format!("{to}{after}"))
}

fn reverts_each_stage(mut scene: Scene) {
    scene = organization(scene);
    set_variables(&mut scene);
    copy_example(&scene, EXAMPLE, &["main.tf"]);
    let mut counter = AlertCounter::new(&scene, WORKSPACE);
    for (stage, duplicated) in [("1", 0), ("2", 5), ("3", 0), ("2", 5), ("1", 0)] {
        scene.set("TF_VAR_stage", stage);
        let applied = scene.apply();
        // The plan destroys the Defender XDR connector before it enables the rule.
        assert!(!applied.words().contains("Incidents will be created twice"), "{}", applied.words());
        let during = counter.count_some(&scene);
        assert_rule_is(&scene, WORKSPACE, stage == "1");
        assert_eq!(during.lost, 0, "while stage {stage} is applied");

        scene.azure.raise_alerts(SUBSCRIPTIONS);

        let after = counter.count(&scene);
        assert_eq!(after, AlertCount { duplicated, ..AlertCount::exactly_once(5) }, "after stage {stage}");
        scene.assert_no_changes();
    }
}

fn informational_alerts_stop_with_the_last_stage(mut scene: Scene) {
    scene = organization(scene);
    set_variables(&mut scene);
    copy_example(&scene, EXAMPLE, &["main.tf"]);
    let mut counter = AlertCounter::new(&scene, WORKSPACE);
    for stage in ["1", "2"] {
        scene.set("TF_VAR_stage", stage);
        scene.apply();
    }
    counter.count(&scene);

    scene.azure.raise_alerts_of_severity("Informational", SUBSCRIPTIONS);
    let before = counter.count(&scene);
    scene.set("TF_VAR_stage", "3");
    scene.assert_plans(
        SUBSCRIPTIONS
            .map(|subscription| (address(subscription), Action::Delete))
            .each_ref()
            .map(|(address, action)| (address.as_str(), *action)),
    );
    scene.apply();
    counter.count(&scene);
    scene.azure.raise_alerts_of_severity("Informational", SUBSCRIPTIONS);
    let after = counter.count(&scene);

    assert_eq!((before.lost, before.without_incident), (0, 5), "the rule that created incidents for them is disabled");
    assert_eq!(after.lost, 5);
}

fn address(subscription: &str) -> String {
    format!("sentinel_dfc_subscription_connector.this[\"{subscription}\"]")
}

/// A scene with several subscriptions. Each has a connector in the workspace, which also has a rule that creates
/// incidents.
fn organization(scene: Scene) -> Scene {
    let scene = scene.in_a_world(|world| {
        let known = SUBSCRIPTIONS[1];
        let prefix = format!("/subscriptions/{known}");
        let originals: Vec<(String, String)> = world
            .iter()
            .filter(|(id, _)| id.starts_with(&prefix))
            .map(|(id, document)| (id.clone(), document.to_string()))
            .collect();
        let in_subscription = |text: &str, subscription: &str| text.replace(known, subscription);
        for subscription in &SUBSCRIPTIONS[2..] {
            world.extend(originals.iter().map(|(id, document)| {
                let document = serde_json::from_str(&in_subscription(document, subscription)).expect("JSON");
                (in_subscription(id, subscription), document)
            }));
            let assignments = world["world"]["role_assignments"].as_array_mut().expect("assignments");
            let copies: Vec<Value> = assignments.iter().filter(|one| one["scope"] == json!(prefix)).cloned().collect();
            for mut copy in copies {
                copy["scope"] = json!(format!("/subscriptions/{subscription}"));
                assignments.push(copy);
            }
        }
        world["world"]["behaviors"]["alerts_before_writes"] = json!(SUBSCRIPTIONS);
    });
    for (number, subscription) in SUBSCRIPTIONS.iter().enumerate() {
        let properties = json!({"subscriptionId": subscription, "dataTypes": {"alerts": {"state": "Enabled"}}});
        let document = json!({"kind": "AzureSecurityCenter", "etag": "\"1\"", "properties": properties});
        scene.azure.put(&connector_id(&scene, number), &document);
    }
    put_rule(&scene, WORKSPACE);
    scene
}

fn set_variables(scene: &mut Scene) {
    let workspace = scene.azure.workspace(WORKSPACE);
    scene.set("TF_VAR_workspace_id", &workspace);
    scene.set("TF_VAR_subscription_ids", &json!(SUBSCRIPTIONS).to_string());
    scene.set("TF_VAR_incident_creation_rules", &rule_variable());
}

/// The name of a connector, as in the portal and with azurerm.
fn connector_name(number: usize) -> String {
    format!("6a0c4e8d-2b17-4f95-93d8-5e7a1c9b3f0{number}")
}

fn connector_id(scene: &Scene, number: usize) -> String {
    let workspace = scene.azure.workspace(WORKSPACE);
    format!("{workspace}/providers/Microsoft.SecurityInsights/dataConnectors/{}", connector_name(number))
}
