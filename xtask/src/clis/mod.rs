//! Where Terraform and OpenTofu come from: a variable, PATH, or, for OpenTofu, a build from its Go module.

mod opentofu;

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use terraform_driver::{Cli, Flavour};

use crate::checkout;

/// What to install when nothing can be found or built.
const WHAT_TO_INSTALL: &str = "neither Terraform nor OpenTofu is here, and no Go to build OpenTofu with.\n\
     Install one of them so that `terraform` or `tofu` is on PATH, or name the executable in TERRAFORM_BIN or \
     TOFU_BIN,\nor install Go 1.25 or newer: OpenTofu is then built from its published module.";

/// A CLI as named on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Choice {
    /// HashiCorp's Terraform.
    Terraform,
    /// OpenTofu.
    Tofu,
}

impl From<Choice> for Flavour {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Terraform => Self::Terraform,
            Choice::Tofu => Self::OpenTofu,
        }
    }
}

/// Whether a CLI may be built where it is missing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Missing {
    /// OpenTofu is built, which takes some minutes the first time.
    Build,
    /// It stays missing.
    Leave,
}

/// Every CLI that there is, or that can be built.
pub(crate) fn find_all(missing: Missing) -> Result<Vec<Cli>> {
    let mut found = Vec::new();
    for flavour in Flavour::ALL {
        found.extend(find(flavour, missing)?);
    }
    if found.is_empty() {
        bail!(WHAT_TO_INSTALL);
    }
    Ok(found)
}

/// The CLI of this flavour, which must be there.
pub(crate) fn require(flavour: Flavour) -> Result<Cli> {
    find(flavour, Missing::Build)?.with_context(|| {
        let (command, variable) = (flavour.command(), flavour.binary_variable());
        let build = if flavour == Flavour::OpenTofu { ", or install Go to build it with" } else { "" };
        format!("{flavour} is not here: put `{command}` on PATH or its path into {variable}{build}")
    })
}

/// The CLI that was asked for, or any.
pub(crate) fn chosen(choice: Option<Choice>) -> Result<Cli> {
    choice.map_or_else(any, |choice| require(choice.into()))
}

/// Any CLI, quickest to get first: for what works the same with both.
pub(crate) fn any() -> Result<Cli> {
    if let Some(cli) = find_all(Missing::Leave).ok().and_then(|all| all.into_iter().next()) {
        return Ok(cli);
    }
    find(Flavour::OpenTofu, Missing::Build)?.context(WHAT_TO_INSTALL)
}

fn find(flavour: Flavour, missing: Missing) -> Result<Option<Cli>> {
    let variable = flavour.binary_variable();
    if let Some(path) = env::var_os(variable).filter(|value| !value.is_empty()) {
        let cli = Cli::probe(flavour, &PathBuf::from(path));
        return cli.map(Some).with_context(|| format!("{variable} does not name {flavour}"));
    }
    if let Some(path) = checkout::on_path(flavour.command()) {
        return Cli::probe(flavour, &path).map(Some);
    }
    if flavour != Flavour::OpenTofu {
        return Ok(None);
    }
    let path = match missing {
        Missing::Build => opentofu::built()?,
        Missing::Leave => opentofu::already_built()?,
    };
    path.map(|path| Cli::probe(flavour, &path)).transpose()
}
