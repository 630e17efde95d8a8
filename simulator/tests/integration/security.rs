//! Plans and settings of Defender for Cloud.

use serde_json::{Value, json};

use crate::harness::Azure;

fn path(azure: &Azure, rest: &str) -> String {
    let workspace = azure.workspace("law-soc");
    let subscription = workspace.split("/resourceGroups").next().expect("an ID").to_owned();
    format!("{subscription}/providers/Microsoft.Security/{rest}")
}

#[tokio::test]
async fn setting_defaults_to_disabled_and_rejects_another_kind() {
    let azure = Azure::start().await;
    let sentinel = path(&azure, "settings/SENTINEL");
    let version = "2022-05-01";
    assert_eq!(azure.get(&sentinel, version).await.body["properties"]["enabled"], false);
    let wrong = json!({"kind": "DataExportSettings", "properties": {"enabled": true}});
    assert_eq!(azure.put(&sentinel, version, wrong).await.status, 400);
    assert_eq!(azure.put(&sentinel, version, json!({"kind": "AlertSyncSettings"})).await.status, 400);

    let on = json!({"kind": "AlertSyncSettings", "properties": {"enabled": true}});
    assert_eq!(azure.put(&sentinel, version, on).await.status, 200);

    let shown = azure.get(&path(&azure, "settings/Sentinel"), version).await.body;
    assert_eq!((&shown["name"], &shown["properties"]["enabled"]), (&json!("Sentinel"), &json!(true)));
    assert_eq!(azure.get(&path(&azure, "settings/Other"), version).await.status, 404);
    assert_eq!(azure.get(&path(&azure, "settings"), version).await.names().len(), 5);
}

#[tokio::test]
async fn plans_are_free_or_standard() {
    let azure = Azure::start().await;
    let version = "2024-01-01";
    let arm = path(&azure, "pricings/Arm");
    assert_eq!(azure.get(&arm, version).await.body["properties"]["pricingTier"], "Free");
    assert_eq!(azure.put(&arm, version, json!({"properties": {"pricingTier": "x"}})).await.status, 400);

    assert_eq!(azure.put(&arm, version, json!({"properties": {"pricingTier": "Standard"}})).await.status, 200);

    let all = azure.get(&path(&azure, "pricings"), version).await.body;
    let plans = all["value"].as_array().expect("plans");
    let standard: Vec<&Value> = plans.iter().filter(|plan| plan["properties"]["pricingTier"] == "Standard").collect();
    assert_eq!(standard.iter().map(|plan| &plan["name"]).collect::<Vec<_>>(), ["Arm", "VirtualMachines"]);
}
