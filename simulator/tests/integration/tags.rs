//! Tags of subscriptions, resource groups and resources.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Azure, PREVIEW};

const API_VERSION: &str = "2024-11-01";

fn tags_of(scope: &str) -> String {
    format!("{scope}/providers/Microsoft.Resources/tags/default")
}

#[tokio::test]
async fn merges_deletes_and_replaces_the_tags_of_a_workspace() {
    let azure = Azure::start().await;
    let workspace = azure.workspace("law-soc");
    let path = tags_of(workspace);
    let patch = async |operation: &str, tags| {
        let body = json!({"operation": operation, "properties": {"tags": tags}});
        azure.arm(Method::PATCH, &path, API_VERSION, Some(body)).await
    };
    assert_eq!(azure.put(&path, API_VERSION, json!({"properties": {"tags": {"a": "1"}}})).await.status, 200);
    let merged = patch("Merge", json!({"A": "2", "b": "3"})).await;
    assert_eq!(merged.body["properties"]["tags"], json!({"A": "2", "b": "3"}));
    assert_eq!(merged.body["id"], path);
    assert_eq!(azure.document(workspace)["tags"], json!({"A": "2", "b": "3"}));
    assert_eq!(patch("Delete", json!({"a": "other"})).await.body["properties"]["tags"], json!({"A": "2", "b": "3"}));
    assert_eq!(patch("Delete", json!({"a": "2"})).await.body["properties"]["tags"], json!({"b": "3"}));
    assert_eq!(patch("Replace", json!({"c": "4"})).await.body["properties"]["tags"], json!({"c": "4"}));
    assert_eq!(patch("Add", json!({"c": "4"})).await.code(), "InvalidRequestContent");
    assert_eq!(azure.delete(&path, API_VERSION).await.status, 200);
    assert_eq!(azure.get(&path, API_VERSION).await.body["properties"]["tags"], json!({}));
}

#[tokio::test]
async fn subscriptions_and_groups_have_tags_and_connectors_have_none() {
    let azure = Azure::start().await;
    let subscription = format!("/subscriptions/{}", azure.login.subscription_id);
    let body = json!({"properties": {"tags": {"a": "1"}}});
    for scope in [subscription.clone(), format!("{subscription}/resourceGroups/rg-soc")] {
        assert_eq!(azure.put(&tags_of(&scope), API_VERSION, body.clone()).await.status, 200, "{scope}");
        assert_eq!(azure.document(&scope)["tags"], json!({"a": "1"}));
    }
    let connector = azure.sentinel("law-soc", "dataConnectors/AzureSecurityCenter");
    assert_eq!(azure.get(&connector, PREVIEW).await.status, 200);
    assert_eq!(azure.put(&tags_of(&connector), API_VERSION, body).await.status, 400);
}

#[tokio::test]
async fn rejects_tag_names_that_differ_only_in_case() {
    let azure = Azure::start().await;
    let body = json!({"properties": {"tags": {"a": "1", "A": "2"}}});
    let reply = azure.put(&tags_of(azure.workspace("law-soc")), API_VERSION, body).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidRequestContent"));
}
