//! The data source against the simulated Azure.

use azure_simulator::{Alert, Effect};
use serde_json::json;

use super::*;
use crate::framework::SchemaKind;
use crate::log_analytics::Timespan;
use crate::testing::Azure;

const SUBSCRIPTION: &str = "3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58";

#[test]
fn schema_is_valid() {
    assert_eq!(LogQueryDataSource.schema().problems(SchemaKind::DataSource), Vec::<String>::new());
}

/// A workspace with three alerts.
async fn azure() -> Azure {
    let azure = Azure::start_empty().await;
    azure.put(
        "dataConnectors/legacy",
        json!({"kind": "AzureSecurityCenter", "properties":
            {"subscriptionId": SUBSCRIPTION, "dataTypes": {"alerts": {"state": "Enabled"}}}}),
    );
    for name in ["One", "Two", "Three"] {
        azure.simulator.raise_alert(&Alert::new(SUBSCRIPTION).display_name(name));
    }
    azure
}

fn config(azure: &Azure, query: &str) -> State {
    State::empty(&LogQueryDataSource.schema())
        .with(&WORKSPACE_ID, azure.workspace())
        .with(&QUERY, query.to_owned())
        .with(&MAX_ROWS, 1000)
}

async fn read(azure: &Azure, config: State) -> Result<(State, Diagnostics), Diagnostics> {
    let context = Context::for_tests();
    let state = LogQueryDataSource.read(&context, &azure.session(), config).await?;
    Ok((state, context.warnings()))
}

async fn error(azure: &Azure, query: &str) -> String {
    read(azure, config(azure, query)).await.expect_err("it fails").to_string()
}

#[tokio::test(start_paused = true)]
async fn returns_columns_and_rows() {
    let azure = azure().await;
    let query = "SecurityAlert | order by AlertName asc | project AlertName, IsIncident, ConfidenceScore, N = 1";

    let (state, warnings) = read(&azure, config(&azure, query)).await.expect("a result");

    let columns = state.get(&COLUMNS).expect("columns");
    let columns: Vec<_> = columns.iter().map(|column| (column.name.as_str(), column.kind.as_str())).collect();
    assert_eq!(columns, [("AlertName", "string"), ("IsIncident", "bool"), ("ConfidenceScore", "real"), ("N", "long")]);
    let rows = state.get(&ROWS).expect("rows");
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["AlertName"].as_deref(), Some("One"));
    assert_eq!((rows[0]["IsIncident"].as_deref(), &rows[0]["ConfidenceScore"]), (Some("false"), &None));
    let json: serde_json::Value = serde_json::from_str(&state.get(&ROWS_JSON).expect("rows")).expect("JSON");
    assert_eq!(json[2], json!({"AlertName": "Two", "IsIncident": false, "ConfidenceScore": null, "N": 1}));
    assert_eq!(state.get(&IS_PARTIAL), Ok(false));
    assert!(warnings.is_empty(), "{warnings}");
}

#[tokio::test(start_paused = true)]
async fn truncates_rows_beyond_max_rows_with_a_warning() {
    let azure = azure().await;

    let config = config(&azure, "SecurityAlert | project AlertName").with(&MAX_ROWS, 2);
    let (state, warnings) = read(&azure, config).await.expect("a result");

    assert_eq!((state.get(&ROWS).map(|rows| rows.len()), state.get(&IS_PARTIAL)), (Ok(2), Ok(true)));
    assert!(warnings.to_string().contains("returned 3 rows"), "{warnings}");
}

#[tokio::test(start_paused = true)]
async fn a_result_that_azure_truncates_is_partial() {
    let azure = azure().await;
    azure.simulator.patch_world(json!({"behaviors": {"query_row_limit": 1}}));

    let (state, warnings) = read(&azure, config(&azure, "SecurityAlert")).await.expect("a result");

    assert_eq!((state.get(&ROWS).map(|rows| rows.len()), state.get(&IS_PARTIAL)), (Ok(1), Ok(true)));
    assert!(warnings.to_string().contains("exceed the set limit of 1 records"), "{warnings}");
}

#[tokio::test(start_paused = true)]
async fn reports_an_invalid_query_with_its_position() {
    let azure = azure().await;

    let syntax = error(&azure, "SecurityAlert\n| wher x == 1").await;
    let column = error(&azure, "SecurityAlert | where Nope == 1").await;
    let table = error(&azure, "Heartbeat | count").await;

    assert!(syntax.starts_with("query: Invalid query"), "{syntax}");
    assert!(syntax.contains("Line 2, column 3:\n  | wher x == 1\n    ^\n"), "{syntax}");
    assert!(column.contains("Failed to resolve column or scalar expression named 'Nope'"), "{column}");
    assert!(table.starts_with("query: ") && table.contains("no table or function `Heartbeat`"), "{table}");
}

#[tokio::test(start_paused = true)]
async fn the_timespan_limits_the_rows() {
    let azure = azure().await;
    azure.simulator.advance_clock(std::time::Duration::from_secs(7200));

    let config = config(&azure, "SecurityAlert | count").with(&TIMESPAN, Timespan::parse("PT1H").ok());
    let (state, _) = read(&azure, config).await.expect("a result");

    assert_eq!(state.get(&ROWS).map(|rows| rows[0]["Count"].clone()), Ok(Some("0".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_denied_table_is_an_error() {
    let azure = azure().await;
    let permissions = json!({"dataSources": [{"denyTables": ["SecurityAlert"]}]});
    let table = json!([{"name": "PrimaryResult", "columns": [], "rows": []}]);
    azure.fault("POST", "/query", Effect::new().json(json!({"tables": table, "permissions": permissions})));

    let error = error(&azure, "SecurityAlert").await;

    assert!(error.contains("not to read the table `SecurityAlert`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn columns_with_the_same_name_are_an_error() {
    let azure = azure().await;
    let column = json!({"name": "A", "type": "long"});
    let table = json!([{"name": "PrimaryResult", "columns": [column, column], "rows": [[1, 2]]}]);
    azure.fault("POST", "/query", Effect::new().json(json!({"tables": table})));

    let error = error(&azure, "SecurityAlert").await;

    assert!(error.starts_with("query: Several columns have the same name") && error.contains("called `A`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn further_results_are_a_warning() {
    let azure = azure().await;
    let table = json!({"name": "PrimaryResult", "columns": [{"name": "A", "type": "long"}], "rows": [[1]]});
    azure.fault("POST", "/query", Effect::new().json(json!({"tables": [table, table]})));

    let (state, warnings) = read(&azure, config(&azure, "SecurityAlert")).await.expect("a result");

    assert_eq!((state.get(&ROWS).map(|rows| rows.len()), state.get(&IS_PARTIAL)), (Ok(1), Ok(true)));
    assert!(warnings.to_string().contains("returned 2 results"), "{warnings}");
}

#[tokio::test(start_paused = true)]
async fn a_result_that_is_too_large_is_an_error() {
    let azure = azure().await;
    azure.fault("POST", "/query", Effect::new().json(json!({"tables": "x".repeat(17 * 1024 * 1024)})));

    let error = error(&azure, "SecurityAlert").await;

    assert!(error.starts_with("query: The result of the query is too large"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn looks_up_the_customer_id_once() {
    let azure = azure().await;
    let (session, context) = (azure.session(), Context::for_tests());

    for _ in 0..2 {
        let config = config(&azure, "SecurityAlert | count");
        LogQueryDataSource.read(&context, &session, config).await.expect("a result");
    }

    assert_eq!(azure.methods("/subscriptions/"), "GET");
    assert_eq!(azure.methods("/loganalytics/"), "POST POST");
}

#[tokio::test(start_paused = true)]
async fn a_missing_workspace_is_an_error_on_workspace_id() {
    let azure = azure().await;
    let config = config(&azure, "SecurityAlert");
    azure.simulator.delete_document(&azure.simulator.workspace("law-soc"));

    let error = read(&azure, config).await.expect_err("it fails").to_string();

    assert!(error.starts_with("workspace_id: ") && error.contains("ResourceNotFound"), "{error}");
}
