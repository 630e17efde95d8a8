//! `cargo xtask demo`: connects and disconnects the alerts step by step, with Terraform and a simulated Azure.

mod lifecycle;
mod stage;

use std::env;
use std::io::{self, IsTerminal};

use anyhow::Result;
use clap::Args;
use terraform_driver::{Sandbox, Simulator};

use crate::checkout;
use crate::clis::{self, Choice};
use stage::Stage;

/// Connect tenant-wide Defender for Cloud alerts in a simulated Azure, and show every step.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Use this CLI. Defaults to the first that is found: Terraform, then OpenTofu.
    #[arg(long)]
    cli: Option<Choice>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let cli = clis::chosen(arguments.cli)?;
    let (provider, simulator) = checkout::build_both()?;
    // Terraform and the simulator also receive Ctrl-C. They end, the step fails, and the temporary files are removed.
    ctrlc::set_handler(|| eprintln!("\ninterrupted: cleaning up"))?;
    let simulator = Simulator::start(&simulator, None)?;
    let mut sandbox = Sandbox::with_mirror(&provider, env!("CARGO_PKG_VERSION"))?;
    for (name, value) in simulator.environment() {
        sandbox.set(name, value);
    }
    if !io::stdout().is_terminal() || env::var_os("NO_COLOR").is_some() {
        sandbox.set("TF_CLI_ARGS", "-no-color");
    }
    println!("\n{cli} drives the provider against a simulated Azure at {}.", simulator.endpoint());
    println!("The provider authenticates with the ARM_* variables, as with a real Azure.");
    lifecycle::run(&mut Stage::new(cli, sandbox, simulator)?)?;
    println!("\nThat was the life of a connector. Nothing is left running, and the temporary folder is removed.");
    Ok(())
}
