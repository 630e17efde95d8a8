//! A private folder and environment for Terraform or OpenTofu: home, temporary folder, CLI configuration, and the
//! folder of the configuration. Runs do not inherit `ARM_*`, `AZURE_*` or `TF_*` variables of the user.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::{Cli, Finished, Running, SOURCE, mirror};

/// Variables that processes need on some platforms. None of them configures Azure or Terraform.
const INHERITED_VARIABLES: [&str; 4] = ["PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "RUST_BACKTRACE"];

/// A private folder and environment. Dropping it removes the folder.
#[derive(Debug)]
pub struct Sandbox {
    folder: TempDir,
    environment: BTreeMap<OsString, OsString>,
}

impl Sandbox {
    /// A sandbox in which Terraform runs `provider` without `init`, a lock file or a network.
    pub fn with_override(provider: &Path) -> Result<Self> {
        Self::with_overrides(provider, &[])
    }

    /// Like [`with_override`](Self::with_override), with placeholders for other providers, for example
    /// `hashicorp/azurerm`. Terraform needs a provider for each resource in a state, even if a `moved` block moves it.
    /// A placeholder has none of the provider's resources.
    pub fn with_overrides(provider: &Path, placeholders: &[&str]) -> Result<Self> {
        Self::new(|folder| {
            let mut overrides = String::new();
            for source in [SOURCE].iter().chain(placeholders) {
                let binaries = folder.join("provider").join(source);
                fs::create_dir_all(&binaries)?;
                let name = source.rsplit('/').next().unwrap_or(source);
                link(provider, &binaries.join(binary_name(&format!("terraform-provider-{name}"))))?;
                overrides.push_str(&format!("\n    \"{source}\" = {}", quoted(&binaries)));
            }
            Ok(format!("dev_overrides {{{overrides}\n  }}\n  direct {{}}"))
        })
    }

    /// A sandbox in which `init` installs `provider` with this version from a filesystem mirror.
    pub fn with_mirror(provider: &Path, version: &str) -> Result<Self> {
        Self::new(|folder| {
            let root = folder.join("mirror");
            mirror::create_mirror(provider, &root, version)?;
            Ok(format!("filesystem_mirror {{\n    path = {}\n  }}", quoted(&root)))
        })
    }

    fn new(installation: impl FnOnce(&Path) -> Result<String>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("sentinel-").tempdir().context("no temporary folder")?;
        for part in ["home", "tmp", "module"] {
            fs::create_dir_all(folder.path().join(part))?;
        }
        let rules = installation(folder.path())?;
        let config = folder.path().join("cli.tfrc");
        fs::write(&config, format!("disable_checkpoint = true\nprovider_installation {{\n  {rules}\n}}\n"))?;

        let mut environment: BTreeMap<OsString, OsString> =
            INHERITED_VARIABLES.iter().filter_map(|name| Some(((*name).into(), env::var_os(name)?))).collect();
        let mut set = |name: &str, value: OsString| environment.insert(name.into(), value);
        set("HOME", folder.path().join("home").into());
        set("USERPROFILE", folder.path().join("home").into());
        set("TMPDIR", folder.path().join("tmp").into());
        set("TF_CLI_CONFIG_FILE", config.into());
        set("TF_INPUT", "0".into());
        set("CHECKPOINT_DISABLE", "1".into());
        Ok(Self { folder, environment })
    }

    /// The folder of the configuration, which is the working directory and contains the state.
    pub fn module(&self) -> PathBuf {
        self.folder.path().join("module")
    }

    /// The folder for temporary files of the processes.
    pub fn temporary(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// Writes a file of the configuration. `name` may contain folders.
    pub fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.module().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Sets an environment variable for all further runs.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.into(), value.into());
    }

    /// Removes an environment variable for all further runs.
    pub fn unset(&mut self, name: &str) {
        self.environment.remove(OsString::from(name).as_os_str());
    }

    /// The command that runs `cli` with `arguments` in this sandbox, not yet started.
    pub fn command(&self, cli: &Cli, arguments: &[&str]) -> Command {
        let mut command = Command::new(&cli.path);
        command.args(arguments).current_dir(self.module()).env_clear().envs(&self.environment);
        command
    }

    /// Starts `cli` with `arguments`.
    pub fn start(&self, cli: &Cli, arguments: &[&str]) -> Result<Running> {
        let shown = format!("{} {}", cli.flavor.command(), arguments.join(" "));
        Running::start(&mut self.command(cli, arguments), shown)
    }

    /// Starts another program in this sandbox, for example the provider.
    pub fn start_program(&self, program: &Path, arguments: &[&str]) -> Result<Running> {
        let name = program.file_name().unwrap_or_default().to_string_lossy();
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.module()).env_clear().envs(&self.environment);
        Running::start(&mut command, format!("{name} {}", arguments.join(" ")))
    }

    /// The schema of the provider, in the format of `providers schema -json`.
    pub fn provider_schema(&self, cli: &Cli) -> Result<Value> {
        self.write("main.tf", &required_provider())?;
        let finished = self.run(cli, &["providers", "schema", "-json"])?;
        ensure!(finished.succeeded(), "the CLI cannot read the provider's schema:\n{finished}");
        let mut output: Value = serde_json::from_str(&finished.stdout)?;
        let schemas = output["provider_schemas"].as_object_mut();
        let schema = schemas.and_then(|schemas| schemas.values_mut().next()).map(Value::take);
        schema.with_context(|| format!("the CLI printed no schema:\n{finished}"))
    }

    /// The IDs of the running provider processes of this sandbox.
    #[cfg(target_os = "linux")]
    pub fn provider_processes(&self) -> Vec<u32> {
        let mark = format!("TMPDIR={}", self.temporary().display());
        let is_ours = |pid: &u32| {
            let name = fs::read(format!("/proc/{pid}/comm")).unwrap_or_default();
            // The kernel keeps 15 bytes of a process's name.
            name.starts_with(b"terraform-provi")
                && fs::read(format!("/proc/{pid}/environ"))
                    .unwrap_or_default()
                    .split(|byte| *byte == 0)
                    .any(|variable| variable == mark.as_bytes())
        };
        let processes = fs::read_dir("/proc").into_iter().flatten();
        processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).filter(is_ours).collect()
    }

    /// Runs `cli` with `arguments` until it ends.
    pub fn run(&self, cli: &Cli, arguments: &[&str]) -> Result<Finished> {
        self.start(cli, arguments)?.wait()
    }
}

/// The `terraform` block with the source address of the provider.
pub fn required_provider() -> String {
    format!(
        "terraform {{\n  required_providers {{\n    sentinel = {{\n      source = \"{SOURCE}\"\n    }}\n  }}\n}}\n\n"
    )
}

/// `name` with the platform's extension for executables.
pub fn binary_name(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

fn quoted(path: &Path) -> String {
    Value::from(path.to_string_lossy().into_owned()).to_string()
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<()> {
    std::os::unix::fs::symlink(from, to).with_context(|| format!("cannot link {}", to.display()))
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(drop).with_context(|| format!("cannot copy to {}", to.display()))
}
