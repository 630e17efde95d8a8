//! `cargo xtask check`: what a reviewer would not want to check by hand.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;
use terraform_driver::sandbox::binary_name;

use crate::{checkout, clis, docs};

/// The cargo-deny that is installed where there is none.
const CARGO_DENY: &str = "0.20.2";

/// Check formatting, lints, documentation, dependencies, and that docs/ is current.
#[derive(Args)]
pub(crate) struct Arguments {}

type Check = fn() -> Result<()>;

/// Runs every check, even after one failed, and names those that did.
pub(crate) fn run(_: &Arguments) -> Result<()> {
    let checks: [(&str, Check); 6] = [
        ("formatting of the code", formatting),
        ("lints", lints),
        ("documentation of the code", rustdoc),
        ("dependencies", dependencies),
        ("docs/ is current", docs::check),
        ("formatting of the examples", examples),
    ];
    let mut failed = Vec::new();
    for (name, check) in checks {
        println!("== {name}");
        if let Err(error) = check() {
            eprintln!("{error:#}");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("not in order: {}", failed.join(", "));
    }
    println!("everything is in order");
    Ok(())
}

fn formatting() -> Result<()> {
    checkout::run(&mut checkout::cargo(["fmt", "--all", "--check"]))
}

fn lints() -> Result<()> {
    checkout::run(&mut checkout::cargo(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn rustdoc() -> Result<()> {
    let mut command = checkout::cargo(["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
    // With private items in the documentation, links to them lead somewhere.
    checkout::run(command.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links"))
}

fn dependencies() -> Result<()> {
    let mut command = Command::new(cargo_deny()?);
    // Advisories need a database from the network; `.github/workflows/ci.yml` looks at them every day.
    checkout::run(command.args(["--workspace", "check", "bans", "licenses", "sources"]).current_dir(checkout::root()))
}

fn examples() -> Result<()> {
    let cli = clis::any()?;
    let mut command = Command::new(&cli.path);
    command.args(["fmt", "-check", "-diff", "-recursive", "examples"]).current_dir(checkout::root());
    checkout::run(command.env("CHECKPOINT_DISABLE", "1").env_remove("TF_CLI_CONFIG_FILE"))
}

/// cargo-deny from PATH or from the cache, where it is put the first time.
fn cargo_deny() -> Result<PathBuf> {
    if let Some(path) = checkout::on_path("cargo-deny") {
        return Ok(path);
    }
    let cache = checkout::cache()?;
    let path = cache.join("bin").join(binary_name("cargo-deny"));
    if !path.is_file() {
        println!("no cargo-deny on PATH: installing it once, in some minutes…");
        let mut install = checkout::cargo(["install", "--quiet", "--locked", "--version", CARGO_DENY, "cargo-deny"]);
        checkout::run(install.arg("--root").arg(&cache))?;
    }
    Ok(path)
}
