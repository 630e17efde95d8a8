//! Tests of pipelines that request their OIDC token from GitHub or Azure DevOps.

use super::*;

#[tokio::test]
async fn github_workflow_requests_a_new_oidc_token_each_time() {
    let server = Server::start(|request, before| {
        if request.is_token_request() {
            return Reply::token("t");
        }
        Reply::json(200, &json!({"count": 1, "value": oidc_token(&format!("workflow-{before}"))}))
    })
    .await;
    let credential = select(&pipeline(&server, "/idtoken?api-version=2.0"), &server);

    for _ in 0..2 {
        let token = credential.token(SCOPE, &deadline()).await.expect("a token");
        credential.reject(SCOPE, &token, &[], None);
    }

    let seen = server.seen();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].target.as_str()),
        ("GET", "/idtoken?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange")
    );
    assert_eq!(seen[0].headers["authorization"], "Bearer request-token-of-the-job");
    assert!(seen[1].body.contains(&format!("client_assertion={}&", oidc_token("workflow-0"))));
    assert!(seen[3].body.contains(&format!("client_assertion={}&", oidc_token("workflow-1"))));
}

#[tokio::test]
async fn keeps_the_audience_of_the_request_url() {
    let server = Server::start(|request, _| match request.is_token_request() {
        true => Reply::token("t"),
        false => Reply::json(200, &json!({"value": oidc_token("workflow")})),
    })
    .await;

    let settings = pipeline(&server, "/idtoken?audience=api://AzureADTokenExchangeChina");
    select(&settings, &server).token(SCOPE, &deadline()).await.expect("a token");

    assert_eq!(server.seen()[0].target, "/idtoken?audience=api://AzureADTokenExchangeChina");
}

#[tokio::test]
async fn keeps_the_service_connection_of_the_request_url() {
    let server = Server::start(|request, _| match request.is_token_request() {
        true => Reply::token("t"),
        false => Reply::json(200, &json!({"oidcToken": oidc_token("sc://contoso/soc/azure")})),
    })
    .await;
    let connection = Setting::new("other".to_owned(), Source::argument("ado_pipeline_service_connection_id"));
    let settings = Settings {
        oidc_azure_service_connection_id: Some(connection),
        ..pipeline(&server, "/oidctoken?serviceConnectionId=7b1c")
    };

    select(&settings, &server).token(SCOPE, &deadline()).await.expect("a token");

    assert_eq!(server.seen()[0].target, "/oidctoken?serviceConnectionId=7b1c&api-version=7.1");
}

#[tokio::test]
async fn azure_devops_pipeline_posts_its_service_connection() {
    let server = Server::start(|request, _| match request.is_token_request() {
        true => Reply::token("t"),
        false => Reply::json(200, &json!({"oidcToken": oidc_token("sc://contoso/soc/azure")})),
    })
    .await;
    let settings = Settings {
        oidc_azure_service_connection_id: Some(Setting::new(
            "7b1c".to_owned(),
            Source::argument("ado_pipeline_service_connection_id"),
        )),
        ..pipeline(&server, "/jobs/1/oidctoken")
    };

    select(&settings, &server).token(SCOPE, &deadline()).await.expect("a token");

    let seen = server.seen();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].target.as_str()),
        ("POST", "/jobs/1/oidctoken?api-version=7.1&serviceConnectionId=7b1c")
    );
    assert_eq!(seen[0].headers["x-tfs-fedauthredirect"], "Suppress");
    assert_eq!(seen[0].headers["content-length"], "0");
    assert!(seen[1].body.contains("client_assertion="));
}

/// The error of a pipeline whose token service sends this response.
async fn not_issued(path: &str, reply: fn() -> Reply) -> AuthenticationError {
    let server = Server::start(move |_, _| reply()).await;
    let connection = Setting::new("7b1c".to_owned(), Source::argument("ado_pipeline_service_connection_id"));
    let is_azure_devops = path.contains("oidctoken");
    let settings =
        Settings { oidc_azure_service_connection_id: is_azure_devops.then_some(connection), ..pipeline(&server, path) };
    let error = select(&settings, &server).token(SCOPE, &deadline()).await.expect_err("no OIDC token");
    assert_eq!(server.token_requests(), 0, "no request to Microsoft Entra");
    let Error::Authentication(error) = error else { panic!("{error:?}") };
    *error
}

#[tokio::test]
async fn error_of_the_token_endpoint_names_the_setting() {
    let token = Some("the environment variable ARM_OIDC_REQUEST_TOKEN");
    let url = Some("the environment variable ARM_OIDC_REQUEST_URL");
    let connection = Some("the argument `ado_pipeline_service_connection_id`");
    let said = || Reply::json(401, &json!({"message": "Not this request-token-of-the-job."}));
    let page = || Reply::text(203, "<html><title>Sign In</title></html>");
    let missing = || Reply::json(404, &json!({"message": "No such service connection."}));
    for (path, reply, argument, cause) in [
        ("/idtoken", said as fn() -> Reply, token, "Not this"),
        ("/oidctoken", page, token, "Sign In"),
        ("/oidctoken", missing, connection, "No such service connection."),
        ("/idtoken", missing, url, "No such service connection."),
        ("/idtoken", || Reply::text(200, "<html>"), url, "not JSON"),
        ("/idtoken", || Reply::json(200, &json!({"value": null})), url, "it has no value"),
        ("/oidctoken", || Reply::json(200, &json!({"value": "x"})), url, "it has no oidcToken"),
        ("/idtoken", || Reply::json(200, &json!({"value": "opaque"})), url, "is not a JSON Web Token"),
        ("/idtoken", || Reply::text(302, "").header("location", "https://evil.example/"), token, "no body"),
    ] {
        let error = not_issued(path, reply).await;

        assert_eq!(error.origin.as_deref(), argument, "{error}");
        assert!(error.to_string().contains(cause), "{error}");
        assert!(!crate::redaction::sanitize(&error.to_string()).contains("request-token-of-the-job"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn retries_server_errors_and_throttling_of_the_token_endpoint() {
    let server = Server::start(|request, before| match (request.is_token_request(), before) {
        (true, _) => Reply::token("t"),
        (false, 0) => Reply::text(503, "busy"),
        (false, 1) => Reply::text(429, "").header("retry-after", "3"),
        (false, _) => Reply::json(200, &json!({"value": oidc_token("workflow")})),
    })
    .await;

    select(&pipeline(&server, "/idtoken"), &server).token(SCOPE, &deadline()).await.expect("a token");

    assert_eq!(server.seen().len(), 4);
}
