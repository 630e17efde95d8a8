//! The isolated environment of the tests: an empty home and temporary folder, without the user's Azure and Terraform
//! settings.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

/// Prefixes of variables that configure authentication, clouds, Terraform and OpenTofu. The tests must not inherit
/// them.
const PREFIXES: [&str; 8] = ["ARM_", "AZURE_", "TF_", "TOFU_", "IDENTITY_", "MSI_", "ACTIONS_ID_TOKEN_", "SYSTEM_OIDC"];

/// A temporary home folder. Dropping it removes the folder.
pub(crate) struct Isolated {
    folder: TempDir,
}

impl Isolated {
    pub(crate) fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("sentinel-test-").tempdir().context("no temporary folder")?;
        for part in ["home", "tmp"] {
            fs::create_dir_all(folder.path().join(part))?;
        }
        Ok(Self { folder })
    }

    /// Sets this environment for `command`, which runs cargo.
    pub(crate) fn apply(&self, command: &mut Command) {
        for (name, _) in env::vars_os().filter(|(name, _)| is_foreign(name)) {
            command.env_remove(name);
        }
        // Cargo and rustup keep their files in the user's home, and find them with these variables.
        for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            if let Some(value) = env::var_os(name).or_else(|| in_home(folder).map(PathBuf::into_os_string)) {
                command.env(name, value);
            }
        }
        command.env("HOME", self.folder.path().join("home"));
        command.env("USERPROFILE", self.folder.path().join("home"));
        command.env("TMPDIR", self.folder.path().join("tmp"));
    }
}

fn is_foreign(name: &OsStr) -> bool {
    let name = OsString::from(name).to_string_lossy().to_uppercase();
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

fn in_home(folder: &str) -> Option<PathBuf> {
    Some(env::home_dir()?.join(folder)).filter(|path| path.is_dir())
}
