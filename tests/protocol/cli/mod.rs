//! Terraform and OpenTofu, attached to the echo provider in this process.

mod generated;

use std::path::Path;
use std::process::Output;
use std::time::Duration;
use std::{env, fs};

use tempfile::TempDir;
use terraform_provider_sentinel::framework::Server;
use terraform_provider_sentinel::plugin::debug::DebugServer;
use terraform_provider_sentinel::protocol;
use tokio::process::Command;
use tokio::time::timeout;

use crate::echo::Echo;

/// A working directory with its configuration, and the provider that Terraform attaches to.
pub(crate) struct WorkingDirectory {
    executable: String,
    directory: TempDir,
    provider: DebugServer,
}

impl WorkingDirectory {
    /// Starts a provider. `variable` is the environment variable with the path of Terraform or OpenTofu.
    pub(crate) fn start(variable: &str) -> Self {
        let executable = env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: run `cargo xtask test`"));
        let service = protocol::service(Server::new(Echo::default()).expect("its schemas are valid"));
        let provider = DebugServer::start("example/echo", service).expect("the provider is served");
        let directory = tempfile::tempdir().expect("a temporary directory");
        let directory = Self { executable, directory, provider };
        directory.write("settings.tfrc", "");
        directory.write("main.tf", HEAD);
        directory
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
        fs::write(self.directory.path().join(name), text).expect("a file is written");
    }

    /// Runs a command that must succeed, and returns its output.
    pub(crate) async fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments).await;
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed).into_owned();
        assert!(output.status.success(), "{arguments:?}:\n{printed}");
        printed
    }

    /// Plans, and returns the output as an error if there are changes.
    pub(crate) async fn has_no_changes(&self) -> Result<(), String> {
        let output = self.output(&["plan", "-input=false", "-no-color", "-detailed-exitcode"]).await;
        if output.status.code() == Some(0) { Ok(()) } else { Err(String::from_utf8_lossy(&output.stdout).into_owned()) }
    }

    async fn output(&self, arguments: &[&str]) -> Output {
        let home: &Path = self.directory.path();
        let run = Command::new(&self.executable)
            .args(arguments)
            .current_dir(home)
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env("TF_CLI_CONFIG_FILE", home.join("settings.tfrc"))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_REATTACH_PROVIDERS", self.provider.reattach_config())
            .kill_on_drop(true)
            .output();
        timeout(TIMEOUT, run).await.unwrap_or_else(|_| panic!("{arguments:?} timed out")).expect("the CLI starts")
    }
}

/// The timeout of a run. A run usually takes a second or two.
const TIMEOUT: Duration = Duration::from_secs(120);

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

/// An object with a value for every attribute, including difficult ones.
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
  items    = [{ label = "a" }, { label = "b", color = "red" }]
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

/// Creates, changes, replaces and destroys objects. Each plan afterwards has no changes.
pub(crate) async fn creates_changes_replaces_and_destroys(variable: &str) {
    let directory = WorkingDirectory::start(variable);
    directory.configure(EVERYTHING);
    directory.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
    assert_eq!(directory.has_no_changes().await, Ok(()));

    directory.configure(&EVERYTHING.replace("1 - 0.99", "2 - 0.99").replace("first", "changed"));
    let changed = directory.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
    assert!(changed.contains("1 changed, 0 destroyed"), "{changed}");
    assert_eq!(directory.has_no_changes().await, Ok(()));

    directory.configure(&EVERYTHING.replace(r#""z""#, r#""elsewhere""#));
    let replaced = directory.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
    assert!(replaced.contains("1 destroyed"), "{replaced}");
    assert_eq!(directory.has_no_changes().await, Ok(()));

    directory.run(&["destroy", "-input=false", "-no-color", "-auto-approve"]).await;
}

/// Creates an object in which every attribute except the name is null or computed.
pub(crate) async fn creates_a_minimal_object(variable: &str) {
    let directory = WorkingDirectory::start(variable);
    directory.configure("resource \"echo_sample\" \"least\" {\n  name = \"least\"\n}\n");
    directory.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
    assert_eq!(directory.has_no_changes().await, Ok(()));
    directory.run(&["destroy", "-input=false", "-no-color", "-auto-approve"]).await;
}

/// Applies the plan with another Terraform process.
pub(crate) async fn applies_a_saved_plan(variable: &str) {
    let directory = WorkingDirectory::start(variable);
    directory.configure(EVERYTHING);
    directory.run(&["plan", "-input=false", "-no-color", "-out=saved"]).await;
    directory.run(&["apply", "-input=false", "-no-color", "saved"]).await;
    assert_eq!(directory.has_no_changes().await, Ok(()));
}

/// Applies generated configurations one after the other, without an error.
pub(crate) async fn applies_generated_configurations(variable: &str) {
    let directory = WorkingDirectory::start(variable);
    for configuration in generated::configurations::<3>(30) {
        directory.configure_json(&configuration);
        directory.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
        assert_eq!(directory.has_no_changes().await, Ok(()));
    }
    directory.run(&["destroy", "-input=false", "-no-color", "-auto-approve"]).await;
}

/// A plan after the import of an existing object has no changes.
pub(crate) async fn imports_an_object(variable: &str) {
    let directory = WorkingDirectory::start(variable);
    let resource = "resource \"echo_sample\" \"one\" {\n  name = \"one\"\n  amount = 0.1\n}\n";
    directory.configure(resource);
    directory.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;
    directory.run(&["state", "rm", "echo_sample.one"]).await;

    directory.configure(&format!("{resource}import {{\n  to = echo_sample.one\n  id = \"one\"\n}}\n"));
    let imported = directory.run(&["apply", "-input=false", "-no-color", "-auto-approve"]).await;

    assert!(imported.contains("1 imported, 0 added, 0 changed, 0 destroyed"), "{imported}");
    assert_eq!(directory.has_no_changes().await, Ok(()));
}

/// Defines a test of each scenario with each CLI, in a module named after the CLI.
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
    creates_changes_replaces_and_destroys
    creates_a_minimal_object
    applies_a_saved_plan
    applies_generated_configurations
    imports_an_object
}
