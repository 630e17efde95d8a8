//! The cloud's metadata in the format of each api-version.

use serde_json::json;

use crate::harness::{Azure, Reply, send};

async fn metadata(azure: &Azure, query: &str) -> Reply {
    send(azure.http.get(format!("{}/metadata/endpoints{query}", azure.endpoint()))).await
}

#[tokio::test]
async fn returns_one_cloud_since_2022() {
    let azure = Azure::start().await;
    let reply = metadata(&azure, "?api-version=2022-09-01").await;
    assert_eq!(reply.body["name"], "AzureCloud");
    assert_eq!(reply.body["authentication"]["loginEndpoint"], azure.endpoint());
    assert_eq!(reply.body["resourceManager"], format!("{}/", azure.endpoint()));
    assert_eq!(reply.body["authentication"]["audiences"][0], format!("{}/", azure.endpoint()));
}

#[tokio::test]
async fn returns_a_list_of_clouds_in_2019() {
    let azure = Azure::start().await;
    let reply = metadata(&azure, "?api-version=2019-05-01").await;
    assert_eq!(reply.body[0]["authentication"]["loginEndpoint"], format!("{}/", azure.endpoint()));
}

#[tokio::test]
async fn world_names_the_cloud() {
    let azure = Azure::with_world(json!({"behaviors": {"cloud_name": "Simulator"}})).await;
    assert_eq!(metadata(&azure, "?api-version=2022-09-01").await.body["name"], "Simulator");
    assert_eq!(metadata(&azure, "?api-version=2019-05-01").await.body[0]["name"], "Simulator");
}

#[tokio::test]
async fn returns_a_short_form_before_2019() {
    let azure = Azure::start().await;
    let reply = metadata(&azure, "?api-version=2015-01-01").await;
    assert_eq!(reply.body["authentication"]["loginEndpoint"], format!("{}/", azure.endpoint()));
    assert_eq!(reply.body["resourceManager"], json!(null));
}

#[tokio::test]
async fn requires_a_known_api_version() {
    let azure = Azure::start().await;
    assert_eq!(metadata(&azure, "").await.code(), "MissingApiVersionParameter");
    assert_eq!(metadata(&azure, "?api-version=2099-01-01").await.code(), "InvalidApiVersionParameter");
}
