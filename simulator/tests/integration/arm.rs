//! Resource Manager: the checks before a resource provider sees a request, in their order.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Azure, PREVIEW, STABLE, http1_client, send};

const WORKSPACES: &str = "2025-02-01";
pub(crate) const RESOURCES: &str = "2021-04-01";
pub(crate) const AUDITOR: (&str, &str) =
    ("5e2b9c70-18d4-4f6a-93b1-c7a0e4d2f586", "Sim8Q~read-only-auditor-secret-Azure02");
pub(crate) const STRANGER: (&str, &str) =
    ("b7c3e8d1-42f5-4a06-8d9b-0f6a1e5c7b92", "Sim8Q~no-role-anywhere-secret-Azure04");

pub(crate) fn subscription(azure: &Azure) -> String {
    format!("/subscriptions/{}", azure.login.subscription_id)
}

#[tokio::test]
async fn skip_token_after_the_end_returns_an_empty_page() {
    let azure = Azure::start().await;
    let collection = format!("{}/resources", subscription(&azure));
    let token = URL_SAFE_NO_PAD.encode(format!("{}~{collection}", usize::MAX));
    let reply = azure.get(&format!("{collection}?$skipToken={token}"), RESOURCES).await;
    assert_eq!((reply.status, reply.names().len()), (200, 0));
}

#[tokio::test]
async fn rejects_an_oversized_body() {
    let azure = Azure::start().await;
    let url = format!("{}/subscriptions", azure.endpoint());
    let client = http1_client(azure.simulator.ca_pem().as_bytes());
    // The connection may close before the whole body is sent.
    if let Ok(response) = client.put(url).body(vec![b' '; 65 * 1024 * 1024]).send().await {
        assert_eq!(response.status(), 413);
    }
    assert_eq!(azure.get(&subscription(&azure), RESOURCES).await.status, 200);
}

#[tokio::test]
async fn request_without_a_token_gets_a_challenge() {
    let azure = Azure::start().await;
    let url = format!("{}{}?api-version={RESOURCES}", azure.endpoint(), subscription(&azure));
    let reply = send(azure.http.get(&url)).await;
    assert_eq!((reply.status, reply.code()), (401, "AuthenticationFailed"));
    let challenge = reply.headers["www-authenticate"].to_str().expect("text");
    let tenant = format!("Bearer authorization_uri=\"{}/{}\"", azure.endpoint(), azure.login.tenant_id);
    assert!(challenge.starts_with(&tenant), "{challenge}");
    let unknown = format!("{}/subscriptions/{}?api-version={RESOURCES}", azure.endpoint(), azure.login.client_id);
    assert_eq!(send(azure.http.get(&unknown)).await.code(), "SubscriptionNotFound");

    let reply = send(azure.http.get(&url).header("authorization", "Basic eA==")).await;
    assert_eq!((reply.status, reply.code()), (401, "AuthenticationFailedInvalidHeader"));
    let reply = send(azure.http.get(&url).bearer_auth("made.up.token")).await;
    assert_eq!((reply.status, reply.code()), (401, "InvalidAuthenticationToken"));
}

#[tokio::test]
async fn unknown_subscription_without_a_token_returns_not_found() {
    let azure = Azure::start().await;
    let url = |path: &str| format!("{}{path}?api-version={RESOURCES}", azure.endpoint());
    let reply = send(azure.http.get(url("/subscriptions/11111111-2222-3333-4444-555555555555"))).await;
    assert_eq!((reply.status, reply.code()), (404, "SubscriptionNotFound"));
    let reply = send(azure.http.get(url("/subscriptions"))).await;
    let challenge = reply.headers["www-authenticate"].to_str().expect("text");
    assert!(challenge.contains("/common\""), "{challenge}");
}

#[tokio::test]
async fn token_expires_by_the_simulators_clock() {
    let azure = Azure::start().await;
    assert_eq!(azure.get(&subscription(&azure), RESOURCES).await.status, 200);
    azure.advance(3599).await;
    let reply = azure.get(&subscription(&azure), RESOURCES).await;
    assert_eq!((reply.status, reply.code()), (401, "ExpiredAuthenticationToken"));
    let fresh = azure.token(&[]).await;
    let url = format!("{}{}?api-version={RESOURCES}", azure.endpoint(), subscription(&azure));
    assert_eq!(send(azure.http.get(url).bearer_auth(fresh)).await.status, 200);
}

#[tokio::test]
async fn rejects_a_token_for_another_api() {
    let azure = Azure::start().await;
    let token = azure.token(&[("scope", "https://graph.microsoft.com/.default")]).await;
    let url = format!("{}{}?api-version={RESOURCES}", azure.endpoint(), subscription(&azure));
    let reply = send(azure.http.get(&url).bearer_auth(token)).await;
    assert_eq!((reply.status, reply.code()), (401, "InvalidAuthenticationTokenAudience"));
    for resource in ["https://management.azure.com", "https://management.core.windows.net/", azure.endpoint()] {
        let token = azure.token(&[("scope", &format!("{resource}/.default"))]).await;
        assert_eq!(send(azure.http.get(&url).bearer_auth(token)).await.status, 200, "{resource}");
    }
}

#[tokio::test]
async fn accepts_a_token_of_another_tenant_only_if_delegated() {
    let azure = Azure::start().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", STRANGER.0),
        ("client_secret", STRANGER.1),
        ("scope", "https://management.azure.com/.default"),
    ];
    let reply = azure.token_request("fabrikam.onmicrosoft.com/oauth2/v2.0/token", &form).await;
    let token = reply.body["access_token"].as_str().expect("a token");
    let url = format!("{}{}?api-version={RESOURCES}", azure.endpoint(), subscription(&azure));
    let reply = send(azure.http.get(&url).bearer_auth(token)).await;
    assert_eq!((reply.status, reply.code()), (401, "InvalidAuthenticationTokenTenant"));

    let mut document = azure.document(&subscription(&azure));
    document["managedByTenants"] = json!([{"tenantId": "c0a8f1d2-7e43-4b6a-8f95-3d2e1c0b9a87"}]);
    azure.admin(Method::PUT, &format!("resources?id={}", subscription(&azure)), Some(document)).await;
    let reply = send(azure.http.get(&url).bearer_auth(token)).await;
    assert_eq!((reply.status, reply.code()), (403, "AuthorizationFailed"), "known now, but without a role");
}

#[tokio::test]
async fn requires_an_api_version_of_the_type() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors");
    let reply = send(azure.request(Method::GET, &path)).await;
    assert_eq!((reply.status, reply.code()), (400, "MissingApiVersionParameter"));
    let reply = azure.get(&path, "2025-13").await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidApiVersionParameter"));
    let reply = azure.get(&format!("{path}?api-version={STABLE}"), PREVIEW).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidApiVersionParameter"), "given twice");
    let reply = azure.get(&path, "2018-01-01").await;
    assert_eq!((reply.status, reply.code()), (400, "NoRegisteredProviderFound"));
    assert!(reply.message().contains(STABLE) && reply.message().contains(PREVIEW), "{}", reply.message());
    let reply = azure.get(&subscription(&azure), "2018-01-01").await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidApiVersionParameter"));
}

#[tokio::test]
async fn rejects_unknown_namespaces_and_types() {
    let azure = Azure::start().await;
    let reply = azure.get(&azure.sentinel("law-soc", "dataConektors"), STABLE).await;
    assert_eq!((reply.status, reply.code()), (404, "InvalidResourceType"));
    let path = format!("{}/providers/Microsoft.Nothing/things/x", azure.workspace("law-soc"));
    assert_eq!(azure.get(&path, STABLE).await.code(), "InvalidResourceNamespace");
    let path =
        format!("{}/resourceGroups/rg-soc/providers/Microsoft.SecurityInsights/dataConnectors", subscription(&azure));
    assert_eq!(azure.get(&path, STABLE).await.code(), "InvalidResourceType", "not an extension of a workspace");
    assert_eq!(azure.get("/oddities", STABLE).await.status, 404);
}

#[tokio::test]
async fn reports_the_outermost_missing_resource() {
    let azure = Azure::start().await;
    let nowhere = "/subscriptions/11111111-2222-3333-4444-555555555555";
    let reply = azure.get(nowhere, RESOURCES).await;
    assert_eq!((reply.status, reply.code()), (404, "SubscriptionNotFound"));
    let reply = azure.get("/subscriptions/nonsense", RESOURCES).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidSubscriptionId"));
    let group = format!("{}/resourceGroups/rg-none", subscription(&azure));
    assert_eq!(azure.get(&group, RESOURCES).await.code(), "ResourceGroupNotFound");
    let workspace = format!("{group}/providers/Microsoft.OperationalInsights/workspaces/law-soc");
    assert_eq!(azure.get(&workspace, WORKSPACES).await.code(), "ResourceGroupNotFound");
    let workspace = azure.workspace("law-soc").replace("law-soc", "law-none");
    let reply = azure.get(&workspace, WORKSPACES).await;
    assert_eq!((reply.status, reply.code()), (404, "ResourceNotFound"));
    let connector = format!("{workspace}/providers/Microsoft.SecurityInsights/dataConnectors/x");
    assert_eq!(azure.get(&connector, STABLE).await.code(), "ResourceNotFound");
    let reply = azure.put(&connector, STABLE, json!({"kind": "AzureSecurityCenter"})).await;
    assert_eq!((reply.status, reply.code()), (404, "ParentResourceNotFound"));
}

#[tokio::test]
async fn rejects_methods_that_a_type_does_not_support() {
    let azure = Azure::start().await;
    let reply = azure.delete(&azure.sentinel("law-soc", "dataConnectors"), STABLE).await;
    assert_eq!((reply.status, reply.headers["allow"].to_str().ok()), (405, Some("GET")));
    let product = azure.sentinel("law-soc", "contentProductPackages/x");
    assert_eq!(azure.put(&product, STABLE, json!({})).await.status, 405);
    let workspace = azure.workspace("law-soc");
    assert_eq!(azure.arm(Method::HEAD, workspace, WORKSPACES, None).await.status, 405, "only some types have HEAD");
}

#[tokio::test]
async fn requires_a_json_body_with_a_json_media_type() {
    let azure = Azure::start().await;
    let path = format!("{}?api-version={STABLE}", azure.sentinel("law-soc", "dataConnectors/x"));
    let reply = send(azure.request(Method::PUT, &path).body("{}")).await;
    assert_eq!((reply.status, reply.code()), (415, "UnsupportedMediaType"));
    let json = |body: String| azure.request(Method::PUT, &path).header("content-type", "application/json").body(body);
    let reply = send(json("{\"kind\":".to_owned())).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidRequestContent"));
    assert_eq!(send(json("[]".to_owned())).await.code(), "InvalidRequestContent");
    let reply = send(json(format!("{{\"x\":\"{}\"}}", "x".repeat(4 * 1024 * 1024)))).await;
    assert_eq!((reply.status, reply.code()), (413, "RequestContentTooLarge"));
}

#[tokio::test]
async fn accepts_bodies_with_comments_and_names_without_quotes() {
    let azure = Azure::start().await;
    let path = format!("{}?api-version={STABLE}", azure.sentinel("law-fresh", "onboardingStates/default"));
    let body = "{ // no key of our own\n properties: {'customerManagedKey': false,}, }";
    let request = azure.request(Method::PUT, &path).header("content-type", "application/json").body(body);
    assert_eq!(send(request).await.status, 201);
}

#[tokio::test]
async fn repeated_slashes_in_a_path_count_as_one() {
    let azure = Azure::start().await;
    let path = azure.workspace("law-soc").replace("/workspaces/", "//workspaces/");
    assert_eq!(azure.get(&path, WORKSPACES).await.body["name"], "law-soc");
    let connector = azure.sentinel("law-soc", "dataConnectors/AzureSecurityCenter");
    assert_eq!(azure.delete(&connector.replace("/providers", "//providers"), PREVIEW).await.status, 200);
    assert_eq!(azure.document(&connector), json!(null));
}

#[tokio::test]
async fn rejects_invalid_names_in_put() {
    let azure = Azure::start().await;
    let long = "x".repeat(261);
    for (name, code) in [
        ("a%3Cb", "InvalidResourceNameCharacters"),
        ("a%25b", "InvalidResourceNameCharacters"),
        ("a%0Ab", "InvalidResourceNameCharacters"),
        ("a%20", "InvalidResourceNameTrailingCharacters"),
        ("a%2E%2E", "InvalidResourceNameTrailingCharacters"),
        (long.as_str(), "InvalidResourceNameLength"),
    ] {
        let path = azure.sentinel("law-soc", &format!("alertRules/{name}"));
        assert_eq!(azure.put(&path, STABLE, json!({})).await.code(), code, "{name}");
        assert_eq!(azure.get(&path, STABLE).await.status, 404, "{name}");
    }
    let broken = azure.sentinel("law-soc", "alertRules/a%zz");
    assert_eq!(azure.get(&broken, STABLE).await.status, 400);
}

#[tokio::test]
async fn rejects_a_body_of_another_resource() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-fresh", "onboardingStates/default");
    let other = azure.sentinel("law-soc", "onboardingStates/default");
    for (body, code) in [
        (json!({"name": "other"}), "MismatchingResourceName"),
        (json!({"type": "Microsoft.SecurityInsights/alertRules"}), "MismatchingResourceType"),
        (json!({"id": other}), "MismatchingResourceId"),
    ] {
        let reply = azure.put(&path, STABLE, body).await;
        assert_eq!((reply.status, reply.code()), (400, code));
    }

    let template = json!({
        "id": path.to_uppercase(),
        "name": "law-fresh/Microsoft.SecurityInsights/Default",
        "type": "Microsoft.OperationalInsights/workspaces/providers/onboardingStates",
    });
    assert_eq!(azure.put(&path, STABLE, template).await.status, 201);
}

#[tokio::test]
async fn requires_a_registered_resource_provider() {
    let azure = Azure::start().await;
    let registration = format!("{}/providers/Microsoft.SecurityInsights", subscription(&azure));
    azure
        .admin(
            Method::PUT,
            &format!("resources?id={registration}"),
            Some(json!({"namespace": "Microsoft.SecurityInsights", "registrationState": "NotRegistered"})),
        )
        .await;
    let connectors = azure.sentinel("law-soc", "dataConnectors");
    let reply = azure.get(&connectors, STABLE).await;
    assert_eq!((reply.status, reply.code()), (409, "MissingSubscriptionRegistration"));
    let reply = azure.arm(Method::POST, &format!("{registration}/register"), RESOURCES, None).await;
    assert_eq!((reply.status, &reply.body["registrationState"]), (200, &json!("Registered")));
    assert_eq!(azure.get(&connectors, STABLE).await.status, 200);
    let reply = azure.get(&registration, RESOURCES).await;
    assert!(reply.body["resourceTypes"].to_string().contains("onboardingStates"));
}

#[tokio::test]
async fn ids_ignore_case_and_keep_their_original_casing() {
    let azure = Azure::start().await;
    let body = json!({"kind": "AzureSecurityCenter", "properties": {
        "subscriptionId": azure.login.subscription_id, "dataTypes": {"alerts": {"state": "Enabled"}}}});
    let upper_case = azure.sentinel("law-soc", "dataConnectors/Mixed").to_uppercase().replace("/MIXED", "/Mixed");
    let made = azure.put(&upper_case, STABLE, body).await;
    assert_eq!((made.status, &made.body["name"]), (201, &json!("Mixed")), "{made:?}");
    assert_eq!(made.body["id"], azure.sentinel("law-soc", "dataConnectors/Mixed"));
    let lower_case = azure.sentinel("law-soc", "dataConnectors/mixed").to_lowercase();
    assert_eq!(azure.get(&lower_case, STABLE).await.body["id"], made.body["id"]);
}

#[tokio::test]
async fn responses_echo_request_ids_and_have_their_own() {
    let azure = Azure::start().await;
    let path = format!("{}?api-version={RESOURCES}", subscription(&azure));
    let request = azure.request(Method::GET, &path).header("x-ms-correlation-request-id", "my-correlation");
    let request = request.header("x-ms-client-request-id", "mine").header("x-ms-return-client-request-id", "true");
    let reply = send(request).await;
    let header = |name: &str| reply.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    assert_eq!(header("x-ms-correlation-request-id").as_deref(), Some("my-correlation"));
    assert_eq!(header("x-ms-client-request-id").as_deref(), Some("mine"));
    assert!(header("x-ms-request-id").is_some());
    assert!(header("x-ms-routing-request-id").is_some());
    assert!(header("x-ms-ratelimit-remaining-subscription-reads").is_some());
}

#[tokio::test]
async fn every_auxiliary_token_must_be_valid() {
    let azure = Azure::start().await;
    let token = azure.token(&[]).await;
    let graph = azure.token(&[("scope", "https://graph.microsoft.com/.default")]).await;
    let bearer = |tokens: &[&str]| tokens.iter().map(|token| format!("Bearer {token}")).collect::<Vec<_>>().join(", ");
    for (header, status) in [
        (bearer(&[&token]), 200),
        (bearer(&[&token, &token, &token]), 200),
        (bearer(&[token.as_str(); 4]), 401),
        (bearer(&[&token, "forged"]), 401),
        (bearer(&[&graph]), 401),
        (token.clone(), 401),
    ] {
        let path = format!("/subscriptions/{}?api-version=2022-12-01", azure.login.subscription_id);
        let reply = send(azure.request(Method::GET, &path).header("x-ms-authorization-auxiliary", header)).await;

        assert_eq!(reply.status, status, "{reply:?}");
        assert!(status == 200 || reply.code() == "InvalidAuxiliaryTokens", "{reply:?}");
    }
}
