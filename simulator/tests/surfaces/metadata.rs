//! The cloud's metadata, in the shape of each generation of clients.

use serde_json::json;

use crate::harness::{Azure, Reply, send};

async fn metadata(azure: &Azure, query: &str) -> Reply {
    send(azure.http.get(format!("{}/metadata/endpoints{query}", azure.endpoint()))).await
}

#[tokio::test]
async fn since_2022_it_is_one_cloud_whose_endpoints_are_this_simulator() {
    let azure = Azure::start().await;
    let reply = metadata(&azure, "?api-version=2022-09-01").await;
    assert_eq!(reply.body["name"], "AzureCloud");
    assert_eq!(reply.body["authentication"]["loginEndpoint"], azure.endpoint());
    assert_eq!(reply.body["resourceManager"], format!("{}/", azure.endpoint()));
    assert_eq!(reply.body["authentication"]["audiences"][0], format!("{}/", azure.endpoint()));
}

#[tokio::test]
async fn in_2019_it_was_a_list_of_clouds() {
    let azure = Azure::start().await;
    let reply = metadata(&azure, "?api-version=2019-05-01").await;
    assert_eq!(reply.body[0]["authentication"]["loginEndpoint"], format!("{}/", azure.endpoint()));
}

#[tokio::test]
async fn before_that_it_was_short() {
    let azure = Azure::start().await;
    let reply = metadata(&azure, "?api-version=2015-01-01").await;
    assert_eq!(reply.body["authentication"]["loginEndpoint"], format!("{}/", azure.endpoint()));
    assert_eq!(reply.body["resourceManager"], json!(null));
}

#[tokio::test]
async fn an_api_version_is_required_and_must_be_known() {
    let azure = Azure::start().await;
    assert_eq!(metadata(&azure, "").await.code(), "MissingApiVersionParameter");
    assert_eq!(metadata(&azure, "?api-version=2099-01-01").await.code(), "InvalidApiVersionParameter");
}
