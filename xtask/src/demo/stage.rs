//! The stage of the demo: runs the CLI, prints the content of the simulated Azure, and checks both.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use terraform_driver::plan::Action;
use terraform_driver::{Cli, Finished, Plan, Sandbox, Simulator, State};

/// The resource that the demo is about.
pub(crate) const CONNECTOR: &str = "sentinel_dfc_tenant_connector.this";

/// A CLI in its sandbox before a simulated Azure.
pub(crate) struct Stage {
    cli: Cli,
    sandbox: Sandbox,
    azure: Simulator,
    workspace: String,
    steps: usize,
}

impl Stage {
    pub(crate) fn new(cli: Cli, sandbox: Sandbox, azure: Simulator) -> Result<Self> {
        let workspace = azure.workspace("law-soc")?.to_owned();
        Ok(Self { cli, sandbox, azure, workspace, steps: 0 })
    }

    /// ARM id of the workspace that the demo connects.
    pub(crate) fn workspace(&self) -> &str {
        &self.workspace
    }

    /// Opens a step with its number and what it is about.
    pub(crate) fn step(&mut self, title: &str) {
        self.steps += 1;
        println!("\n━━━ {}. {title}", self.steps);
    }

    /// Writes a file of the configuration and shows it.
    pub(crate) fn configure(&self, name: &str, text: &str) -> Result<()> {
        self.sandbox.write(name, text)?;
        println!("\n  {name}:");
        for line in text.lines() {
            println!("    {line}");
        }
        Ok(())
    }

    /// Runs the CLI, shows command and output, and fails when it fails.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Finished> {
        println!("\n$ {} {}", self.cli.flavour.command(), arguments.join(" "));
        let finished = self.sandbox.run(&self.cli, arguments)?;
        print!("{}", finished.stdout);
        ensure!(finished.succeeded(), "this command failed:\n{finished}");
        Ok(finished)
    }

    /// Plans, shows the plan, and fails unless it does `expected` (nothing: `None`) to the connector and nothing else.
    pub(crate) fn plan(&self, expected: Option<Action>) -> Result<()> {
        self.run(&["plan", "-out=plan"])?;
        let shown = self.sandbox.run(&self.cli, &["show", "-json", "plan"])?;
        let plan = Plan::parse(&shown.stdout).with_context(|| shown.to_string())?;
        let actual = plan.actions();
        let wanted = expected.into_iter().map(|action| (CONNECTOR, action)).collect();
        ensure!(actual == wanted, "the plan should do {wanted:?}, it does {actual:?}");
        Ok(())
    }

    /// Deletes the state, as if only the configuration existed.
    pub(crate) fn forget_state(&self) -> Result<()> {
        for name in ["terraform.tfstate", "terraform.tfstate.backup"] {
            let path = self.sandbox.module().join(name);
            if path.exists() {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Fails unless the state holds the connector (`expected`) or does not hold it (`!expected`).
    pub(crate) fn check_state(&self, expected: bool) -> Result<()> {
        let addresses = State::read(&self.sandbox.module().join("terraform.tfstate"))?.addresses();
        let held = addresses.iter().any(|address| address == CONNECTOR);
        ensure!(
            held == expected,
            "the state should {}hold {CONNECTOR}: {addresses:?}",
            if expected { "" } else { "not " }
        );
        Ok(())
    }

    /// Shows the connector's document, and fails unless alerts stream (`streaming`) or do not (`!streaming`).
    pub(crate) fn show_azure(&self, streaming: bool) -> Result<()> {
        println!("\n  What the simulated Azure holds now:");
        let connector = self.connector()?;
        match &connector {
            None => println!("    no Microsoft Defender XDR connector in this workspace"),
            Some((id, document)) => {
                println!("    …/dataConnectors/{}", id.rsplit('/').next().unwrap_or(id));
                let shown = json!({ "kind": document["kind"], "properties": document["properties"] });
                for line in serde_json::to_string_pretty(&shown)?.lines() {
                    println!("    {line}");
                }
            }
        }
        let streams = connector.is_some_and(|(_, document)| alerts_are_on(&document));
        ensure!(streams == streaming, "alerts should {}stream now", if streaming { "" } else { "not " });
        Ok(())
    }

    /// Switches the alerts off as an administrator in the portal would, without Terraform.
    pub(crate) fn switch_off_in_the_portal(&self) -> Result<()> {
        let Some((id, mut document)) = self.connector()? else { bail!("there is no connector to switch off") };
        document["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into();
        self.azure.put_document(&id, &document)
    }

    /// The workspace's one connector of the kind that carries Defender alerts.
    fn connector(&self) -> Result<Option<(String, Value)>> {
        let prefix = format!("{}/", self.workspace.to_lowercase());
        let documents = self.azure.documents()?;
        Ok(documents
            .into_iter()
            .find(|(id, document)| id.starts_with(&prefix) && document["kind"] == "MicrosoftThreatProtection"))
    }
}

fn alerts_are_on(document: &Value) -> bool {
    let state = document["properties"]["dataTypes"]["alerts"]["state"].as_str();
    state.is_some_and(|state| state.eq_ignore_ascii_case("enabled"))
}
