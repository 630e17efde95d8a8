//! `cargo xtask foreign`: runs clients of other projects against the simulator. Each client gets a new simulator.

mod go_sdk;
mod javascript;
mod providers;
mod python;

use std::process::Command;

use anyhow::{Result, bail, ensure};
use clap::Args;
use terraform_driver::Simulator;

use crate::checkout::{self, Profile};

/// Run Azure's SDKs, Azure CLI and other providers against the simulator. The first run installs them.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only clients whose name contains this.
    filter: Option<String>,
}

/// A client, and the function that runs its calls.
struct Client {
    name: &'static str,
    run: fn(&Simulator) -> Result<ClientOutcome>,
}

/// The result of a client that did not fail.
enum ClientOutcome {
    Works,
    /// The client was skipped. Contains what is missing.
    Skipped(String),
}

const CLIENTS: [Client; 6] = [
    Client { name: "Azure SDK for Python", run: python::sdk },
    Client { name: "Azure CLI", run: python::cli },
    Client { name: "Azure SDK for JavaScript", run: javascript::sdk },
    Client { name: "Azure SDK for Go", run: go_sdk::sdk },
    Client { name: "azapi", run: providers::azapi },
    Client { name: "azurerm", run: providers::azurerm },
];

/// Runs every client, even after a failure, and lists the failed and the skipped ones.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let filter = arguments.filter.as_deref().unwrap_or_default().to_lowercase();
    let chosen: Vec<_> = CLIENTS.iter().filter(|client| client.name.to_lowercase().contains(&filter)).collect();
    ensure!(!chosen.is_empty(), "no client has this name");
    let binary = checkout::build(checkout::SIMULATOR, Profile::Debug)?;
    let (mut failed, mut left_out) = (Vec::new(), Vec::new());
    for client in chosen {
        println!("== {}", client.name);
        let simulator = Simulator::start(&binary, None)?;
        match (client.run)(&simulator) {
            Ok(ClientOutcome::Works) => {}
            Ok(ClientOutcome::Skipped(what)) => left_out.push(format!("{}: {what}", client.name)),
            Err(error) => {
                eprintln!("{error:#}");
                failed.push(client.name);
            }
        }
    }
    println!("== summary");
    for what in left_out {
        println!("LEFT OUT: {what}");
    }
    if !failed.is_empty() {
        bail!("these clients do not work: {}", failed.join(", "));
    }
    println!("every client that was tried works");
    Ok(())
}

/// Sets the endpoint, the credentials and the certificate of the simulator for a client.
fn connect<'a>(command: &'a mut Command, simulator: &Simulator) -> Result<&'a mut Command> {
    let environment = simulator.environment();
    command.envs(environment).env("SIMULATOR_ENDPOINT", simulator.endpoint());
    command.env("SIMULATOR_WORKSPACE", simulator.workspace("law-soc")?);
    for name in ["REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
        command.env(name, environment.get("SSL_CERT_FILE").map_or("", String::as_str));
    }
    Ok(command)
}

/// The program on PATH, or the reason to skip a client. In CI, a missing program is an error.
fn required(program: &str) -> Result<Result<std::path::PathBuf, ClientOutcome>> {
    match checkout::on_path(program) {
        Some(path) => Ok(Ok(path)),
        None if checkout::is_ci() => bail!("{program} is not on PATH, and CI cannot leave this client out"),
        None => Ok(Err(ClientOutcome::Skipped(format!("{program} is not on PATH")))),
    }
}
