//! The dependencies by the rules of deny.toml.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use terraform_driver::sandbox::binary_name;

use super::{Checked, in_order};
use crate::checkout;

/// The cargo-deny that is installed if there is none.
const CARGO_DENY: &str = "0.20.2";

pub(super) fn check() -> Result<Checked> {
    let mut command = Command::new(cargo_deny()?);
    // Advisories need a database from the network; `.github/workflows/ci.yml` looks at them every day.
    in_order(command.args(["--workspace", "check", "bans", "licenses", "sources"]).current_dir(checkout::root()))
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
