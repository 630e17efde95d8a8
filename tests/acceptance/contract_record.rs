//! The `contract` block that `contract record` prints: it connects like the portal, and the next plan is empty.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Scene, connector, connector_with, wait_until};
use portals::DEDICATED_KIND;

#[expect(dead_code, reason = "only the tests of the command use some portals")]
#[path = "../contract/portals.rs"]
mod portals;

scenarios![connects_like_a_portal_that_sends_the_default;
    every_cli:
    connects_like_a_portal_that_sends_another_provider,
    connects_like_a_portal_with_a_dedicated_kind,
    connects_like_a_portal_with_additional_properties,
    connects_like_a_portal_that_enables_another_data_type,
];

/// Records a click in the portal. Returns the result of the command, and the document that the portal wrote.
fn record(scene: &Scene) -> (Value, Value) {
    let before = scene.azure.names("law-soc", "dataConnectors");
    let workspace = scene.azure.workspace("law-soc");
    let options = ["--json", "--interval", "200ms", "--timeout", "60s"];
    let running =
        scene.start_provider(&[&["contract", "record", "--workspace-id", workspace.as_str()], &options[..]].concat());
    wait_until("the first list", Duration::from_secs(60), || {
        scene.azure.requests().count("GET", "/dataConnectors") >= 6
    });

    assert_eq!(scene.azure.portal_connect("law-soc"), 1);

    let finished = scene.finish(running);
    assert!(finished.succeeded(), "a contract is found");
    let written: Vec<String> =
        scene.azure.names("law-soc", "dataConnectors").into_iter().filter(|name| !before.contains(name)).collect();
    let id = scene.azure.sentinel("law-soc", &format!("dataConnectors/{}", written[0]));
    (serde_json::from_str(&finished.stdout).expect("JSON"), scene.azure.document(&id).expect("the portal wrote it"))
}

/// Asserts that the recorded block adopts the portal's connector without a write, connects a workspace like the portal,
/// and disconnects it.
fn connects_like_the_portal(scene: &Scene) -> Value {
    let (result, portals) = record(scene);
    let workspace = scene.azure.workspace("law-soc");
    let configuration = |arguments: &str| match result["hcl"].as_str() {
        Some(block) => connector_with(&workspace, &format!("{block}{arguments}")),
        None if arguments.is_empty() => connector(&workspace),
        None => connector_with(&workspace, arguments),
    };

    scene.azure.clear_requests();
    scene.configure(&configuration("  adopt_existing = true"));
    scene.apply();
    scene.azure.assert_only_read();
    scene.assert_no_changes();
    scene.destroy();

    scene.azure.delete(portals["id"].as_str().expect("an id"));
    scene.configure(&configuration(""));
    scene.apply();
    let names = scene.azure.names("law-soc", "dataConnectors");
    let ours = names
        .iter()
        .filter_map(|name| scene.azure.document(&scene.azure.sentinel("law-soc", &format!("dataConnectors/{name}"))))
        .find(|document| document["kind"] == portals["kind"])
        .expect("it is connected");
    assert_eq!(ours["properties"], portals["properties"]);
    scene.assert_no_changes();
    scene.destroy();
    assert!(scene.azure.document(ours["id"].as_str().expect("an id")).is_none(), "nothing is left");
    result
}

fn connects_like_a_portal_that_sends_the_default(scene: Scene) {
    let result = connects_like_the_portal(&scene);

    assert_eq!((&result["is_default"], &result["hcl"]), (&json!(true), &Value::Null));
}

fn connects_like_a_portal_that_sends_another_provider(scene: Scene) {
    let scene = scene.with_behaviors(&json!({"portal_connect": portals::other_provider()}));

    assert_eq!(connects_like_the_portal(&scene)["contract"], json!({"provider": "azureDefender"}));
}

fn connects_like_a_portal_with_a_dedicated_kind(scene: Scene) {
    let kinds = ["StaticUI", DEDICATED_KIND];
    let scene = scene
        .with_behaviors(&json!({"portal_connect": portals::dedicated_kind(), "unpublished_connector_kinds": kinds}));

    assert_eq!(connects_like_the_portal(&scene)["contract"], json!({"kind": DEDICATED_KIND}));
}

fn connects_like_a_portal_with_additional_properties(scene: Scene) {
    let properties = json!({
        "dataTypes": {"alerts": {"state": "Enabled"}, "recommendations": {"state": "Enabled"}},
        "scope": {"level": "Tenant", "plans": ["${all}"]},
    });
    let scene = scene.with_behaviors(&json!({
        "portal_connect": [{"kind": DEDICATED_KIND, "properties": properties}],
        "unpublished_connector_kinds": ["StaticUI", DEDICATED_KIND],
        "keep_unknown_properties": true,
    }));

    let result = connects_like_the_portal(&scene);

    let contract = &result["contract"];
    assert_eq!(contract["data_types"], json!(["alerts", "recommendations"]));
    assert_eq!(contract["properties"], json!({"scope": properties["scope"]}));
}

fn connects_like_a_portal_that_enables_another_data_type(scene: Scene) {
    let data_types = json!({"incidents": {"state": "Disabled"}, "cloudAlerts": {"state": "Enabled"}});
    let scene = scene.with_behaviors(&json!({
        "portal_connect": [{"properties": {"dataTypes": data_types}}],
        "keep_unknown_properties": true,
    }));

    assert_eq!(connects_like_the_portal(&scene)["contract"], json!({"data_types": ["cloudAlerts"]}));
}
