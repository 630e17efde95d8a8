//! `cargo xtask install`: puts a release build where both CLIs look for providers that are in no registry.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use terraform_driver::{Flavour, SOURCE, mirror};

use crate::checkout::{self, PROVIDER, Profile};

/// Build the provider and install it into your plugin folder, for Terraform and OpenTofu.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Install here instead of ~/.terraform.d/plugins.
    #[arg(long)]
    folder: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = match &arguments.folder {
        Some(folder) => env::current_dir()?.join(folder),
        None => plugin_folder()?,
    };
    let provider = checkout::build(PROVIDER, Profile::Release)?;
    let version = env!("CARGO_PKG_VERSION");
    for file in mirror::create_mirror(&provider, &folder, version)? {
        println!("installed {}", file.display());
    }
    println!("\n{}", lines_for_the_cli(&folder.display().to_string(), version));
    Ok(())
}

/// Where both CLIs look by default.
fn plugin_folder() -> Result<PathBuf> {
    if cfg!(windows) {
        let data = env::var_os("APPDATA").context("APPDATA is not set; say where with --folder")?;
        return Ok(PathBuf::from(data).join("terraform.d").join("plugins"));
    }
    let home = env::home_dir().context("there is no home folder; say where with --folder")?;
    Ok(home.join(".terraform.d").join("plugins"))
}

fn lines_for_the_cli(folder: &str, version: &str) -> String {
    let names = Flavour::ALL.map(|flavour| format!("\"{}/{SOURCE}\"", flavour.registry())).join(", ");
    let folder = serde_json::Value::from(folder);
    format!(
        "In your configuration:\n\n\
         terraform {{\n  required_providers {{\n    sentinel = {{\n      source  = \"{SOURCE}\"\n      \
         version = \"{version}\"\n    }}\n  }}\n}}\n\n\
         Both CLIs search ~/.terraform.d/plugins by default. For another folder, or if you use other mirrors, add this to \
         ~/.terraformrc (Terraform) or ~/.tofurc (OpenTofu):\n\n\
         provider_installation {{\n  filesystem_mirror {{\n    path    = {folder}\n    include = [{names}]\n  }}\n  \
         direct {{\n    exclude = [{names}]\n  }}\n}}\n"
    )
}
