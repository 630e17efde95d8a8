//! Finds Terraform and OpenTofu: from an environment variable, on PATH, or built from their Go modules.

mod opentofu;
mod terraform;

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use terraform_driver::{Cli, TestCli};

use crate::checkout;
use crate::go::GoProgram;

/// The error if neither Terraform nor OpenTofu can be found or built.
const WHAT_TO_INSTALL: &str = "found neither Terraform nor OpenTofu, and no Go to build them with.\n\
     Install one of them so that `terraform` or `tofu` is on PATH, or name the executable in TERRAFORM_BIN or \
     TOFU_BIN.\nOr install Go 1.25 or newer: OpenTofu is then built from its published module.";

/// A CLI as named on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Choice {
    /// The Terraform that is installed.
    Terraform,
    /// OpenTofu.
    Tofu,
    /// A recent Terraform, built with Go.
    LatestTerraform,
}

impl From<Choice> for TestCli {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Terraform => Self::Terraform,
            Choice::Tofu => Self::OpenTofu,
            Choice::LatestTerraform => Self::LatestTerraform,
        }
    }
}

/// Whether a missing CLI may be built.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Missing {
    /// Build it, which takes some minutes the first time.
    Build,
    /// Skip it.
    Skip,
}

/// All CLIs that are installed or can be built. Fails if there is none.
pub(crate) fn find_all() -> Result<Vec<(TestCli, Cli)>> {
    let mut found = Vec::new();
    for wanted in TestCli::ALL {
        found.extend(find(wanted, Missing::Build)?.map(|cli| (wanted, cli)));
    }
    if found.is_empty() {
        bail!(WHAT_TO_INSTALL);
    }
    Ok(found)
}

/// Finds or builds this CLI. Fails if that is not possible.
pub(crate) fn require(wanted: TestCli) -> Result<Cli> {
    find(wanted, Missing::Build)?.with_context(|| format!("{wanted} is missing: {}", how_to_get(wanted)))
}

/// Instructions to install a missing CLI.
pub(crate) fn how_to_get(wanted: TestCli) -> String {
    let command = wanted.flavor().command();
    let variable = wanted.binary_variable();
    match wanted {
        TestCli::Terraform => format!("put `{command}` on PATH or its path into {variable}"),
        TestCli::OpenTofu => {
            format!("put `{command}` on PATH or its path into {variable}, or install Go to build it with")
        }
        TestCli::LatestTerraform => format!("install Go to build it with, or put its path into {variable}"),
    }
}

/// The CLI that the user selected, or any CLI.
pub(crate) fn chosen(choice: Option<Choice>) -> Result<Cli> {
    choice.map_or_else(any, |choice| require(choice.into()))
}

/// Any CLI. It is built only if none is installed.
pub(crate) fn any() -> Result<Cli> {
    for wanted in TestCli::ALL {
        if let Some(cli) = find(wanted, Missing::Skip)? {
            return Ok(cli);
        }
    }
    find(TestCli::OpenTofu, Missing::Build)?.context(WHAT_TO_INSTALL)
}

fn find(wanted: TestCli, missing: Missing) -> Result<Option<Cli>> {
    let flavor = wanted.flavor();
    let variable = wanted.binary_variable();
    if let Some(path) = env::var_os(variable).filter(|value| !value.is_empty()) {
        let cli = Cli::probe(flavor, &PathBuf::from(path));
        return cli.map(Some).with_context(|| format!("{variable} does not name {wanted}"));
    }
    // The latest Terraform is a pinned version, which usually differs from the installed one.
    if wanted != TestCli::LatestTerraform
        && let Some(path) = checkout::on_path(flavor.command())
    {
        return Cli::probe(flavor, &path).map(Some);
    }
    let Some(program) = program(wanted) else { return Ok(None) };
    let path = match missing {
        Missing::Build => program.built()?,
        Missing::Skip => program.already_built()?,
    };
    path.map(|path| Cli::probe(flavor, &path)).transpose()
}

/// The build of a CLI. `None` for Terraform, which is used only if it is installed.
fn program(wanted: TestCli) -> Option<GoProgram> {
    match wanted {
        TestCli::Terraform => None,
        TestCli::OpenTofu => Some(opentofu::program()),
        TestCli::LatestTerraform => Some(terraform::program()),
    }
}
