//! The environment of a scenario: Terraform or OpenTofu in a sandbox, and a simulated Azure.
//!
//! A scene prints the output of every run, and the requests if the test fails. It fails the test if Terraform reports a
//! bug of the provider, if the provider panics, or if the output contains the client secret.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use std::thread;
#[cfg(unix)]
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use terraform_driver::plan::Action;
use terraform_driver::{Cli, Finished, Flavor, Plan, Running, Sandbox, State, TestCli};

use super::azure::{Azure, summary};
use super::configuration::REQUIREMENTS;

/// Texts of Terraform's errors about bugs of a provider, and of Rust's panics.
const BUG_REPORTS: [&str; 6] = [
    "Provider produced",
    "Plugin did not respond",
    "plugin crashed",
    "panicked at",
    "Provider returned invalid",
    "unexpected new value",
];

pub(crate) struct Scene {
    /// The CLI that the scenario runs with.
    pub(crate) cli: Cli,
    /// The Azure that the provider finds in its environment.
    pub(crate) azure: Azure,
    test_cli: TestCli,
    sandbox: Sandbox,
}

impl Scene {
    /// A scene in the default world, which runs the built provider without an installation.
    pub(crate) fn new(test_cli: TestCli) -> Self {
        let sandbox = Sandbox::with_override(&binary("SENTINEL_TEST_PROVIDER")).expect("a sandbox");
        Self::assemble(test_cli, sandbox)
    }

    /// The same scene, but `init` installs the provider from a filesystem mirror.
    pub(crate) fn installing_from_a_mirror(self) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let sandbox = Sandbox::with_mirror(&binary("SENTINEL_TEST_PROVIDER"), version).expect("a sandbox");
        Self::assemble(self.test_cli, sandbox)
    }

    /// The same scene with placeholders for azurerm and azapi, for `moved` blocks from their resources.
    pub(crate) fn with_azurerm_and_azapi(self) -> Self {
        let provider = binary("SENTINEL_TEST_PROVIDER");
        let sandbox = Sandbox::with_overrides(&provider, &["hashicorp/azurerm", "azure/azapi"]).expect("a sandbox");
        Self::assemble(self.test_cli, sandbox)
    }

    /// Writes a state with these resources.
    pub(crate) fn write_state(&self, resources: &[Value]) {
        let state = json!({
            "version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "6e0c2b1f-4d3a-4b8e-9f51-7a2c8d0e3b46",
            "outputs": {}, "resources": resources, "check_results": null,
        });
        self.file("terraform.tfstate", &state.to_string());
    }

    /// Imports `address` by `id` or `identity`, and asserts that Terraform generates a configuration without changes.
    pub(crate) fn assert_imports(&self, address: &str, by: &str) {
        self.configure(&format!("import {{\n  to = {address}\n  {by}\n}}\n"));
        self.assert_generates(address);
    }

    /// Asserts that Terraform generates the configuration of the `import` block, and only imports `address`.
    pub(crate) fn assert_generates(&self, address: &str) {
        self.succeed(&["plan", "-no-color", "-generate-config-out=generated.tf"]);
        self.apply();

        self.azure.assert_only_read();
        self.assert_state([address]);
        self.assert_no_changes();
    }

    /// Asserts that the plan succeeds and the apply fails without a write, because the workspace is not onboarded.
    pub(crate) fn assert_requires_onboarding(&self) {
        self.plan();
        self.apply_fails(&["is not onboarded to Microsoft Sentinel", "sentinel_workspace_onboarding"]);

        self.azure.assert_only_read();
        self.assert_state([]);
    }

    /// Asserts that `validate` rejects each of these arguments with its text, and sends no request.
    pub(crate) fn assert_rejects<const N: usize>(
        &self,
        configuration: impl Fn(&str) -> String,
        rows: [(&str, &str); N],
    ) {
        for (arguments, sentence) in rows {
            self.configure(&configuration(arguments));
            self.fail(&["validate", "-no-color"], &[sentence]);
        }
        assert_eq!(self.azure.requests().all().len(), 0);
    }

    /// The address of a provider in a state, with the default registry of Terraform or OpenTofu.
    pub(crate) fn provider_in_state(&self, source: &str) -> String {
        let registry = match self.test_cli.flavor() {
            Flavor::Terraform => "registry.terraform.io",
            Flavor::OpenTofu => "registry.opentofu.org",
        };
        format!("provider[\"{registry}/{source}\"]")
    }

    /// The same scene with a new simulator, whose world is changed by `change`.
    ///
    /// A world is one object: documents by lower-case ARM ID, and `world` for everything without an ARM ID.
    pub(crate) fn in_a_world(mut self, change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> Self {
        let mut world = self.azure.simulator().world().expect("the simulator returns its world");
        change(&mut world);
        let file = self.sandbox.temporary().join("world.json");
        std::fs::write(&file, Value::Object(world).to_string()).expect("the world can be written");
        self.azure = Azure::start(Some(&file));
        self.set_azure_environment();
        self
    }

    fn assemble(test_cli: TestCli, sandbox: Sandbox) -> Self {
        let executable = binary(test_cli.test_variable());
        let cli = Cli::probe(test_cli.flavor(), &executable).expect("the CLI reports its version");
        let mut scene = Self { cli, azure: Azure::start(None), test_cli, sandbox };
        scene.set_azure_environment();
        scene.require_provider();
        scene
    }

    fn set_azure_environment(&mut self) {
        for (name, value) in self.azure.simulator().environment() {
            self.sandbox.set(name, value);
        }
    }

    /// Sets an environment variable for Terraform and the provider.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.sandbox.set(name, value);
    }

    /// Removes an environment variable for Terraform and the provider.
    pub(crate) fn unset(&mut self, name: &str) {
        self.sandbox.unset(name);
    }

    /// The value of an environment variable that the simulator defines.
    pub(crate) fn variable(&self, name: &str) -> String {
        self.azure.simulator().environment()[name].clone()
    }

    /// Writes the configuration in `main.tf`. The provider requirements are in another file.
    pub(crate) fn configure(&self, text: &str) {
        self.file("main.tf", text);
    }

    /// Writes a file in the folder of the configuration.
    pub(crate) fn file(&self, name: &str, text: &str) {
        self.sandbox.write(name, text).expect("the configuration can be written");
    }

    /// The path of a file in the folder of the configuration.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.sandbox.module().join(name)
    }

    /// Adds a shell script to the beginning of PATH.
    #[cfg(unix)]
    pub(crate) fn program(&mut self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;

        self.file(&format!("bin/{name}"), &format!("#!/bin/sh\n{script}"));
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(self.path(&format!("bin/{name}")), mode).expect("it can be made executable");
        let folder = self.path("bin");
        let path =
            env::join_paths(std::iter::once(folder).chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())));
        self.set("PATH", &path.expect("a path").to_string_lossy());
    }

    /// Reads a file in the folder of the configuration.
    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.sandbox.module().join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Writes the default `required_providers`.
    pub(crate) fn require_provider(&self) {
        self.file("requirements.tf", REQUIREMENTS);
    }

    /// Starts Terraform without waiting for it.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        self.sandbox.start(&self.cli, arguments).expect("the CLI starts")
    }

    /// Starts a command of the provider in the environment of the scene, without waiting for it.
    #[cfg(unix)]
    pub(crate) fn start_provider(&self, arguments: &[&str]) -> Running {
        self.sandbox.start_program(&binary("SENTINEL_TEST_PROVIDER"), arguments).expect("the provider starts")
    }

    /// Waits for a run that [`start`](Self::start) started.
    pub(crate) fn finish(&self, running: Running) -> Finished {
        let finished = running.wait().expect("the CLI ends");
        eprintln!("{finished}");
        let secret = self.variable("ARM_CLIENT_SECRET");
        for output in [&finished.stdout, &finished.stderr] {
            assert!(!output.contains(&secret), "the client secret is in the output");
            for sentence in BUG_REPORTS {
                assert!(!output.contains(sentence), "no run may report {sentence:?}");
            }
        }
        finished
    }

    /// Runs Terraform. The result may be a failure.
    pub(crate) fn run(&self, arguments: &[&str]) -> Finished {
        self.finish(self.start(arguments))
    }

    /// Runs Terraform, which must succeed.
    #[track_caller]
    pub(crate) fn succeed(&self, arguments: &[&str]) -> Finished {
        let finished = self.run(arguments);
        assert!(finished.succeeded(), "`{}` should succeed", finished.command);
        finished
    }

    /// Runs Terraform, which must fail and print all of `sentences`.
    #[track_caller]
    pub(crate) fn fail(&self, arguments: &[&str], sentences: &[&str]) -> Finished {
        let finished = self.run(arguments);
        assert!(!finished.succeeded(), "`{}` should fail", finished.command);
        assert_says(&finished, sentences);
        finished
    }

    /// Runs `apply`, which must succeed.
    #[track_caller]
    pub(crate) fn apply(&self) -> Finished {
        self.succeed(&["apply", "-auto-approve", "-no-color"])
    }

    /// Runs `apply`, which must fail and print all of `sentences`.
    #[track_caller]
    pub(crate) fn apply_fails(&self, sentences: &[&str]) -> Finished {
        self.fail(&["apply", "-auto-approve", "-no-color"], sentences)
    }

    /// Runs `plan`, which must succeed, and saves the plan in the file `plan`.
    #[track_caller]
    pub(crate) fn plan(&self) -> Plan {
        self.plan_with(&[])
    }

    /// Like [`plan`](Self::plan), with additional arguments.
    #[track_caller]
    pub(crate) fn plan_with(&self, arguments: &[&str]) -> Plan {
        self.succeed(&[&["plan", "-no-color", "-out=plan"], arguments].concat());
        let shown = self.sandbox.run(&self.cli, &["show", "-json", "plan"]).expect("the CLI shows the plan");
        Plan::parse(&shown.stdout).unwrap_or_else(|error| panic!("{error:#}\n{shown}"))
    }

    /// Runs `plan`, which must fail and print all of `sentences`.
    #[track_caller]
    pub(crate) fn plan_fails(&self, sentences: &[&str]) -> Finished {
        self.fail(&["plan", "-no-color"], sentences)
    }

    /// Runs `destroy`, which must succeed.
    #[track_caller]
    pub(crate) fn destroy(&self) -> Finished {
        self.succeed(&["destroy", "-auto-approve", "-no-color"])
    }

    /// Asserts that a plan has exactly these actions.
    #[track_caller]
    pub(crate) fn assert_plans<const N: usize>(&self, expected: [(&str, Action); N]) -> Plan {
        let plan = self.plan();
        assert_eq!(plan.actions(), BTreeMap::from(expected));
        plan
    }

    /// Asserts that a plan is empty.
    #[track_caller]
    pub(crate) fn assert_no_changes(&self) {
        self.assert_plans([]);
    }

    /// Reads the state.
    pub(crate) fn state(&self) -> State {
        State::read(&self.sandbox.module().join("terraform.tfstate")).expect("the state can be read")
    }

    /// Asserts that the state contains exactly these managed resources.
    #[track_caller]
    pub(crate) fn assert_state<const N: usize>(&self, expected: [&str; N]) {
        assert_eq!(self.state().addresses(), expected);
    }

    /// The value of a string attribute in the state.
    #[track_caller]
    pub(crate) fn attribute(&self, address: &str, name: &str) -> String {
        let state = self.state();
        let value = state.attributes(address).and_then(|attributes| attributes[name].as_str());
        value.unwrap_or_else(|| panic!("{address} has no text {name}")).to_owned()
    }

    /// The IDs of the running provider processes of this scene.
    #[cfg(target_os = "linux")]
    pub(crate) fn provider_processes(&self) -> Vec<u32> {
        self.sandbox.provider_processes()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        if thread::panicking()
            && let Ok(requests) = self.azure.simulator().requests()
        {
            eprintln!("requests that Azure was sent: {:#?}", summary(&requests));
        }
    }
}

/// Asserts that the output contains all of `sentences`, ignoring line breaks.
#[track_caller]
pub(crate) fn assert_says(finished: &Finished, sentences: &[&str]) {
    let words = finished.words();
    for sentence in sentences {
        assert!(words.contains(sentence), "the output should contain {sentence:?}");
    }
}

/// Waits until `condition` holds, at most `limit`.
#[cfg(unix)]
#[track_caller]
pub(crate) fn wait_until(what: &str, limit: Duration, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit;
    while !condition() {
        assert!(Instant::now() < deadline, "timed out after {limit:?}: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The path of a program from `cargo xtask test`.
pub(super) fn binary(variable: &str) -> PathBuf {
    match env::var_os(variable) {
        Some(path) => path.into(),
        None => panic!("{variable} is not set: run `cargo xtask test`"),
    }
}
