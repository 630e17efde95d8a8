//! The environment of the demo: runs Terraform, prints the content of the simulated Azure, and checks both.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use terraform_driver::plan::Action;
use terraform_driver::{Cli, Finished, Plan, Sandbox, Simulator, State};

/// The address of the connector in the demo.
pub(crate) const CONNECTOR: &str = "sentinel_dfc_tenant_connector.this";

/// Terraform in a sandbox, and a simulated Azure.
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

    /// The ARM ID of the workspace that the demo connects.
    pub(crate) fn workspace(&self) -> &str {
        &self.workspace
    }

    /// Prints the number and the title of the next step.
    pub(crate) fn step(&mut self, title: &str) {
        self.steps += 1;
        println!("\n━━━ {}. {title}", self.steps);
    }

    /// Writes a file of the configuration and prints it.
    pub(crate) fn configure(&self, name: &str, text: &str) -> Result<()> {
        self.sandbox.write(name, text)?;
        println!("\n  {name}:");
        for line in text.lines() {
            println!("    {line}");
        }
        Ok(())
    }

    /// Runs Terraform, and prints the command and its output. Fails if the command fails.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Finished> {
        println!("\n$ {} {}", self.cli.flavor.command(), arguments.join(" "));
        let finished = self.sandbox.run(&self.cli, arguments)?;
        print!("{}", finished.stdout);
        ensure!(finished.succeeded(), "this command failed:\n{finished}");
        Ok(finished)
    }

    /// Plans and prints the plan. Fails unless its only action is `expected` on the connector, or it has no actions for
    /// `None`.
    pub(crate) fn plan(&self, expected: Option<Action>) -> Result<()> {
        self.run(&["plan", "-out=plan"])?;
        let shown = self.sandbox.run(&self.cli, &["show", "-json", "plan"])?;
        let plan = Plan::parse(&shown.stdout).with_context(|| shown.to_string())?;
        let actual = plan.actions();
        let wanted = expected.into_iter().map(|action| (CONNECTOR, action)).collect();
        ensure!(actual == wanted, "the plan should do {wanted:?}, it does {actual:?}");
        Ok(())
    }

    /// Deletes the state. The configuration stays.
    pub(crate) fn delete_state(&self) -> Result<()> {
        for name in ["terraform.tfstate", "terraform.tfstate.backup"] {
            let path = self.sandbox.module().join(name);
            if path.exists() {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Fails unless the state contains the connector (`expected`) or does not contain it (`!expected`).
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

    /// Prints the connector's document. Fails unless alerts stream (`streaming`) or do not stream (`!streaming`).
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
        let streams = connector.is_some_and(|(_, document)| alerts_are_enabled(&document));
        ensure!(streams == streaming, "alerts should {}stream now", if streaming { "" } else { "not " });
        Ok(())
    }

    /// Disables the alerts outside of Terraform, like an administrator in the portal.
    pub(crate) fn disconnect_in_the_portal(&self) -> Result<()> {
        let Some((id, mut document)) = self.connector()? else { bail!("there is no connector to disconnect") };
        document["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into();
        self.azure.put_document(&id, &document)
    }

    /// The ID and the document of the workspace's Defender XDR connector.
    fn connector(&self) -> Result<Option<(String, Value)>> {
        let prefix = format!("{}/", self.workspace.to_lowercase());
        let documents = self.azure.documents()?;
        Ok(documents
            .into_iter()
            .find(|(id, document)| id.starts_with(&prefix) && document["kind"] == "MicrosoftThreatProtection"))
    }
}

fn alerts_are_enabled(document: &Value) -> bool {
    let state = document["properties"]["dataTypes"]["alerts"]["state"].as_str();
    state.is_some_and(|state| state.eq_ignore_ascii_case("enabled"))
}
