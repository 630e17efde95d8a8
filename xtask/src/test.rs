//! `cargo xtask test`: runs all tests of the workspace, the acceptance tests with Terraform and OpenTofu.

mod environment;
pub(crate) mod totals;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use clap::Args;
use terraform_driver::{Cli, TestCli};

use crate::checkout::{self, PROVIDER, Profile, SIMULATOR};
use crate::clis::{self, Choice};
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
    // One command, so that the dependencies are compiled once, with one set of features.
    checkout::run(&mut checkout::cargo(["build", "--quiet", "--workspace", "--lib", "--bins", "--tests"]))?;

    let isolated = Isolated::new()?;
    let mut command = checkout::cargo(["test", "--workspace", "--no-fail-fast"]);
    isolated.apply(&mut command);
    command.env("SENTINEL_TEST_PROVIDER", checkout::executable(PROVIDER, Profile::Debug)?);
    command.env("SENTINEL_TEST_SIMULATOR", checkout::executable(SIMULATOR, Profile::Debug)?);
    for (test_cli, cli) in &clis {
        command.env(test_cli.test_variable(), &cli.path);
    }
    if std::env::var_os("RUST_TEST_THREADS").is_none() {
        // The slow tests mostly wait for Terraform or for a `Retry-After`.
        let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get() * 2);
        command.env("RUST_TEST_THREADS", threads.to_string());
    }
    command.arg("--");
    command.args(&arguments.filter);
    let left_out: Vec<TestCli> =
        TestCli::ALL.into_iter().filter(|wanted| !clis.iter().any(|(found, _)| found == wanted)).collect();
    for test_cli in &left_out {
        command.args(["--skip", &format!("::{}::", test_cli.test_module())]);
    }

    let totals = run_and_count(&mut command)?;
    let names: Vec<String> = clis.iter().map(|(_, cli)| cli.to_string()).collect();
    println!("\nRan with {}.", names.join(", "));
    for test_cli in left_out {
        match arguments.only {
            Some(_) => println!("Left out: the tests with {test_cli}."),
            None => println!("Left out: the tests with {test_cli}. To run them, {}.", clis::how_to_get(test_cli)),
        }
    }
    println!("{totals}");
    ensure!(totals.all_passed(), "not every test passed");
    ensure!(totals.ran() > 0, "no test has this name");
    Ok(())
}

/// The CLIs to test with. In CI all are required. Elsewhere one is enough, and the summary lists the missing ones.
fn choose(only: Option<Choice>) -> Result<Vec<(TestCli, Cli)>> {
    let require = |wanted| Ok((wanted, clis::require(wanted)?));
    match only {
        Some(only) => Ok(vec![require(only.into())?]),
        None if checkout::is_ci() => TestCli::ALL.into_iter().map(require).collect(),
        None => clis::find_all(),
    }
}

/// Runs the tests, prints their output, and sums up their results.
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
