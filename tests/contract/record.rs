//! Tests of `contract record`, which detects a click in the portal between two lists of the data connectors.

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::console::{Azure, Ended, ended};
use crate::json::read;
use crate::portals;
use crate::terminal::Session;

/// Options with a timeout for a busy machine. A command that finds a change ends earlier.
const LONG_TIMEOUT: [&str; 4] = ["--interval", "100ms", "--timeout", "30s"];

/// Options for clicks that change nothing, because the command then waits until the timeout.
const SHORT_TIMEOUT: [&str; 4] = ["--interval", "100ms", "--timeout", "3s"];

/// Selects **Connect** while the command waits for Enter in a terminal, presses Enter, and returns the exit code and
/// the result.
async fn recorded(portal: Value) -> (Option<i32>, String) {
    let azure = Azure::with_portal(portal).await;
    let workspace = azure.simulator.workspace("law-soc");
    let arguments = ["record", "--workspace-id", &workspace, "--interval", "100ms", "--timeout", "20s"];
    let mut session = Session::start(azure.command(&arguments));
    session.shows("Waiting for Enter").await;

    azure.simulator.portal_connect(&workspace);
    session.press_enter();

    let (code, stdout) = session.ended().await;
    azure.assert_only_read();
    azure.assert_masked(&stdout);
    (code, stdout)
}

/// Selects **Connect** while the command polls, and returns its result.
async fn polled(azure: &Azure, options: &[&str]) -> Ended {
    let workspace = azure.simulator.workspace("law-soc");
    let arguments = [&["record", "--workspace-id", workspace.as_str()], options].concat();
    let running = tokio::spawn(ended(azure.command(&arguments)));
    azure.listed(6).await;

    azure.simulator.portal_connect(&workspace);

    let ended = running.await.expect("it ends");
    azure.assert_only_read();
    azure.assert_masked(&ended.stdout);
    ended
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_the_default_contract() {
    let (code, stdout) = recorded(portals::default()).await;

    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("This is the default contract: nothing needs to be set."), "{stdout}");
    assert!(stdout.contains("+ MicrosoftThreatProtection"), "{stdout}");
    assert!(stdout.contains(r#"properties.filteredProviders.alerts = ["microsoftDefenderForCloud"]"#), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prints_the_contract_of_another_provider() {
    let (code, stdout) = recorded(portals::other_provider()).await;

    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("  contract = {\n    provider = \"azureDefender\"\n  }\n"), "{stdout}");
    let guide = include_str!("../../docs/guides/learn-what-your-portal-sends.md");
    assert!(guide.contains(&stdout), "the guide shows this run: {stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prints_the_contract_of_a_dedicated_kind() {
    let (code, stdout) = recorded(portals::dedicated_kind()).await;

    assert_eq!(code, Some(0), "{stdout}");
    let block = format!("  contract = {{\n    kind = \"{}\"\n  }}\n", portals::DEDICATED_KIND);
    assert!(stdout.contains(&block), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prints_an_issue_about_two_documents() {
    let (code, stdout) = recorded(portals::two_documents()).await;

    assert_eq!(code, Some(4), "{stdout}");
    for expected in ["No contract expresses this. 2 data connectors", "Contract report", "(tenant ID)", "```json"] {
        assert!(stdout.contains(expected), "{expected}: {stdout}");
    }
    let (_, json) = stdout.split_once("```json\n").expect("a block");
    let (json, _) = json.split_once("```").expect("its end");
    let documents: Value = serde_json::from_str(json).expect("the documents are JSON");
    assert_eq!(documents.as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_that_nothing_changed() {
    let azure = Azure::with_portal(portals::nothing()).await;

    let ended = polled(&azure, &SHORT_TIMEOUT).await;

    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.stdout.contains("Nothing relevant changed."), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_for_enter_no_longer_than_the_timeout() {
    let azure = Azure::with_portal(portals::default()).await;
    let workspace = azure.simulator.workspace("law-soc");
    let arguments = ["record", "--workspace-id", &workspace, "--interval", "100ms", "--timeout", "1500ms"];

    let (code, stdout) = Session::start(azure.command(&arguments)).ended().await;

    assert_eq!(code, Some(3), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_without_a_terminal_and_shows_progress_on_stderr() {
    let azure = Azure::with_portal(portals::default()).await;

    let ended = polled(&azure, &["--interval", "100ms"]).await;

    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stderr.contains("Waiting for Connect"), "{ended:?}");
    assert!(!ended.stdout.contains("Waiting"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_in_a_terminal_on_request() {
    let azure = Azure::with_portal(portals::default()).await;
    let workspace = azure.simulator.workspace("law-soc");
    let arguments = ["record", "--poll", "--workspace-id", &workspace, "--interval", "100ms"];
    let mut session = Session::start(azure.command(&arguments));
    session.shows("\rWaiting for Connect (1 s)").await;

    azure.simulator.portal_connect(&workspace);

    assert_eq!(session.ended().await.0, Some(0), "{}", session.screen());
}

#[tokio::test(flavor = "multi_thread")]
async fn error_while_waiting_starts_on_a_new_line() {
    let azure = Azure::with_portal(portals::default()).await;
    let workspace = azure.simulator.workspace("law-soc");
    let arguments = ["record", "--poll", "--workspace-id", &workspace, "--interval", "100ms"];
    let mut session = Session::start(azure.command(&arguments));
    session.shows("\rWaiting for Connect").await;

    let error = azure_simulator::Effect::new().error(400, "BadRequest", "no");
    azure.simulator.add_fault(azure_simulator::Fault::new(error).method("GET").path("/dataConnectors"));

    assert_eq!(session.ended().await, (Some(1), String::new()), "{}", session.screen());
    session.shows("\u{1b}[K\r\nerror: ").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ignores_changes_of_other_connectors() {
    let azure = Azure::with_portal(portals::other_provider()).await;
    let workspace = azure.simulator.workspace("law-soc");
    let arguments = ["record", "--workspace-id", &workspace, "--interval", "100ms", "--json"];
    let running = tokio::spawn(ended(azure.command(&arguments)));
    azure.listed(6).await;
    let id = format!("{workspace}/providers/Microsoft.SecurityInsights/dataConnectors/office");
    let properties = json!({"dataTypes": {"exchange": {"state": "Enabled"}}});
    azure.simulator.put_document(&id, json!({"kind": "Office365", "properties": properties}));
    let seen = azure.simulator.count_requests("GET", "/dataConnectors?");
    azure.listed(seen + 9).await;
    assert!(!running.is_finished(), "it still waits for the click");

    azure.simulator.portal_connect(&workspace);

    let ended = running.await.expect("it ends");
    let result = read(&ended.stdout);
    assert_eq!(result["contract"], json!({"provider": "azureDefender"}));
    assert!(result["notes"][0].as_str().expect("a note").contains("Office365"), "{result:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn omits_an_unsupported_api_version() {
    let azure = Azure::with_portal(portals::default()).await;
    let error = azure_simulator::Effect::new().error(
        400,
        "NoRegisteredProviderFound",
        "No registered resource provider found for location 'x' and API version '2026-08-01-preview'.",
    );
    azure.simulator.add_fault(azure_simulator::Fault::new(error).method("GET").path("2026-08-01-preview"));

    let ended = polled(&azure, &LONG_TIMEOUT).await;

    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("does not have the API versions 2026-08-01-preview"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn warns_if_the_defender_xdr_connector_is_connected() {
    let azure = Azure::with_portal(portals::default()).await;

    let ended = azure.run("record", "law-portal", &["--interval", "100ms", "--timeout", "500ms"]).await;

    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.stderr.contains("warning: The Defender XDR connector is already connected"), "{ended:?}");
    assert_eq!(ended.stderr.matches("warning: ").count(), 1, "one fact, one warning: {ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_cancel_with_exit_code_130() {
    for (options, waiting, signal) in
        [(&["--poll"][..], "Waiting for Connect", Signal::TERM), (&[], "Waiting for Enter", Signal::INT)]
    {
        let azure = Azure::with_portal(portals::default()).await;
        let workspace = azure.simulator.workspace("law-soc");
        let arguments = [&["record", "--json", "--workspace-id", workspace.as_str()], options].concat();
        let mut session = Session::start(azure.command(&arguments));
        session.shows(waiting).await;
        let pid = session.process.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("it runs");

        kill_process(pid, signal).expect("it is our process");

        let (code, stdout) = session.ended().await;
        assert_eq!((code, read(&stdout)["result"].as_str()), (Some(130), Some("canceled")), "{}", session.screen());
        session.shows("Canceled. The command only reads").await;
        azure.assert_only_read();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fails_without_the_page_if_not_in_a_terminal() {
    let azure = Azure::with_portal(portals::default()).await;
    azure.remove_page("law-soc");

    let ended = azure.run("record", "law-soc", &[]).await;

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
    assert!(ended.stderr.contains("error: The connector page is missing"), "{ended:?}");
    assert!(!ended.stderr.contains("Waiting"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_in_a_terminal_until_the_page_is_installed() {
    let azure = Azure::with_portal(portals::default()).await;
    let (page, document) = azure.remove_page("law-soc");
    let workspace = azure.simulator.workspace("law-soc");
    let arguments = ["record", "--workspace-id", &workspace, "--interval", "100ms"];
    let mut session = Session::start(azure.command(&arguments));
    session.shows("warning: The connector page is missing").await;
    session.shows("Waiting for Enter").await;

    azure.simulator.put_document(&page, document);
    azure.simulator.portal_connect(&workspace);
    session.press_enter();

    let (code, stdout) = session.ended().await;
    assert_eq!(code, Some(0), "{}", session.screen());
    assert!(stdout.contains("Note: A data connector of kind \"GenericUI\" appeared."), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prints_no_escape_codes_to_a_dumb_terminal() {
    let azure = Azure::with_portal(portals::default()).await;
    let workspace = azure.simulator.workspace("law-soc");
    let mut command =
        azure.command(&["record", "--workspace-id", &workspace, "--interval", "100ms", "--timeout", "1500ms"]);
    command.env("TERM", "dumb");
    let mut session = Session::start(command);

    assert_eq!(session.ended().await.0, Some(3), "{}", session.screen());

    session.shows("Waiting for Enter (1 s)\r\n").await;
    assert!(!session.screen().contains('\u{1b}'), "{:?}", session.screen());
}
