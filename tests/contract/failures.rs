//! Errors: invalid arguments, missing credentials and permissions, and unsuitable workspaces.

use crate::console::{Azure, ended};
use crate::portals;

#[tokio::test(flavor = "multi_thread")]
async fn prints_help() {
    let azure = Azure::with_portal(portals::default()).await;

    for arguments in [&["--help"][..], &["record", "--help"]] {
        let ended = ended(azure.command(arguments)).await;

        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        for expected in ["contract record --workspace-id", "Exit codes:", "130"] {
            assert!(ended.stdout.contains(expected), "{ended:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_invalid_arguments_with_exit_code_2() {
    let azure = Azure::with_portal(portals::default()).await;

    for (arguments, expected) in [
        (&["record"][..], "'--workspace-id' is missing"),
        (&["learn"], "unknown command \"learn\""),
        (&["check", "--workspace-id", "law-soc"], "is not the ARM ID of a Log Analytics workspace"),
    ] {
        let ended = ended(azure.command(arguments)).await;

        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
        assert!(ended.stderr.starts_with("error: ") && ended.stderr.contains(expected), "{ended:?}");
    }
    assert_eq!(azure.simulator.requests().len(), 0, "nothing is sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn explains_missing_credentials() {
    let azure = Azure::with_portal(portals::default()).await;
    let workspace = azure.simulator.workspace("law-soc");
    let mut command = azure.command(&["check", "--workspace-id", &workspace]);
    command.env_remove("ARM_CLIENT_SECRET").env("ARM_USE_CLI", "false");

    let ended = ended(command).await;

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
    assert!(ended.stderr.contains("ARM_USE_OIDC is not true"), "{ended:?}");
    assert_fits_a_command(&ended.stderr);
}

/// Asserts that a text does not mention the provider block, resources or plans, which a command does not have.
#[track_caller]
fn assert_fits_a_command(text: &str) {
    for word in
        ["use_oidc", "client_secret`", "provider block", "Terraform ", "apply", "this configuration", "timeouts"]
    {
        assert!(!text.contains(word), "{word:?} in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn explains_a_missing_workspace() {
    let azure = Azure::with_portal(portals::default()).await;
    let workspace = azure.simulator.workspace("law-soc").replace("law-soc", "law-none");

    for command in ["record", "check"] {
        let ended = ended(azure.command(&[command, "--workspace-id", &workspace])).await;

        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
        assert!(ended.stderr.contains("error: ") && ended.stderr.contains("law-none"), "{ended:?}");
        assert_fits_a_command(&ended.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn explains_a_workspace_without_sentinel() {
    let azure = Azure::with_portal(portals::default()).await;

    let ended = azure.run("record", "law-fresh", &[]).await;

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
    assert!(ended.stderr.contains("law-fresh is not onboarded to Microsoft Sentinel"), "{ended:?}");
    assert_fits_a_command(&ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn explains_a_missing_role() {
    let azure = Azure::with_portal(portals::default()).await;
    azure.simulator.patch_world(serde_json::json!({"role_assignments": []}));

    let ended = azure.run("check", "law-soc", &[]).await;

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
    assert!(ended.stderr.contains("AuthorizationFailed"), "{ended:?}");
    assert_fits_a_command(&ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn reader_role_suffices() {
    let azure = Azure::with_portal(portals::default()).await;
    let state = azure.simulator.state();
    let auditor = &state["world"]["applications"][1];
    let workspace = azure.simulator.workspace("law-portal");
    let mut command = azure.command(&["check", "--workspace-id", &workspace]);
    command
        .env("ARM_CLIENT_ID", auditor["client_id"].as_str().expect("a text"))
        .env("ARM_CLIENT_SECRET", auditor["secrets"][0]["value"].as_str().expect("a text"));

    let ended = ended(command).await;

    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn reports_a_result_that_cannot_be_written() {
    let azure = Azure::with_portal(portals::default()).await;
    let id = azure.simulator.workspace("law-portal");
    let full_disk = std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");

    let mut command = azure.command(&["check", "--workspace-id", &id]);
    command.stdout(full_disk);
    let ended = ended(command).await;

    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("cannot be written to stdout"), "{ended:?}");
}
