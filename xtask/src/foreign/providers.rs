//! The providers azapi and azurerm, if environment variables contain the paths of their executables. Each creates
//! resources, updates them in place and destroys them. After each apply, the plan must be empty.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use terraform_driver::{Cli, Sandbox, Simulator};

use super::ClientOutcome;
use crate::clis;

pub(super) fn azapi(simulator: &Simulator) -> Result<ClientOutcome> {
    let tenant = simulator.environment().get("ARM_TENANT_ID").map_or("", String::as_str);
    let endpoint = simulator.endpoint();
    let workspace = simulator.workspace("law-soc")?;
    let provider = format!(
        "provider \"azapi\" {{\n  endpoint = [{{\n    active_directory_authority_host = \"{endpoint}\"\n    \
         resource_manager_endpoint = \"{endpoint}\"\n    resource_manager_audience = \"{endpoint}\"\n  }}]\n}}\n"
    );
    let variables = format!("locals {{\n  tenant_id = \"{tenant}\"\n  workspace_id = \"{workspace}\"\n}}\n");
    with_provider("TF_PROVIDER_AZAPI", "azure/azapi", simulator, &(provider + &variables + include_str!("azapi.tf")))
}

pub(super) fn azurerm(simulator: &Simulator) -> Result<ClientOutcome> {
    with_provider("TF_PROVIDER_AZURERM", "hashicorp/azurerm", simulator, include_str!("azurerm.tf"))
}

fn with_provider(variable: &str, source: &str, simulator: &Simulator, configuration: &str) -> Result<ClientOutcome> {
    let Some(binary) = env::var_os(variable).map(PathBuf::from) else {
        return Ok(ClientOutcome::Skipped(format!("{variable} does not name its executable")));
    };
    ensure!(binary.is_file(), "{variable} is {}, which is not a file", binary.display());
    let cli = clis::any()?;
    let sandbox = sandbox(&binary, source, simulator)?;
    sandbox.write("main.tf", configuration)?;
    for severity in ["Enabled", "Disabled"] {
        let setting = format!("-var=state={severity}");
        run(&sandbox, &cli, &["apply", "-auto-approve", "-no-color", &setting])?;
        let plan = sandbox.run(&cli, &["plan", "-detailed-exitcode", "-no-color", &setting])?;
        ensure!(plan.succeeded(), "the plan after the apply is not empty:\n{plan}");
    }
    run(&sandbox, &cli, &["destroy", "-auto-approve", "-no-color", "-var=state=Disabled"])?;
    println!("created, updated and destroyed");
    Ok(ClientOutcome::Works)
}

/// A sandbox in which Terraform runs this executable as the provider.
fn sandbox(binary: &Path, source: &str, simulator: &Simulator) -> Result<Sandbox> {
    let mut sandbox = Sandbox::with_override(binary)?;
    let folder = sandbox.temporary().join("provider");
    fs::create_dir_all(&folder)?;
    let name = source.rsplit('/').next().unwrap_or(source);
    fs::copy(binary, folder.join(terraform_driver::sandbox::binary_name(&format!("terraform-provider-{name}"))))?;
    let configuration = sandbox.temporary().join("foreign.tfrc");
    let folder = serde_json::Value::from(folder.display().to_string());
    fs::write(
        &configuration,
        format!("provider_installation {{\n  dev_overrides {{\n    \"{source}\" = {folder}\n  }}\n}}\n"),
    )?;
    sandbox.set("TF_CLI_CONFIG_FILE", configuration.to_str().context("the temporary folder is not UTF-8")?);
    for (name, value) in simulator.environment() {
        sandbox.set(name, value);
    }
    Ok(sandbox)
}

fn run(sandbox: &Sandbox, cli: &Cli, arguments: &[&str]) -> Result<()> {
    let finished = sandbox.run(cli, arguments)?;
    if !finished.succeeded() {
        bail!("{finished}");
    }
    Ok(())
}
