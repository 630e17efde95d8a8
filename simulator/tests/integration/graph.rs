//! Microsoft Graph: roles through nested groups, permissions, advanced queries, and the audience.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Azure, Reply, send};

const ADMIN: &str = "soc-admin@contoso.onmicrosoft.com";
const AUDITOR: &str = "5e2b9c70-18d4-4f6a-93b1-c7a0e4d2f586";
const TERRAFORM: &str = "0d7e5a31-94c2-4b8f-a6d0-5c1b3e9f7a24";
const SECURITY_ADMINISTRATOR: &str = "194ae4cb-b126-40b2-bd5b-6091b380977d";
const ME: &str = "me/transitiveMemberOf/microsoft.graph.directoryRole?$count=true";

fn graph(azure: &Azure) -> String {
    format!("{}/graph", azure.endpoint())
}

async fn user_token(azure: &Azure, user: &str, resource: &str) -> Reply {
    azure.admin(Method::POST, "tokens", Some(json!({"user": user, "resource": resource}))).await
}

async fn token_of_user(azure: &Azure, user: &str) -> String {
    let reply = user_token(azure, user, &graph(azure)).await;
    reply.body["accessToken"].as_str().unwrap_or_else(|| panic!("no token: {reply:?}")).to_owned()
}

async fn token_of_application(azure: &Azure, changes: &[(&str, &str)]) -> String {
    let scope = format!("{}/.default", graph(azure));
    azure.token(&[&[("scope", scope.as_str())], changes].concat()).await
}

async fn get(azure: &Azure, token: &str, path: &str, is_eventual: bool) -> Reply {
    let request = azure.http.get(format!("{}/v1.0/{path}", graph(azure))).bearer_auth(token);
    send(if is_eventual { request.header("ConsistencyLevel", "eventual") } else { request }).await
}

fn templates(reply: &Reply) -> Vec<&str> {
    let objects = reply.body["value"].as_array().unwrap_or_else(|| panic!("no list: {reply:?}"));
    objects.iter().filter_map(|object| object["roleTemplateId"].as_str()).collect()
}

#[tokio::test]
async fn user_has_the_roles_of_nested_groups() {
    let azure = Azure::start().await;
    let token = token_of_user(&azure, ADMIN).await;

    let reply = get(&azure, &token, ME, true).await;

    assert_eq!(templates(&reply), [SECURITY_ADMINISTRATOR]);
    assert_eq!(reply.body["@odata.count"], 1);
    let all = get(&azure, &token, "me/transitiveMemberOf", false).await;
    assert_eq!(all.body["value"].as_array().map(Vec::len), Some(3), "two groups and a role");
}

#[tokio::test]
async fn cast_requires_eventual_consistency() {
    let azure = Azure::start().await;
    let token = token_of_user(&azure, ADMIN).await;

    for (path, is_eventual) in [(ME, false), ("me/transitiveMemberOf/microsoft.graph.directoryRole", true)] {
        let reply = get(&azure, &token, path, is_eventual).await;
        assert_eq!((reply.status, reply.code()), (400, "Request_UnsupportedQuery"), "{path}");
    }
}

#[tokio::test]
async fn application_reads_only_objects_it_has_consent_for() {
    let path = format!("servicePrincipals(appId='{TERRAFORM}')/transitiveMemberOf");
    for (permissions, status, expected) in [
        (json!(["Directory.Read.All"]), 200, vec![SECURITY_ADMINISTRATOR]),
        (json!(["Application.Read.All"]), 200, vec![]),
        (json!([]), 403, vec![]),
    ] {
        let azure = Azure::start().await;
        let mut applications = azure.simulator.state()["world"]["applications"].clone();
        applications[0]["graph_permissions"] = permissions.clone();
        azure.simulator.patch_world(json!({"applications": applications}));
        let token = token_of_application(&azure, &[]).await;

        let reply = get(&azure, &token, &path, false).await;

        assert_eq!(reply.status, status, "{permissions}: {reply:?}");
        if status == 403 {
            assert_eq!(reply.code(), "Authorization_RequestDenied");
        } else {
            assert_eq!(templates(&reply), expected, "{permissions}");
            assert_eq!(reply.body["value"][0]["@odata.type"], "#microsoft.graph.directoryRole");
        }
    }
}

#[tokio::test]
async fn rejects_me_for_applications_and_unknown_applications() {
    let azure = Azure::start().await;
    let token = token_of_application(&azure, &[]).await;

    let me = get(&azure, &token, ME, true).await;
    assert_eq!((me.status, me.code()), (400, "BadRequest"));
    let unknown = get(&azure, &token, "servicePrincipals(appId='x')/transitiveMemberOf", false).await;
    assert_eq!((unknown.status, unknown.code()), (404, "Request_ResourceNotFound"));
    let auditor = get(&azure, &token, &format!("servicePrincipals(appId='{AUDITOR}')/transitiveMemberOf"), false).await;
    assert_eq!(auditor.body["value"], json!([]));
}

#[tokio::test]
async fn each_service_rejects_tokens_of_another_audience() {
    let azure = Azure::start().await;
    let arm = azure.token(&[]).await;

    let reply = get(&azure, &arm, ME, true).await;
    assert_eq!((reply.status, reply.code()), (401, "InvalidAuthenticationToken"));
    assert!(reply.message().contains("Invalid audience"), "{reply:?}");

    let graph_token = token_of_application(&azure, &[]).await;
    let url = format!("{}/subscriptions?api-version=2022-12-01", azure.endpoint());
    let reply = send(azure.http.get(url).bearer_auth(graph_token)).await;
    assert_eq!((reply.status, reply.code()), (401, "InvalidAuthenticationTokenAudience"));
}

#[tokio::test]
async fn user_without_consent_gets_no_graph_token() {
    let azure = Azure::start().await;
    let mut users = azure.simulator.state()["world"]["users"].clone();
    users[0]["graph_scopes"] = Value::Array(Vec::new());
    azure.simulator.patch_world(json!({"users": users}));

    assert!(user_token(&azure, ADMIN, &graph(&azure)).await.body.to_string().contains("AADSTS65001"));
    assert_eq!(user_token(&azure, ADMIN, azure.endpoint()).await.status, 200);
}

#[tokio::test]
async fn token_of_a_guest_has_another_identity_provider() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let azure = Azure::start().await;
    let guest = "soc-guest_fabrikam.onmicrosoft.com#EXT#@contoso.onmicrosoft.com";

    let reply = user_token(&azure, guest, azure.endpoint()).await;

    let token = reply.body["accessToken"].as_str().expect("a token");
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
    let claims: Value = serde_json::from_slice(&payload).expect("JSON");
    assert_ne!(claims["idp"], claims["iss"]);
    assert_eq!((claims["idtyp"].as_str(), claims["scp"].as_str()), (Some("user"), Some("user_impersonation")));
}
