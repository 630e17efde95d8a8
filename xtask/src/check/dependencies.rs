//! Checks the dependencies against deny.toml.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use terraform_driver::sandbox::binary_name;

use super::{Checked, passes};
use crate::checkout;

/// The version of cargo-deny to install if there is none.
const CARGO_DENY: &str = "0.20.2";

pub(super) fn check() -> Result<Checked> {
    let mut command = Command::new(cargo_deny()?);
    // Advisories need a database from the network; `.github/workflows/ci.yml` checks them every day.
    passes(command.args(["--workspace", "check", "bans", "licenses", "sources"]).current_dir(checkout::root()))
}

/// The path of cargo-deny, from PATH or from the cache. Installs it into the cache if necessary.
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
