//! Where Terraform and OpenTofu come from: a variable, PATH, or a build from their Go modules.

mod opentofu;
mod terraform;

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use terraform_driver::{Cli, TestCli};

use crate::checkout;
use crate::go::GoProgram;

/// What to install when nothing can be found or built.
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
    /// Leave it out.
    Leave,
}

/// Every CLI that is there or can be built. There is at least one.
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

/// This CLI, which must be there.
pub(crate) fn require(wanted: TestCli) -> Result<Cli> {
    find(wanted, Missing::Build)?.with_context(|| format!("{wanted} is missing: {}", how_to_get(wanted)))
}

/// How a person gets a CLI that is missing.
pub(crate) fn how_to_get(wanted: TestCli) -> String {
    let command = wanted.flavour().command();
    let variable = wanted.binary_variable();
    match wanted {
        TestCli::Terraform => format!("put `{command}` on PATH or its path into {variable}"),
        TestCli::OpenTofu => {
            format!("put `{command}` on PATH or its path into {variable}, or install Go to build it with")
        }
        TestCli::LatestTerraform => format!("install Go to build it with, or put its path into {variable}"),
    }
}

/// The CLI that was asked for, or any.
pub(crate) fn chosen(choice: Option<Choice>) -> Result<Cli> {
    choice.map_or_else(any, |choice| require(choice.into()))
}

/// Any CLI, one that needs no build if possible.
pub(crate) fn any() -> Result<Cli> {
    for wanted in TestCli::ALL {
        if let Some(cli) = find(wanted, Missing::Leave)? {
            return Ok(cli);
        }
    }
    find(TestCli::OpenTofu, Missing::Build)?.context(WHAT_TO_INSTALL)
}

fn find(wanted: TestCli, missing: Missing) -> Result<Option<Cli>> {
    let flavour = wanted.flavour();
    let variable = wanted.binary_variable();
    if let Some(path) = env::var_os(variable).filter(|value| !value.is_empty()) {
        let cli = Cli::probe(flavour, &PathBuf::from(path));
        return cli.map(Some).with_context(|| format!("{variable} does not name {wanted}"));
    }
    // The latest Terraform is a pinned version, which the installed one mostly is not.
    if wanted != TestCli::LatestTerraform
        && let Some(path) = checkout::on_path(flavour.command())
    {
        return Cli::probe(flavour, &path).map(Some);
    }
    let Some(program) = program(wanted) else { return Ok(None) };
    let path = match missing {
        Missing::Build => program.built()?,
        Missing::Leave => program.already_built()?,
    };
    path.map(|path| Cli::probe(flavour, &path)).transpose()
}

/// How a CLI is built; `None` for the one that is used only if it is installed.
fn program(wanted: TestCli) -> Option<GoProgram> {
    match wanted {
        TestCli::Terraform => None,
        TestCli::OpenTofu => Some(opentofu::program()),
        TestCli::LatestTerraform => Some(terraform::program()),
    }
}
