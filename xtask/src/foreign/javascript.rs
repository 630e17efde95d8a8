//! The Azure SDK for JavaScript, installed into a folder of the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use terraform_driver::Simulator;

use super::{ClientOutcome, connect, required};
use crate::checkout;

const PACKAGES: &[&str] = &[
    "@azure/identity@4.13.1",
    "@azure/arm-operationalinsights@9.0.0",
    "@azure/arm-resources@7.0.0",
    "@azure/arm-resourcesdeployments@2.0.0",
    "@azure/arm-securityinsight@1.0.0-beta.6",
];

pub(super) fn sdk(simulator: &Simulator) -> Result<ClientOutcome> {
    let (node, npm) = match (required("node")?, required("npm")?) {
        (Ok(node), Ok(npm)) => (node, npm),
        (Err(left_out), _) | (_, Err(left_out)) => return Ok(left_out),
    };
    let folder = installed(&npm)?;
    let script = folder.join("calls.mjs");
    fs::write(&script, include_str!("javascript_sdk.mjs"))?;
    checkout::run(connect(Command::new(node).arg(&script).current_dir(&folder), simulator)?)?;
    Ok(ClientOutcome::Works)
}

/// The folder with the packages. Installs them if necessary.
fn installed(npm: &Path) -> Result<PathBuf> {
    let folder = checkout::cache()?.join("foreign").join("javascript");
    let list = folder.join("packages");
    if fs::read_to_string(&list).is_ok_and(|installed| installed == PACKAGES.join("\n")) {
        return Ok(folder);
    }
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), "{\"private\": true}")?;
    checkout::run(Command::new(npm).args(["install", "--silent", "--no-audit"]).args(PACKAGES).current_dir(&folder))?;
    // Written last, so that an interrupted installation is repeated.
    fs::write(&list, PACKAGES.join("\n")).with_context(|| format!("cannot write {}", list.display()))?;
    Ok(folder)
}
