//! A simulated Azure, and the command as a process that authenticates to it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use azure_simulator::Simulator;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::timeout;

use crate::portals::DEDICATED_KIND;

/// The timeout of each wait. No test takes this long.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Awaits a future, and fails the test if it takes too long.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(TIMEOUT, future).await.expect("timed out")
}

/// A simulated Azure.
pub(crate) struct Azure {
    pub(crate) simulator: Simulator,
    folder: TempDir,
}

/// The exit code and the output of a process.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Azure {
    /// Starts the default world with this portal.
    pub(crate) async fn with_portal(portal: Value) -> Self {
        let simulator = Simulator::start(azure_simulator::World::default()).await.expect("a simulator");
        simulator.patch_world(json!({"behaviors": {
            "unpublished_connector_kinds": ["StaticUI", DEDICATED_KIND], "portal_connect": portal,
        }}));
        let folder = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(folder.path().join("ca.pem"), simulator.ca_pem()).expect("a file");
        Self { simulator, folder }
    }

    /// The command with its credentials, and without the environment of this process.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let login = self.simulator.login();
        let home: PathBuf = self.folder.path().to_owned();
        let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-sentinel"));
        command
            .arg("contract")
            .args(arguments)
            .env_clear()
            .env("HOME", &home)
            .env("PATH", &home)
            .env("SSL_CERT_FILE", home.join("ca.pem"))
            .env("ARM_METADATA_HOSTNAME", self.simulator.endpoint().trim_start_matches("https://"))
            .env("ARM_TENANT_ID", login.tenant_id)
            .env("ARM_CLIENT_ID", login.client_id)
            .env("ARM_CLIENT_SECRET", login.client_secret)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Runs a command on a workspace to its end.
    pub(crate) async fn run(&self, command: &str, workspace: &str, options: &[&str]) -> Ended {
        let id = self.simulator.workspace(workspace);
        let arguments = [&[command, "--workspace-id", id.as_str()], options].concat();
        ended(self.command(&arguments)).await
    }

    /// Removes the connector page from a workspace, and returns its ID and its document.
    pub(crate) fn remove_page(&self, workspace: &str) -> (String, Value) {
        let workspace = self.simulator.workspace(workspace);
        let page = "MicrosoftDefenderForCloudTenantBased";
        let id = format!("{workspace}/providers/Microsoft.SecurityInsights/dataConnectors/{page}");
        let document = self.simulator.document(&id).expect("the solution is installed");
        self.simulator.delete_document(&id);
        (id, document)
    }

    /// Resolves when the process has listed the data connectors `count` times.
    pub(crate) async fn listed(&self, count: usize) {
        within(async {
            while self.simulator.count_requests("GET", "/dataConnectors?") < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    }

    /// Asserts that the command has not changed anything.
    #[track_caller]
    pub(crate) fn assert_only_read(&self) {
        for method in ["PUT", "PATCH", "DELETE", "POST"] {
            assert_eq!(self.simulator.count_requests(method, "/subscriptions/"), 0, "{method}");
        }
    }

    /// Asserts that the text contains neither the secret nor an ID that must be masked.
    #[track_caller]
    pub(crate) fn assert_masked(&self, text: &str) {
        let login = self.simulator.login();
        for id in [&login.tenant_id, &login.subscription_id, &login.client_secret, &login.client_id] {
            assert!(!text.to_lowercase().contains(&id.to_lowercase()), "{id} is in {text}");
        }
        let guid = regex::Regex::new("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").expect("a pattern");
        assert!(!guid.is_match(text), "{text}");
    }
}

/// Runs a process to its end.
pub(crate) async fn ended(mut command: Command) -> Ended {
    let output = within(async { command.spawn()?.wait_with_output().await }).await.expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}
