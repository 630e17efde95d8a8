//! Log Analytics workspaces.

use reqwest::Method;
use serde_json::json;

use crate::harness::Azure;

const WORKSPACES: &str = "2025-02-01";

#[tokio::test]
async fn workspace_requires_a_valid_name_and_a_location() {
    let azure = Azure::start().await;
    let bad = azure.workspace("law-soc").replace("law-soc", "-law");
    let reply = azure.put(&bad, WORKSPACES, json!({"location": "westeurope"})).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidResourceName"));
    let reply = azure.put(azure.workspace("law-soc"), WORKSPACES, json!({})).await;
    assert_eq!((reply.status, reply.code()), (400, "LocationRequired"));
    let reply = azure.put(azure.workspace("law-soc"), WORKSPACES, json!({"location": "northeurope"})).await;
    assert_eq!((reply.status, reply.code()), (409, "InvalidResourceLocation"));
}

#[tokio::test]
async fn workspace_keeps_every_property_that_can_be_written() {
    let azure = Azure::start().await;
    let path = azure.workspace("law-soc").replace("law-soc", "law-new");
    let body = json!({
        "location": "West Europe",
        "tags": {"a": "b"},
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "sku": {"name": "capacityreservation", "capacityReservationLevel": 100},
            "retentionInDays": 90,
            "workspaceCapping": {"dailyQuotaGb": 0.5},
            "publicNetworkAccessForIngestion": "Disabled",
            "publicNetworkAccessForQuery": "Disabled",
            "forceCmkForQuery": true,
            "features": {"disableLocalAuth": true, "immediatePurgeDataOn30Days": true},
            "defaultDataCollectionRuleResourceId": "/rule",
            "replication": {"enabled": true, "location": "northeurope"},
            "createdDate": "1999-01-01T00:00:00Z",
        },
    });
    let made = azure.put(&path, WORKSPACES, body.clone()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let (sent, properties) = (&body["properties"], &made.body["properties"]);
    for name in ["retentionInDays", "forceCmkForQuery", "publicNetworkAccessForQuery", "replication"] {
        assert_eq!(properties[name], sent[name], "{name}");
    }
    assert_eq!(properties["sku"]["name"], "CapacityReservation");
    assert_eq!(properties["sku"]["capacityReservationLevel"], 100);
    assert_eq!(properties["workspaceCapping"]["dailyQuotaGb"], 0.5);
    assert_eq!(properties["features"]["disableLocalAuth"], true);
    assert_eq!(properties["features"]["searchVersion"], 1);
    assert_eq!(properties["defaultDataCollectionRuleResourceId"], "/rule");
    assert_ne!(properties["createdDate"], sent["createdDate"], "only Azure writes it");
    assert_eq!(made.body["identity"]["tenantId"], azure.login.tenant_id);

    let patch = json!({"properties": {"workspaceCapping": {"dailyQuotaGb": 2}}});
    let patched = azure.arm(Method::PATCH, &path, WORKSPACES, Some(patch)).await;
    assert_eq!(patched.body["properties"]["workspaceCapping"]["dailyQuotaGb"], 2);
    assert_eq!((&patched.body["properties"]["retentionInDays"], &patched.body["tags"]), (&json!(90), &body["tags"]));
}

#[tokio::test]
async fn workspace_requires_a_known_region_and_valid_properties() {
    let azure = Azure::start().await;
    let path = azure.workspace("law-soc").replace("law-soc", "law-new");
    let reply = azure.put(&path, WORKSPACES, json!({"location": "atlantis"})).await;
    assert_eq!((reply.status, reply.code()), (400, "LocationNotAvailableForResourceType"));
    for properties in [
        json!({"sku": {"name": "Platinum"}}),
        json!({"retentionInDays": "90"}),
        json!({"retentionInDays": 731}),
        json!({"publicNetworkAccessForQuery": "Sometimes"}),
    ] {
        let reply = azure.put(&path, WORKSPACES, json!({"location": "westeurope", "properties": properties})).await;
        assert_eq!(reply.status, 400, "{properties}");
    }
    assert_eq!(azure.document(&path), json!(null));
}

#[tokio::test]
async fn lists_no_deleted_workspaces() {
    let azure = Azure::start().await;
    let group = azure.workspace("law-soc").split_once("/providers").expect("a resource").0;
    let subscription = group.split_once("/resourceGroups").expect("a group").0;
    for scope in [group, subscription] {
        let path = format!("{scope}/providers/Microsoft.OperationalInsights/deletedWorkspaces");
        assert_eq!(azure.get(&path, WORKSPACES).await.body, json!({"value": []}));
    }
}
