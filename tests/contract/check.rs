//! Tests of `contract check`.

use serde_json::{Value, json};

use crate::console::Azure;
use crate::portals;

#[tokio::test(flavor = "multi_thread")]
async fn prints_the_contract_of_a_connected_workspace() {
    let azure = Azure::with_portal(portals::dedicated_kind()).await;

    let default = azure.run("check", "law-portal", &[]).await;
    assert_eq!(default.code, Some(0), "{default:?}");
    assert!(default.stdout.contains("This is the default contract"), "{default:?}");

    azure.simulator.portal_connect(&azure.simulator.workspace("law-soc"));
    let own = azure.run("check", "law-soc", &["--json"]).await;
    let result: Value = serde_json::from_str(&own.stdout).expect("JSON");
    assert_eq!((&result["command"], &result["result"]), (&json!("check"), &json!("contract")));
    assert_eq!(result["contract"], json!({"kind": portals::DEDICATED_KIND}));
    azure.assert_masked(&own.stdout);
    azure.assert_only_read();
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_a_workspace_that_is_not_connected() {
    let azure = Azure::with_portal(portals::default()).await;

    let ended = azure.run("check", "law-soc", &[]).await;

    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.stdout.contains("The workspace is not connected"), "{ended:?}");
    assert_eq!(ended.stderr, "");
}
