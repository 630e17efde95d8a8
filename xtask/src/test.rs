//! `cargo xtask test`: every test of the workspace, the acceptance tests with Terraform and with OpenTofu.

mod environment;
mod totals;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use clap::Args;
use terraform_driver::{Cli, Flavour};

use crate::checkout::{self, PROVIDER, Profile, SIMULATOR};
use crate::clis::{self, Choice, Missing};
use environment::Isolated;
use totals::Totals;

/// Run every test: unit tests, protocol tests, and the acceptance tests with Terraform and OpenTofu.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only tests whose name contains this.
    filter: Option<String>,
    /// Acceptance tests with one CLI only.
    #[arg(long, value_name = "CLI")]
    only: Option<Choice>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let clis = choose(arguments.only)?;
    println!("building the workspace with its tests…");
    // All at once, so that the dependencies are compiled with one set of features, and so once.
    checkout::run(&mut checkout::cargo(["build", "--quiet", "--workspace", "--lib", "--bins", "--tests"]))?;

    let isolated = Isolated::new()?;
    let mut command = checkout::cargo(["test", "--workspace", "--no-fail-fast"]);
    isolated.apply(&mut command);
    command.env("SENTINEL_TEST_PROVIDER", checkout::executable(PROVIDER, Profile::Debug)?);
    command.env("SENTINEL_TEST_SIMULATOR", checkout::executable(SIMULATOR, Profile::Debug)?);
    for cli in &clis {
        command.env(cli.flavour.test_variable(), &cli.path);
    }
    if std::env::var_os("RUST_TEST_THREADS").is_none() {
        // The slow tests mostly wait: for a CLI, for Azure's Retry-After.
        let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get() * 2);
        command.env("RUST_TEST_THREADS", threads.to_string());
    }
    command.arg("--");
    command.args(&arguments.filter);
    for flavour in Flavour::ALL {
        if !clis.iter().any(|cli| cli.flavour == flavour) {
            command.args(["--skip", &format!("{}::", flavour.command())]);
        }
    }

    let totals = run_and_count(&mut command)?;
    let names: Vec<String> = clis.iter().map(Cli::to_string).collect();
    println!("\nRan with {}.", names.join(" and "));
    for flavour in Flavour::ALL {
        if !clis.iter().any(|cli| cli.flavour == flavour) {
            println!("Not run: the acceptance tests with {flavour}.");
        }
    }
    println!("{totals}");
    ensure!(totals.all_passed(), "not every test passed");
    ensure!(totals.ran() > 0, "no test has this name");
    Ok(())
}

/// The CLIs to test with. In CI (`CI` is set) both must be there; elsewhere one is enough, and the end says so.
fn choose(only: Option<Choice>) -> Result<Vec<Cli>> {
    match only {
        Some(only) => Ok(vec![clis::require(only.into())?]),
        None if std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false") => {
            Flavour::ALL.into_iter().map(clis::require).collect()
        }
        None => clis::find_all(Missing::Build),
    }
}

/// Runs the tests, passes their output on line by line, and adds up what they report.
fn run_and_count(command: &mut Command) -> Result<Totals> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("cargo does not start")?;
    let mut totals = Totals::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            totals.count(&line);
        }
    }
    let status = child.wait()?;
    totals.cargo_succeeded(status.success());
    Ok(totals)
}
