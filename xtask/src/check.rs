//! `cargo xtask check`: formatting, lints, dependencies, documentation and a short fuzz run.

mod dependencies;
mod fuzz;
mod platforms;
mod registry;

use std::process::Command;

use anyhow::{Result, bail, ensure};
use clap::Args;

use crate::{checkout, clis, docs};

/// Check formatting, lints, other platforms, dependencies and docs/, and run the property tests for longer.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only checks whose name contains this.
    filter: Option<String>,
}

/// The result of a check that did not fail.
enum Checked {
    Passed,
    /// The check or a part of it was skipped. Contains the part, the reason, and what to install.
    Skipped(String),
}

type Check = fn() -> Result<Checked>;

/// Runs every check, even after a failure, and lists the failed ones.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let filter = arguments.filter.as_deref().unwrap_or_default();
    let checks: [(&str, Check); 9] = [
        ("formatting of the code", formatting),
        ("lints", lints),
        ("documentation of the code", rustdoc),
        ("other platforms", platforms::check),
        ("dependencies", dependencies::check),
        ("docs/ is current", current_docs),
        ("docs/ by the rules of the registry", registry::check),
        ("formatting of the examples", examples),
        ("a short fuzz run", fuzz::check),
    ];
    let (mut failed, mut left_out) = (Vec::new(), Vec::new());
    let chosen: Vec<_> = checks.into_iter().filter(|(name, _)| name.contains(filter)).collect();
    ensure!(!chosen.is_empty(), "no check has this name");
    for (name, check) in chosen {
        println!("== {name}");
        match check() {
            Ok(Checked::Passed) => {}
            Ok(Checked::Skipped(what)) => {
                println!("left out: {what}");
                left_out.push(what);
            }
            Err(error) => {
                eprintln!("{error:#}");
                failed.push(name);
            }
        }
    }
    println!("== summary");
    for what in left_out {
        println!("left out: {what}");
    }
    if !failed.is_empty() {
        bail!("not in order: {}", failed.join(", "));
    }
    println!("everything that was checked is in order");
    Ok(())
}

fn formatting() -> Result<Checked> {
    passes(&mut checkout::cargo(["fmt", "--all", "--check"]))
}

fn lints() -> Result<Checked> {
    passes(&mut checkout::cargo(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn rustdoc() -> Result<Checked> {
    let mut command = checkout::cargo(["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
    // The documentation includes private items, so links to them are valid.
    passes(command.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links"))
}

fn current_docs() -> Result<Checked> {
    docs::check().map(|()| Checked::Passed)
}

fn examples() -> Result<Checked> {
    let cli = clis::any()?;
    let mut command = Command::new(&cli.path);
    command.args(["fmt", "-check", "-diff", "-recursive", "examples"]).current_dir(checkout::root());
    passes(command.env("CHECKPOINT_DISABLE", "1").env_remove("TF_CLI_CONFIG_FILE"))
}

fn passes(command: &mut Command) -> Result<Checked> {
    checkout::run(command).map(|()| Checked::Passed)
}
