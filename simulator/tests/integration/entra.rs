//! Entra: tokens, discovery and errors.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Azure, Reply, send};

const AUDITOR: &str = "5e2b9c70-18d4-4f6a-93b1-c7a0e4d2f586";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn assert_error(reply: &Reply, status: u16, error: &str, code: u32) {
    assert_eq!((reply.status, reply.body["error"].as_str()), (status, Some(error)), "{reply:?}");
    assert_eq!(reply.body["error_codes"], json!([code]));
    let description = reply.body["error_description"].as_str().expect("a description");
    assert!(description.starts_with(&format!("AADSTS{code}: ")), "{description}");
    for line in ["\r\nTrace ID: ", "\r\nCorrelation ID: ", "\r\nTimestamp: "] {
        assert!(description.contains(line), "{description}");
    }
    for key in ["timestamp", "trace_id", "correlation_id", "error_uri"] {
        assert!(reply.body[key].is_string(), "{key}");
    }
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}

/// An assertion with claims that the default application trusts, with these changes.
fn assertion(changes: &Value) -> String {
    let mut claims = json!({
        "iss": "https://token.actions.githubusercontent.com",
        "sub": "repo:contoso/soc:ref:refs/heads/main",
        "aud": "api://AzureADTokenExchange",
        "exp": time::OffsetDateTime::now_utc().unix_timestamp() + 600,
    });
    for (name, value) in changes.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    let encode = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.c2lnbmVk", encode(json!({"alg": "RS256", "typ": "JWT"})), encode(claims))
}

async fn authenticate_with_assertion(azure: &Azure, assertion: &str) -> Reply {
    azure
        .authenticate(&[
            ("client_secret", ""),
            ("client_assertion", assertion),
            ("client_assertion_type", ASSERTION_TYPE),
        ])
        .await
}

#[tokio::test]
async fn secret_gets_a_token_with_claims_of_tenant_and_application() {
    let azure = Azure::start().await;
    let reply = azure.authenticate(&[]).await;
    assert_eq!(
        (reply.status, &reply.body["token_type"], &reply.body["expires_in"]),
        (200, &json!("Bearer"), &json!(3599))
    );
    let claims = claims(reply.body["access_token"].as_str().expect("a token"));
    assert_eq!(claims["aud"], azure.endpoint());
    assert_eq!(claims["tid"], azure.login.tenant_id);
    assert_eq!(claims["appid"], azure.login.client_id);
    assert!(claims["oid"].is_string());
    assert_eq!(claims["exp"].as_i64().zip(claims["iat"].as_i64()).map(|(exp, iat)| exp - iat), Some(3599));
}

#[tokio::test]
async fn v1_endpoint_takes_a_resource_and_returns_numbers_as_strings() {
    let azure = Azure::start().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &azure.login.client_id),
        ("client_secret", &azure.login.client_secret),
        ("resource", "https://management.azure.com/"),
    ];
    // The tenant by its domain, in upper case.
    let reply = azure.token_request("CONTOSO.onmicrosoft.com/oauth2/token", &form).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["expires_in"], "3599");
    assert_eq!(reply.body["resource"], "https://management.azure.com/");
    let reply = azure.token_request("contoso.onmicrosoft.com/oauth2/token", &form[..3]).await;
    assert_error(&reply, 400, "invalid_request", 900_144);
}

#[tokio::test]
async fn accepts_a_secret_by_http_basic() {
    let azure = Azure::start().await;
    let scope = format!("{}/.default", azure.endpoint());
    let url = format!("{}/{}/oauth2/v2.0/token", azure.endpoint(), azure.login.tenant_id);
    let request = azure.http.post(url).form(&[("grant_type", "client_credentials"), ("scope", &scope)]);
    let secret = azure.login.client_secret.replace('~', "%7E");
    let reply = send(request.basic_auth(azure.login.client_id, Some(secret))).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[tokio::test]
async fn each_authentication_error_has_its_code() {
    let azure = Azure::start().await;
    let expired = "Sim8Q~long-expired-secret-of-Azure03";
    assert_error(&azure.authenticate(&[("client_secret", "wrong")]).await, 401, "invalid_client", 7_000_215);
    let reply = azure.authenticate(&[("client_id", AUDITOR), ("client_secret", expired)]).await;
    assert_error(&reply, 401, "invalid_client", 7_000_222);
    assert_error(&azure.authenticate(&[("client_secret", "")]).await, 401, "invalid_client", 7_000_216);
    assert_error(&azure.authenticate(&[("client_id", "")]).await, 400, "invalid_request", 900_144);
    assert_error(&azure.authenticate(&[("grant_type", "")]).await, 400, "invalid_request", 900_144);
    assert_error(&azure.authenticate(&[("scope", "")]).await, 400, "invalid_request", 900_144);
    assert_error(&azure.authenticate(&[("grant_type", "password")]).await, 400, "unsupported_grant_type", 70003);
    let unknown = "11111111-2222-3333-4444-555555555555";
    assert_error(&azure.authenticate(&[("client_id", unknown)]).await, 400, "unauthorized_client", 700_016);
    assert_error(&azure.authenticate(&[("scope", azure.endpoint())]).await, 400, "invalid_scope", 1_002_012);
    assert_error(
        &azure.authenticate(&[("scope", "https://a/.default https://b/.default")]).await,
        400,
        "invalid_scope",
        70011,
    );
    assert_error(
        &azure.authenticate(&[("scope", "https://unknown.example/.default")]).await,
        400,
        "invalid_resource",
        500_011,
    );
}

#[tokio::test]
async fn rejects_a_body_that_is_not_a_form() {
    let azure = Azure::start().await;
    let url = format!("{}/{}/oauth2/v2.0/token", azure.endpoint(), azure.login.tenant_id);
    let reply = send(azure.http.post(url).body("grant_type=client_credentials")).await;
    assert_error(&reply, 400, "invalid_request", 900_144);
}

#[tokio::test]
async fn errors_do_not_contain_the_secret() {
    let azure = Azure::start().await;
    let reply = azure.authenticate(&[("client_secret", "do-not-repeat-me")]).await;
    assert!(!reply.body.to_string().contains("do-not-repeat-me"));
}

#[tokio::test]
async fn rejects_an_unknown_tenant() {
    let azure = Azure::start().await;
    let form = [("grant_type", "client_credentials")];
    let reply = azure.token_request("11111111-2222-3333-4444-555555555555/oauth2/v2.0/token", &form).await;
    assert_error(&reply, 400, "invalid_request", 90002);
    let reply = azure.token_request("not-a-tenant/oauth2/v2.0/token", &form).await;
    assert_error(&reply, 400, "invalid_request", 900_023);
}

#[tokio::test]
async fn rejects_an_application_of_another_tenant() {
    let azure = Azure::start().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &azure.login.client_id),
        ("client_secret", &azure.login.client_secret),
        ("scope", "https://management.azure.com/.default"),
    ];
    let reply = azure.token_request("fabrikam.onmicrosoft.com/oauth2/v2.0/token", &form).await;
    assert_error(&reply, 400, "unauthorized_client", 700_016);
}

#[tokio::test]
async fn checks_issuer_subject_and_audience_of_a_federated_token() {
    let azure = Azure::start().await;
    let good = authenticate_with_assertion(&azure, &assertion(&json!({}))).await;
    assert_eq!(good.status, 200, "{good:?}");
    assert_eq!(claims(good.body["access_token"].as_str().expect("a token"))["appidacr"], "2");
    for (changes, code) in [
        (json!({"iss": "https://other.example"}), 700_211),
        (json!({"sub": "repo:contoso/soc:pull_request"}), 700_213),
        (json!({"sub": "repo:Contoso/SOC:ref:refs/heads/main"}), 7_002_138),
        (json!({"aud": "api://other"}), 700_212),
        (json!({"exp": 1}), 700_024),
        (json!({"iat": time::OffsetDateTime::now_utc().unix_timestamp() + 3600}), 700_024),
        (json!({"iss": azure.login.client_id, "sub": azure.login.client_id}), 700_027),
    ] {
        assert_error(&authenticate_with_assertion(&azure, &assertion(&changes)).await, 401, "invalid_client", code);
    }
    assert_error(&authenticate_with_assertion(&azure, "not a token").await, 401, "invalid_client", 50027);
    let signed = assertion(&json!({}));
    let (unsigned, _) = signed.rsplit_once('.').expect("three parts");
    assert_error(&authenticate_with_assertion(&azure, &format!("{unsigned}.")).await, 401, "invalid_client", 50013);
    let (_, claims) = unsigned.split_once('.').expect("two parts");
    let none = URL_SAFE_NO_PAD.encode(json!({"alg": "none"}).to_string());
    assert_error(
        &authenticate_with_assertion(&azure, &format!("{none}.{claims}.c2lnbmVk")).await,
        401,
        "invalid_client",
        50027,
    );
}

#[tokio::test]
async fn rejects_assertions_without_federated_credentials() {
    let azure = Azure::start().await;
    let reply = azure
        .authenticate(&[
            ("client_id", AUDITOR),
            ("client_secret", ""),
            ("client_assertion", &assertion(&json!({}))),
            ("client_assertion_type", ASSERTION_TYPE),
        ])
        .await;
    assert_error(&reply, 401, "invalid_client", 70021);
}

#[tokio::test]
async fn discovery_document_names_the_token_endpoint_and_its_keys() {
    let azure = Azure::start().await;
    let (endpoint, tenant) = (azure.endpoint(), &azure.login.tenant_id);
    let get = async |path: &str| send(azure.http.get(format!("{endpoint}/{path}"))).await;

    let configuration = get(&format!("{tenant}/v2.0/.well-known/openid-configuration")).await;
    assert_eq!(configuration.body["token_endpoint"], format!("{endpoint}/{tenant}/oauth2/v2.0/token"));
    assert_eq!(configuration.body["issuer"], format!("{endpoint}/{tenant}/v2.0"));
    let first = get(&format!("{tenant}/.well-known/openid-configuration")).await;
    assert_eq!(first.body["token_endpoint"], format!("{endpoint}/{tenant}/oauth2/token"));

    let keys = configuration.body["jwks_uri"].as_str().and_then(|url| url.strip_prefix(endpoint)).expect("our keys");
    let keys = get(keys.trim_start_matches('/')).await;
    let token = azure.token(&[]).await;
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().expect("a header")).expect("base64url");
    let header: Value = serde_json::from_slice(&header).expect("JSON");
    assert_eq!(keys.body["keys"][0]["kid"], header["kid"]);

    let instance = format!(
        "common/discovery/instance?api-version=1.1&authorization_endpoint={endpoint}/{tenant}/oauth2/v2.0/authorize"
    );
    let instance = get(&instance).await;
    assert_eq!(
        instance.body["tenant_discovery_endpoint"],
        format!("{endpoint}/{tenant}/v2.0/.well-known/openid-configuration")
    );
    let foreign = get("common/discovery/instance?authorization_endpoint=https://evil.example/x").await;
    assert_eq!((foreign.status, foreign.body["error"].as_str()), (400, Some("invalid_instance")));
    let unknown = get("nowhere.example/v2.0/.well-known/openid-configuration").await;
    assert_error(&unknown, 400, "invalid_request", 90002);
}

#[tokio::test]
async fn token_endpoint_accepts_only_post() {
    let azure = Azure::start().await;
    let url = format!("{}/{}/oauth2/v2.0/token", azure.endpoint(), azure.login.tenant_id);
    assert_eq!(send(azure.http.request(Method::GET, url)).await.status, 405);
}
