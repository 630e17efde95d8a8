//! The data source against the simulated Azure.

use std::time::Duration;

use azure_simulator::{Alert, Effect, Severity};
use serde_json::json;

use super::*;
use crate::framework::{AttributeValue, SchemaKind, Value};
use crate::testing::Azure;

const SUBSCRIPTION: &str = "3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58";
const QUERIES: &str = "/loganalytics/v1/workspaces/";

#[test]
fn schema_is_valid() {
    assert_eq!(AlertSummaryDataSource.schema().problems(SchemaKind::DataSource), Vec::<String>::new());
}

/// A workspace that receives the alerts of one subscription.
async fn connected() -> Azure {
    let azure = Azure::start_empty().await;
    azure.put(
        "dataConnectors/legacy",
        json!({"kind": "AzureSecurityCenter", "properties":
            {"subscriptionId": SUBSCRIPTION, "dataTypes": {"alerts": {"state": "Enabled"}}}}),
    );
    azure
}

fn raise(azure: &Azure, severity: Severity) {
    azure.simulator.raise_alert(&Alert::new(SUBSCRIPTION).severity(severity));
}

async fn read_with(azure: &Azure, window: &str) -> Result<(State, Diagnostics), Diagnostics> {
    let context = Context::for_tests();
    let schema = AlertSummaryDataSource.schema();
    let window = super::super::window::Window::from_value(&Value::from(window)).expect("a window");
    let config = State::empty(&schema).with(&WORKSPACE_ID, azure.workspace()).with(&WINDOW, window);
    let state = AlertSummaryDataSource.read(&context, &azure.session(), config).await?;
    Ok((state, context.warnings()))
}

async fn read(azure: &Azure) -> (State, Diagnostics) {
    read_with(azure, "P7D").await.unwrap_or_else(|errors| panic!("{errors}"))
}

async fn error(azure: &Azure) -> String {
    read_with(azure, "P7D").await.expect_err("it fails").to_string()
}

#[tokio::test(start_paused = true)]
async fn counts_alerts() {
    let azure = connected().await;
    for severity in [Severity::High, Severity::High, Severity::Informational] {
        raise(&azure, severity);
    }

    let (state, warnings) = read(&azure).await;

    assert_eq!(state.get(&STATUS).as_deref(), Ok("receiving"));
    assert_eq!((state.get(&TOTAL), state.get(&IS_RECEIVING)), (Ok(3), Ok(Some(true))));
    assert_eq!(
        state.get(&BY_SUBSCRIPTION).map(|by| by.into_iter().collect::<Vec<_>>()),
        Ok(vec![(SUBSCRIPTION.to_owned(), 3)])
    );
    assert_eq!(state.get(&BY_SEVERITY).map(|by| by["High"]), Ok(2));
    assert_eq!(state.get(&BY_DAY).map(|days| (days.len(), days.iter().map(|day| day.total).sum::<i64>())), Ok((8, 3)));
    assert_eq!(state.get(&FROM_SUBSCRIPTION_CONNECTORS), Ok(1));
    assert!(state.get(&NEWEST).expect("a state").is_some_and(|newest| newest.ends_with('Z')));
    assert!(warnings.is_empty(), "{warnings}");
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_never_had_an_alert_has_no_table() {
    let azure = connected().await;

    let (state, warnings) = read(&azure).await;

    assert_eq!(state.get(&STATUS).as_deref(), Ok("no_table"));
    assert_eq!((state.get(&TOTAL), state.get(&IS_RECEIVING), state.get(&NEWEST)), (Ok(0), Ok(Some(false)), Ok(None)));
    assert!(warnings.is_empty(), "{warnings}");
}

#[tokio::test(start_paused = true)]
async fn ignores_alerts_before_the_window() {
    let azure = connected().await;
    raise(&azure, Severity::High);
    azure.simulator.advance_clock(Duration::from_secs(2 * 3600));

    let (state, _) = read_with(&azure, "PT1H").await.expect("a summary");

    assert_eq!(state.get(&STATUS).as_deref(), Ok("no_alerts"));
    assert_eq!((state.get(&TOTAL), state.get(&IS_RECEIVING)), (Ok(0), Ok(Some(false))));
}

#[tokio::test(start_paused = true)]
async fn a_partial_result_without_alerts_is_unknown() {
    let azure = connected().await;
    raise(&azure, Severity::High);
    azure.simulator.patch_world(json!({"behaviors": {"query_row_limit": 0}}));

    let (state, warnings) = read(&azure).await;

    assert_eq!(state.get(&STATUS).as_deref(), Ok("unknown"));
    assert_eq!((state.get(&IS_RECEIVING), state.get(&IS_PARTIAL)), (Ok(None), Ok(true)));
    let warning = warnings.to_string();
    assert!(warning.contains("only a part of the result") && warning.contains("set limit of 0 records"), "{warning}");
}

#[tokio::test(start_paused = true)]
async fn a_partial_result_without_a_table_is_unknown() {
    let azure = connected().await;
    let error =
        json!({"code": "PartialError", "message": "Some errors", "details": [{"code": "E", "message": "stopped"}]});
    azure.fault("POST", QUERIES, Effect::new().json(json!({"tables": [], "error": error})));

    let (state, warnings) = read(&azure).await;

    assert_eq!((state.get(&STATUS).as_deref(), state.get(&IS_RECEIVING)), (Ok("unknown"), Ok(None)));
    assert!(warnings.to_string().contains("stopped"), "{warnings}");
}

#[tokio::test(start_paused = true)]
async fn distinguishes_missing_workspace_and_table_permissions() {
    let azure = connected().await;
    raise(&azure, Severity::High);
    let workspace = azure.simulator.workspace("law-soc");
    let read = "Microsoft.OperationalInsights/workspaces/read";
    azure.simulator.patch_world(json!({"roles": {
        "no queries": {"actions": [read]},
        "no table": {"actions": [read, "Microsoft.OperationalInsights/workspaces/query/read"]},
    }}));

    let principal = azure.simulator.state()["world"]["applications"][0]["object_id"].clone();
    let assign = |role: &str| {
        let assignment = json!({"principal_id": principal, "scope": workspace, "role": role});
        azure.simulator.patch_world(json!({"role_assignments": [assignment]}));
    };

    assign("no queries");
    let on_workspace = error(&azure).await;
    assign("no table");
    let on_table = error(&azure).await;

    assert!(on_workspace.starts_with("workspace_id: Missing permission to query the workspace"), "{on_workspace}");
    assert!(on_workspace.contains("InsufficientAccessError"), "{on_workspace}");
    assert!(on_table.starts_with("workspace_id: Missing permission to read a table"), "{on_table}");
    assert!(on_table.contains("workspaces/query/SecurityAlert/read"), "{on_table}");
}

#[tokio::test(start_paused = true)]
async fn a_workspace_without_public_network_access_is_an_error() {
    let azure = connected().await;
    let id = azure.simulator.workspace("law-soc");
    let mut document = azure.simulator.document(&id).expect("the workspace");
    document["properties"]["publicNetworkAccessForQuery"] = json!("Disabled");
    azure.simulator.put_document(&id, document);

    let error = error(&azure).await;

    assert!(error.contains("accepts no queries from this network"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn retries_temporary_errors_but_not_slow_queries() {
    let azure = connected().await;
    raise(&azure, Severity::High);
    azure.fault_once("POST", QUERIES, Effect::new().error(503, "ServiceUnavailable", "later"));
    assert_eq!(read(&azure).await.0.get(&TOTAL), Ok(1));

    azure.simulator.clear_requests();
    azure.fault("POST", QUERIES, Effect::new().error(504, "GatewayTimeout", "The query took too long"));
    let error = error(&azure).await;

    assert!(error.contains("The query took too long") && error.contains("timeouts { read"), "{error}");
    assert_eq!(azure.methods(QUERIES), "POST");
}

#[tokio::test(start_paused = true)]
async fn requests_a_time_limit_and_denied_tables() {
    let azure = connected().await;

    read(&azure).await;

    let requests = azure.simulator.requests();
    let query = requests.iter().find(|request| request.path.starts_with(QUERIES)).expect("a query");
    assert_eq!(query.header("prefer"), Some("wait=600,include-permissions=true"));
    assert_eq!(azure.methods("/oauth2/v2.0/token"), "POST POST", "one token for each audience");
}
