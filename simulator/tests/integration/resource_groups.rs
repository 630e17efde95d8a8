//! Resource groups, and the lists of resources in them.

use reqwest::Method;
use serde_json::json;

use crate::harness::Azure;

const RESOURCES: &str = "2021-04-01";
const WORKSPACES: &str = "2025-02-01";

fn subscription(azure: &Azure) -> String {
    format!("/subscriptions/{}", azure.login.subscription_id)
}

#[tokio::test]
async fn creates_reads_and_deletes_a_resource_group() {
    let azure = Azure::start().await;
    let group = format!("{}/resourcegroups/rg-new", subscription(&azure));
    let exists = async || azure.arm(Method::HEAD, &group, RESOURCES, None).await.status;
    assert_eq!(exists().await, 404);
    let made = azure.put(&group, RESOURCES, json!({"location": "West Europe"})).await;
    assert_eq!((made.status, &made.body["location"]), (201, &json!("westeurope")));
    assert_eq!(made.body["id"], format!("{}/resourceGroups/rg-new", subscription(&azure)));
    assert_eq!(exists().await, 204);
    let workspace = format!("{group}/providers/Microsoft.OperationalInsights/workspaces/law-new");
    let made = azure.put(&workspace, WORKSPACES, json!({"location": "westeurope", "properties": {}})).await;
    assert_eq!((made.status, &made.body["properties"]["provisioningState"]), (201, &json!("Succeeded")));
    assert_eq!(azure.delete(&group, RESOURCES).await.status, 200);
    assert_eq!(azure.document(&workspace), json!(null));
}

#[tokio::test]
async fn lists_workspaces_of_a_group_and_a_subscription() {
    let azure = Azure::start().await;
    for scope in ["", "/resourceGroups/RG-SOC"] {
        let path = format!("{}{scope}/providers/Microsoft.OperationalInsights/workspaces", subscription(&azure));
        let reply = azure.get(&path, WORKSPACES).await;
        assert_eq!(reply.names(), ["law-fresh", "law-outdated", "law-portal", "law-soc"]);
    }
    let path = format!(
        "{}/resources?$filter=resourceType eq 'Microsoft.OperationalInsights/workspaces'",
        subscription(&azure)
    );
    assert_eq!(azure.get(&path, RESOURCES).await.names().len(), 4);
}

#[tokio::test]
async fn patch_changes_the_tags_of_a_group() {
    let azure = Azure::start().await;
    let group = format!("{}/resourceGroups/rg-soc", subscription(&azure));
    let patch = async |body| azure.arm(Method::PATCH, &group, RESOURCES, Some(body)).await;
    assert_eq!(patch(json!({"tags": {"a": "b"}})).await.body["tags"], json!({"a": "b"}));
    assert_eq!(patch(json!({})).await.body["tags"], json!({"a": "b"}));
    let reply = patch(json!({"tags": {"a": 1}})).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidRequestContent"));
}

#[tokio::test]
async fn group_requires_a_valid_name_region_and_tags() {
    let azure = Azure::start().await;
    let put = async |name: &str, body| {
        let group = format!("{}/resourceGroups/{name}", subscription(&azure));
        azure.put(&group, RESOURCES, body).await
    };
    let here = json!({"location": "westeurope"});
    assert_eq!(put("rg-gr%C3%B6%C3%9Fe", here.clone()).await.body["name"], "rg-größe");
    for name in ["rg%20new", "rg%21", &"g".repeat(91)] {
        assert_eq!(put(name, here.clone()).await.code(), "InvalidResourceGroup", "{name}");
    }
    assert_eq!(put("rg-new.", here).await.status, 400);
    assert_eq!(put("rg-new", json!({})).await.code(), "LocationRequired");
    assert_eq!(put("rg-new", json!({"location": "atlantis"})).await.code(), "LocationNotAvailableForResourceGroup");
    for (member, value) in [("tags", json!({"n": 1})), ("managedBy", json!(7)), ("properties", json!(7))] {
        let reply = put("rg-new", json!({"location": "westeurope", member: value})).await;
        assert_eq!((reply.status, reply.code()), (400, "InvalidRequestContent"), "{member}");
    }
}

#[tokio::test]
async fn filters_the_lists_of_groups_and_resources() {
    let azure = Azure::start().await;
    let group = format!("{}/resourceGroups/rg-tagged", subscription(&azure));
    azure.put(&group, RESOURCES, json!({"location": "westeurope", "tags": {"team": "soc", "env": "test"}})).await;
    let names = async |collection: &str, filter: &str| {
        let path = format!("{}/{collection}?$filter={filter}", subscription(&azure));
        let reply = azure.get(&path, RESOURCES).await;
        if reply.status == 200 { reply.names().join(",") } else { reply.code().to_owned() }
    };
    assert_eq!(names("resourceGroups", "tagName eq 'team' and tagValue eq 'soc'").await, "rg-tagged");
    assert_eq!(names("resourceGroups", "tagName eq 'team' and tagValue eq 'test'").await, "", "of another tag");
    assert_eq!(names("resourceGroups", "location eq 'westeurope'").await, "InvalidFilterInQueryString");
    assert_eq!(names("resources", "name eq 'LAW-SOC' and resourceGroup eq 'rg-soc'").await, "law-soc");
    assert_eq!(names("resources", "substringof('port', name)").await, "law-portal");
    assert_eq!(names("resources", "").await.split(',').count(), 4);
    for filter in ["color eq 'blue'", "name like 'x'", "name eq 'a' and"] {
        assert_eq!(names("resources", filter).await, "InvalidFilterInQueryString", "{filter}");
    }
    assert_eq!(names("providers", "namespace eq 'x'").await, "InvalidFilterInQueryString");
}

#[tokio::test]
async fn list_of_resources_has_times_only_if_expanded() {
    let azure = Azure::start().await;
    let first = async |query: &str| {
        azure.get(&format!("{}/resources{query}", subscription(&azure)), RESOURCES).await.body["value"][0].clone()
    };
    assert_eq!(first("").await.get("createdTime"), None);
    let expanded = first("?$expand=createdTime,provisioningState").await;
    assert!(expanded["createdTime"].is_string() && expanded["provisioningState"] == "Succeeded", "{expanded}");
    let path = format!("{}/resources?$expand=color", subscription(&azure));
    assert_eq!(azure.get(&path, RESOURCES).await.status, 400);
}
