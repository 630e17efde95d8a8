//! The document of `--json`, which has the documented members for every result.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::console::{Azure, Ended, ended};
use crate::portals;

const GUIDE: &str = include_str!("../../docs/guides/learn-what-your-portal-sends.md");

/// Parses a document, and checks the rules for all documents.
#[track_caller]
pub(crate) fn read(stdout: &str) -> Value {
    let document: Value = serde_json::from_str(stdout).expect("one JSON document");
    let members: BTreeSet<&str> = document.as_object().expect("an object").keys().map(String::as_str).collect();
    let documented: BTreeSet<&str> = GUIDE
        .lines()
        .skip_while(|line| !line.starts_with("| Member |"))
        .skip(2)
        .map_while(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(members, documented, "{document:#}");
    assert!(document["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{document:#}");
    for list in ["notes", "changes", "api_versions", "unsupported_api_versions"] {
        assert!(document[list].is_array(), "{list}: {document:#}");
    }
    assert_eq!(document["is_default"].is_boolean(), document["result"] == "contract", "{document:#}");
    assert_eq!(document["contract"].is_null(), document["hcl"].is_null(), "{document:#}");
    document
}

/// Runs `record`, selects **Connect** while the command polls, and returns its result.
async fn record_with_click(portal: Value, options: &[&str]) -> Ended {
    let azure = Azure::with_portal(portal).await;
    let workspace = azure.simulator.workspace("law-soc");
    let arguments = [&["record", "--json", "--interval", "100ms", "--workspace-id", workspace.as_str()], options];
    let running = tokio::spawn(ended(azure.command(&arguments.concat())));
    azure.listed(6).await;

    azure.simulator.portal_connect(&workspace);

    let ended = running.await.expect("it ends");
    azure.assert_masked(&ended.stdout);
    ended
}

#[tokio::test(flavor = "multi_thread")]
async fn contract_includes_its_block_and_changes() {
    for (portal, is_default) in [(portals::default(), true), (portals::other_provider(), false)] {
        let ended = record_with_click(portal, &[]).await;

        let document = read(&ended.stdout);
        assert_eq!((ended.code, &document["result"]), (Some(0), &json!("contract")));
        assert_eq!(document["is_default"], is_default);
        assert_eq!(document["contract"].is_null(), is_default);
        assert_eq!(document["changes"][0]["after"]["properties"]["tenantId"], "(tenant ID)");
        assert_eq!(document["api_versions"], json!(["2025-10-01-preview", "2026-08-01-preview", "2026-07-01"]));
        assert!(document["notes"][0].as_str().expect("a note").contains("adopt_existing"), "{document:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guide_shows_actual_members() {
    let (_, rest) = GUIDE.split_once("```json\n").expect("the guide shows a document");
    let (shown, _) = rest.split_once("```").expect("the block ends");
    let shown: Value = serde_json::from_str(shown).expect("the guide shows valid JSON");

    let ended = record_with_click(portals::other_provider(), &[]).await;

    let document = read(&ended.stdout);
    for (member, value) in shown.as_object().expect("the guide shows an object") {
        assert_eq!(&document[member], value, "{member}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn inexpressible_result_includes_an_issue() {
    let ended = record_with_click(portals::two_documents(), &[]).await;

    let document = read(&ended.stdout);
    assert_eq!((ended.code, &document["result"]), (Some(4), &json!("inexpressible")));
    assert!(document["issue"].as_str().expect("an issue").contains("(tenant ID)"), "{document:#}");
    assert!(document["reason"].as_str().expect("a reason").starts_with("2 data connectors"), "{document:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn timeout_includes_causes_and_warnings() {
    let azure = Azure::with_portal(portals::nothing()).await;

    let ended = azure.run("record", "law-portal", &["--json", "--interval", "100ms", "--timeout", "500ms"]).await;

    let document = read(&ended.stdout);
    assert_eq!((ended.code, &document["result"]), (Some(3), &json!("nothing_changed")));
    assert!(document["reason"].as_str().expect("a reason").contains("Possible causes"), "{document:#}");
    assert!(
        document["notes"][0].as_str().expect("a note").starts_with("The Defender XDR connector is already connected.")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_has_the_same_members_as_record() {
    let azure = Azure::with_portal(portals::default()).await;

    for (workspace, code, result) in [("law-portal", 0, "contract"), ("law-soc", 3, "not_connected")] {
        let ended = azure.run("check", workspace, &["--json"]).await;

        let document = read(&ended.stdout);
        assert_eq!((ended.code, &document["result"]), (Some(code), &json!(result)));
        assert_eq!((&document["command"], &document["changes"]), (&json!("check"), &json!([])));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn error_is_masked_on_stdout_and_complete_on_stderr() {
    let azure = Azure::with_portal(portals::default()).await;
    let unknown = azure.simulator.workspace("law-soc").replace("law-soc", "law-none");
    azure.remove_page("law-soc");
    let mut without_credentials = azure.command(&["check", "--json", "--workspace-id", &unknown]);
    without_credentials.env_remove("ARM_CLIENT_SECRET").env("ARM_USE_CLI", "false");

    for (ended, expected) in [
        (ended(without_credentials).await, "ARM_USE_OIDC is not true"),
        (ended(azure.command(&["check", "--json", "--workspace-id", &unknown])).await, "Resource not found"),
        (ended(azure.command(&["record", "--json", "--workspace-id", &unknown])).await, "Resource not found"),
        (azure.run("record", "law-soc", &["--json"]).await, "The connector page is missing"),
    ] {
        let document = read(&ended.stdout);
        assert_eq!((ended.code, &document["result"]), (Some(1), &json!("error")), "{ended:?}");
        assert!(document["reason"].as_str().expect("a reason").contains(expected), "{ended:?}");
        assert!(ended.stderr.contains(expected), "{ended:?}");
        azure.assert_masked(&ended.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_arguments_print_no_document() {
    let azure = Azure::with_portal(portals::default()).await;

    let ended = ended(azure.command(&["check", "--json"])).await;

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
}
