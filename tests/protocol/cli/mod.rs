//! A real Terraform or OpenTofu, attached to the echo provider in this process.

mod generated;

use std::path::Path;
use std::process::Output;
use std::time::Duration;
use std::{env, fs};

use tempfile::TempDir;
use terraform_provider_sentinel::framework::Server;
use terraform_provider_sentinel::plugin::debug::Attachable;
use terraform_provider_sentinel::protocol;
use tokio::process::Command;
use tokio::time::timeout;

use crate::echo::Echo;

/// One working directory with its configuration, and the provider that its runs attach to.
pub(crate) struct Workspace {
    executable: String,
    folder: TempDir,
    provider: Attachable,
}

impl Workspace {
    /// Starts a provider. `variable` is the environment variable that names the CLI's executable.
    pub(crate) fn start(variable: &str) -> Self {
        let executable = env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: run `cargo xtask test`"));
        let service = protocol::service(Server::new(Echo::default()).expect("its schemas are valid"));
        let provider = Attachable::start("example/echo", service).expect("the provider is served");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let workspace = Self { executable, folder, provider };
        workspace.write("settings.tfrc", "");
        workspace.write("main.tf", HEAD);
        workspace
    }

    /// Replaces the resources of the configuration, in Terraform's own syntax.
    pub(crate) fn configure(&self, resources: &str) {
        self.write("resources.tf", resources);
    }

    /// Replaces the resources of the configuration, in JSON.
    pub(crate) fn configure_json(&self, resources: &str) {
        self.write("resources.tf.json", resources);
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("a file is written");
    }

    /// Runs a command that must succeed, and gives back what it printed.
    pub(crate) async fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments).await;
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed).into_owned();
        assert!(output.status.success(), "{arguments:?}:\n{printed}");
        printed
    }

    /// Whether a plan has nothing to do.
    pub(crate) async fn is_settled(&self) -> Result<(), String> {
        let output = self.output(&["plan", "-input=false", "-no-color", "-detailed-exitcode"]).await;
        if output.status.code() == Some(0) { Ok(()) } else { Err(String::from_utf8_lossy(&output.stdout).into_owned()) }
    }

    async fn output(&self, arguments: &[&str]) -> Output {
        let home: &Path = self.folder.path();
        let run = Command::new(&self.executable)
            .args(arguments)
            .current_dir(home)
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env("TF_CLI_CONFIG_FILE", home.join("settings.tfrc"))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_REATTACH_PROVIDERS", self.provider.reattach())
            .kill_on_drop(true)
            .output();
        timeout(MOST, run).await.unwrap_or_else(|_| panic!("{arguments:?} takes for ever")).expect("the CLI starts")
    }
}

/// A run takes a second or two; a busy machine makes more of it.
const MOST: Duration = Duration::from_secs(120);

const HEAD: &str = r#"
terraform {
  required_providers {
    echo = { source = "example/echo" }
  }
}

provider "echo" {
  prefix = "echo-"
}
"#;

/// One object with a value in every attribute, the awkward ones among them.
const EVERYTHING: &str = r#"
resource "echo_sample" "all" {
  name     = "all"
  flag     = true
  amount   = 1 - 0.99
  whole    = 9007199254740993
  text     = "Cafe\u0301 \U0001f600 $${not} \"quoted\""
  names    = ["b", "a", "b", null]
  tags     = ["y", "x", "x"]
  weights  = {
    tenth  = 0.1
    huge   = 1e300
    float  = 340282346638528859811704183484516925440
    long   = 0.1234567890123456789
    odd    = 9007199254740993
    beyond = 18446744073709551616
    none   = null
  }
  pair     = { left = "x", right = null }
  couple   = ["x", false]
  anything = { list = [1, "two", [3.25]], none = null }
  single   = { label = "s", weight = 0.5 }
  items    = [{ label = "a" }, { label = "b", colour = "red" }]
  members  = [{ label = "n" }, { label = "m", weight = 2 }]
  entries  = { k = { label = "e" } }
  secret   = "sensitive"
  token    = "write-only"
  zone     = "z"
  path     = "/Mixed/Case"

  rule {
    label = "first"
  }
  rule {
    label = "second"
  }

  timeouts {
    create = "1m"
  }
}

resource "echo_sample" "dependent" {
  name  = "dependent"
  text  = echo_sample.all.id
  items = [for label in ["p", "q"] : { label = "${label}-${echo_sample.all.id}" }]
}

data "echo_lookup" "all" {
  name = echo_sample.all.name
}

output "looked_up" {
  value = data.echo_lookup.all.id
}

output "echoed" {
  value = provider::echo::echo("heard")
}
"#;

/// Creates everything, plans nothing more, changes, replaces, and destroys.
pub(crate) async fn everything_settles(variable: &str) {
    let workspace = Workspace::start(variable);
    workspace.configure(EVERYTHING);
    workspace.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
    assert_eq!(workspace.is_settled().await, Ok(()));

    workspace.configure(&EVERYTHING.replace("1 - 0.99", "2 - 0.99").replace("first", "changed"));
    let changed = workspace.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
    assert!(changed.contains("1 changed, 0 destroyed"), "{changed}");
    assert_eq!(workspace.is_settled().await, Ok(()));

    workspace.configure(&EVERYTHING.replace(r#""z""#, r#""elsewhere""#));
    let replaced = workspace.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
    assert!(replaced.contains("1 destroyed"), "{replaced}");
    assert_eq!(workspace.is_settled().await, Ok(()));

    workspace.run(&["destroy", "-input=false", "-no-color", "-auto-approve"]).await;
}

/// Nothing but a name: every other attribute is null or computed.
pub(crate) async fn nothing_but_a_name_settles(variable: &str) {
    let workspace = Workspace::start(variable);
    workspace.configure("resource \"echo_sample\" \"least\" {\n  name = \"least\"\n}\n");
    workspace.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
    assert_eq!(workspace.is_settled().await, Ok(()));
    workspace.run(&["destroy", "-input=false", "-no-color", "-auto-approve"]).await;
}

/// A plan is saved and applied later, by another process.
pub(crate) async fn a_saved_plan_is_applied(variable: &str) {
    let workspace = Workspace::start(variable);
    workspace.configure(EVERYTHING);
    workspace.run(&["plan", "-input=false", "-no-color", "-out=saved"]).await;
    workspace.run(&["apply", "-input=false", "-no-color", "saved"]).await;
    assert_eq!(workspace.is_settled().await, Ok(()));
}

/// Whatever is configured, it is applied without a complaint of the CLI and then settled; so are changes of it.
pub(crate) async fn generated_configurations_settle(variable: &str) {
    let workspace = Workspace::start(variable);
    for configuration in generated::configurations::<3>(30) {
        workspace.configure_json(&configuration);
        workspace.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
        assert_eq!(workspace.is_settled().await, Ok(()));
    }
    workspace.run(&["destroy", "-input=false", "-no-color", "-auto-approve"]).await;
}

/// An object that exists is imported, and is then as configured.
pub(crate) async fn an_import_settles(variable: &str) {
    let workspace = Workspace::start(variable);
    let resource = "resource \"echo_sample\" \"one\" {\n  name = \"one\"\n  amount = 0.1\n}\n";
    workspace.configure(resource);
    workspace.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
    workspace.run(&["state", "rm", "echo_sample.one"]).await;

    workspace.configure(&format!("{resource}import {{\n  to = echo_sample.one\n  id = \"one\"\n}}\n"));
    let imported = workspace.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;

    assert!(imported.contains("1 imported, 0 added, 0 changed, 0 destroyed"), "{imported}");
    assert_eq!(workspace.is_settled().await, Ok(()));
}

/// The same scenarios for each CLI, under the CLI's name.
macro_rules! for_each_cli {
    ($($scenario:ident)*) => {
        mod terraform {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                super::$scenario("SENTINEL_TEST_TERRAFORM").await;
            })*
        }

        mod tofu {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                super::$scenario("SENTINEL_TEST_TOFU").await;
            })*
        }

        mod latest_terraform {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                super::$scenario("SENTINEL_TEST_LATEST_TERRAFORM").await;
            })*
        }
    };
}

for_each_cli! {
    everything_settles
    nothing_but_a_name_settles
    a_saved_plan_is_applied
    generated_configurations_settle
    an_import_settles
}
