//! Clients from PyPI: the Azure SDK for Python and the Azure CLI, each in its own virtual environment in the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use terraform_driver::Simulator;

use super::{ClientOutcome, connect, required};
use crate::checkout;

const SDK: &[&str] = &[
    "azure-identity==1.27.0",
    "azure-mgmt-authorization==4.0.0",
    "azure-mgmt-loganalytics==14.0.0",
    "azure-mgmt-resource==26.0.0",
    "azure-mgmt-resource-deployments==2.0.0",
    "azure-mgmt-resource-subscriptions==1.0.0",
    "azure-monitor-query==2.0.0",
    "azure-mgmt-securityinsight==2.0.0b4",
];

const CLI: &[&str] = &["azure-cli==2.91.0"];

pub(super) fn sdk(simulator: &Simulator) -> Result<ClientOutcome> {
    run(simulator, SDK, include_str!("python_sdk.py"))
}

pub(super) fn cli(simulator: &Simulator) -> Result<ClientOutcome> {
    run(simulator, CLI, include_str!("azure_cli.py"))
}

fn run(simulator: &Simulator, packages: &[&str], script: &str) -> Result<ClientOutcome> {
    let python = match required("python3")? {
        Ok(python) => python,
        Err(left_out) => return Ok(left_out),
    };
    let interpreter = installed(&python, packages)?;
    let calls = interpreter.with_file_name("calls.py");
    fs::write(&calls, script)?;
    checkout::run(connect(Command::new(interpreter).arg(calls), simulator)?)?;
    Ok(ClientOutcome::Works)
}

/// The interpreter of the virtual environment with these packages. Creates the environment if necessary.
fn installed(python: &Path, packages: &[&str]) -> Result<PathBuf> {
    let name = packages.last().map(|package| package.replace("==", "-")).unwrap_or_default();
    let folder = checkout::cache()?.join("foreign").join(name);
    let binaries = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let (interpreter, list) = (binaries.join("python"), folder.join("packages"));
    if fs::read_to_string(&list).is_ok_and(|installed| installed == packages.join("\n")) {
        return Ok(interpreter);
    }
    checkout::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(&folder))?;
    checkout::run(Command::new(&interpreter).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    // Written last, so that an interrupted installation is repeated.
    fs::write(&list, packages.join("\n")).with_context(|| format!("cannot write {}", list.display()))?;
    Ok(interpreter)
}
