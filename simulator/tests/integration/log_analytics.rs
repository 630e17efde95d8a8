//! Queries of Log Analytics: tokens, permissions, results and errors.

use azure_simulator::{Alert, Severity};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Azure, Reply, send};

/// A subscription without its own connector, so that its alerts arrive once.
const SUBSCRIPTION: &str = "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";
/// Customer ID of `law-portal`, which receives the alerts of the tenant.
const CUSTOMER_ID: &str = "26b0d9e5-8f7c-4a31-9e64-1c5f7a3b8d40";

async fn azure() -> Azure {
    let azure = Azure::start().await;
    for severity in [Severity::High, Severity::Low] {
        azure.simulator.raise_alert(&Alert::new(SUBSCRIPTION).severity(severity));
    }
    azure
}

/// A token of the first application for this scope.
async fn token(azure: &Azure, scope: &str) -> String {
    azure.token(&[("scope", scope)]).await
}

async fn post(azure: &Azure, token: &str, customer_id: &str, body: &Value) -> Reply {
    let url = format!("{}/loganalytics/v1/workspaces/{customer_id}/query", azure.endpoint());
    send(azure.http.post(url).bearer_auth(token).header("prefer", "wait=30, include-permissions=true").json(body)).await
}

async fn query(azure: &Azure, text: &str) -> Reply {
    let token = token(azure, &format!("{}/loganalytics/.default", azure.endpoint())).await;
    post(azure, &token, CUSTOMER_ID, &json!({"query": text})).await
}

#[tokio::test]
async fn returns_columns_and_rows() {
    let azure = azure().await;

    let reply =
        query(&azure, "SecurityAlert | summarize Alerts = count() by AlertSeverity | order by AlertSeverity asc").await;

    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(
        reply.body["tables"],
        json!([{
            "name": "PrimaryResult",
            "columns": [{"name": "AlertSeverity", "type": "string"}, {"name": "Alerts", "type": "long"}],
            "rows": [["High", 1], ["Low", 1]],
        }])
    );
    assert_eq!(reply.body["permissions"]["dataSources"][0].get("denyTables"), None);
}

#[tokio::test]
async fn rejects_a_token_for_resource_manager() {
    let azure = azure().await;
    let body = json!({"query": "print 1"});

    for scope in ["https://api.loganalytics.io/.default", "https://api.loganalytics.azure.com/.default"] {
        let token = token(&azure, scope).await;
        assert_eq!(post(&azure, &token, CUSTOMER_ID, &body).await.status, 200, "{scope}");
    }
    let for_arm = token(&azure, &format!("{}/.default", azure.endpoint())).await;
    let reply = post(&azure, &for_arm, CUSTOMER_ID, &body).await;
    assert_eq!((reply.status, reply.code()), (403, "InvalidTokenError"));
    let for_logs = token(&azure, "https://api.loganalytics.io/.default").await;
    let url = format!("{}/subscriptions?api-version=2022-12-01", azure.endpoint());
    assert_eq!(send(azure.http.get(url).bearer_auth(for_logs)).await.code(), "InvalidAuthenticationTokenAudience");
}

#[tokio::test]
async fn requires_a_token() {
    let azure = azure().await;

    let reply = send(azure.http.post(format!("{}/v1/workspaces/{CUSTOMER_ID}/query", azure.endpoint()))).await;

    assert_eq!((reply.status, reply.code()), (401, "AuthorizationRequiredError"));
    assert!(reply.headers.contains_key("www-authenticate"));
    let token = token(&azure, "https://api.loganalytics.io/.default").await;
    azure.advance(4000).await;
    let expired = post(&azure, &token, CUSTOMER_ID, &json!({"query": "print 1"})).await;
    assert_eq!((expired.status, expired.code()), (401, "InvalidTokenError"));
}

#[tokio::test]
async fn error_in_the_query_has_a_position() {
    let azure = azure().await;

    let syntax = query(&azure, "completely invalid syntax").await;
    let semantic = query(&azure, "SecurityIncident | where x == 1").await;
    let pattern = query(&azure, "SecurityAlert | where AlertName matches regex '('").await;
    let not_simulated = query(&azure, "SecurityAlert | lookup SecurityIncident on x").await;

    assert_eq!((syntax.status, syntax.code()), (400, "BadArgumentError"));
    let inner = &syntax.body["error"]["innererror"];
    assert_eq!(inner["code"], "SyntaxError");
    assert_eq!(
        inner["innererror"],
        json!({"code": "SYN0002", "message": "Query could not be parsed at 'invalid' on line [1,11]",
            "line": 1, "pos": 11, "token": "invalid"})
    );
    let inner = &semantic.body["error"]["innererror"];
    assert_eq!((&inner["code"], &inner["innererror"]["code"]), (&json!("SemanticError"), &json!("SEM0100")));
    let inner = &pattern.body["error"]["innererror"];
    assert_eq!((pattern.status, pattern.code()), (400, "BadArgumentError"));
    assert_eq!((&inner["code"], &inner["innererror"]["code"]), (&json!("SemanticError"), &json!("SEM0420")));
    let inner = &not_simulated.body["error"]["innererror"]["innererror"];
    assert_eq!((not_simulated.status, &inner["pos"], &inner["token"]), (400, &json!(16), &json!("lookup")));
}

#[tokio::test]
async fn table_without_rows_does_not_exist() {
    let azure = Azure::start().await;

    let reply = query(&azure, "SecurityAlert | where AlertSeverity == 'High'").await;

    let expected = "'where' operator: Failed to resolve table or column expression named 'SecurityAlert'";
    assert_eq!(reply.body["error"]["innererror"]["innererror"]["message"], expected);
}

#[tokio::test]
async fn omits_tables_that_the_caller_may_not_read() {
    let azure = azure().await;
    let action = |name: &str| format!("Microsoft.OperationalInsights/workspaces/{name}");
    let principal = "71c9b2e4-3a5f-4d86-8e07-9f4d1a6c5b30";
    let assignment = json!({"principal_id": principal, "scope": azure.workspace("law-portal"), "role": "queries"});
    azure.simulator.patch_world(json!({
        "roles": {"queries": {"actions": [action("query/read")]}}, "role_assignments": [assignment],
    }));

    let without_table = query(&azure, "SecurityAlert | count").await;
    azure.simulator.patch_world(json!({"roles": {"queries": {"actions": [action("read")]}}}));
    let without_queries = query(&azure, "SecurityAlert | count").await;

    assert_eq!(without_table.body["tables"][0]["rows"], json!([[0]]));
    assert_eq!(without_table.body["permissions"]["dataSources"][0]["denyTables"], json!(["SecurityAlert"]));
    assert_eq!((without_queries.status, without_queries.code()), (403, "InsufficientAccessError"));
}

#[tokio::test]
async fn timespan_limits_the_rows() {
    let azure = azure().await;
    azure.advance(3600).await;
    let token = token(&azure, "https://api.loganalytics.io/.default").await;

    for (timespan, expected) in [("PT2H", 2), ("PT30M", 0), ("2020-01-01/2020-01-02", 0), ("2020-01-01/P40000D", 2)] {
        let body = json!({"query": "SecurityAlert | count", "timespan": timespan});
        let reply = post(&azure, &token, CUSTOMER_ID, &body).await;
        assert_eq!(reply.body["tables"][0]["rows"], json!([[expected]]), "{timespan}: {reply:?}");
    }
    let reply = post(&azure, &token, CUSTOMER_ID, &json!({"query": "SecurityAlert", "timespan": "7d"})).await;
    assert_eq!((reply.status, reply.code()), (400, "BadArgumentError"));
}

#[tokio::test]
async fn result_with_too_many_rows_is_partial() {
    let azure = azure().await;
    azure.simulator.patch_world(json!({"behaviors": {"query_row_limit": 1}}));

    let reply = query(&azure, "SecurityAlert").await;

    assert_eq!((reply.status, reply.code()), (200, "PartialError"));
    assert_eq!(reply.body["tables"][0]["rows"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn rejects_other_paths_and_workspaces() {
    let azure = azure().await;
    let token = token(&azure, "https://api.loganalytics.io/.default").await;
    let body = json!({"query": "print 1"});

    assert_eq!(post(&azure, &token, "00000000-0000-0000-0000-000000000000", &body).await.code(), "PathNotFoundError");
    assert_eq!(post(&azure, &token, CUSTOMER_ID, &json!({})).await.code(), "BadArgumentError");
    let url = format!("{}/loganalytics/v1/workspaces/{CUSTOMER_ID}/metadata", azure.endpoint());
    assert_eq!(send(azure.http.request(Method::GET, url)).await.status, 404);
    let mut document = azure.document(azure.workspace("law-portal"));
    document["properties"]["publicNetworkAccessForQuery"] = json!("Disabled");
    azure.simulator.put_document(azure.workspace("law-portal"), document);
    let reply = post(&azure, &token, CUSTOMER_ID, &body).await;
    assert_eq!(reply.body["error"]["innererror"]["code"], "NspValidationFailedError");
}

#[tokio::test]
async fn metadata_names_the_endpoint() {
    let azure = Azure::start().await;

    let metadata =
        send(azure.http.get(format!("{}/metadata/endpoints?api-version=2022-09-01", azure.endpoint()))).await;

    assert_eq!(metadata.body["logAnalyticsResourceId"], format!("{}/loganalytics", azure.endpoint()));
}
