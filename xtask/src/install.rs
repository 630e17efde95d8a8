//! `cargo xtask install`: installs a release build where Terraform and OpenTofu search for local providers.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use terraform_driver::{Flavor, SOURCE, mirror};

use crate::checkout::{self, PROVIDER, Profile};

/// Build the provider and install it into your plugin folder, for Terraform and OpenTofu.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Install in this folder instead of ~/.terraform.d/plugins (on Windows, %APPDATA%\terraform.d\plugins).
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

/// The folder that Terraform and OpenTofu search by default.
fn plugin_folder() -> Result<PathBuf> {
    if cfg!(windows) {
        let data = env::var_os("APPDATA").context("APPDATA is not set; set the folder with --folder")?;
        return Ok(PathBuf::from(data).join("terraform.d").join("plugins"));
    }
    let home = env::home_dir().context("there is no home folder; set the folder with --folder")?;
    Ok(home.join(".terraform.d").join("plugins"))
}

fn lines_for_the_cli(folder: &str, version: &str) -> String {
    let names = Flavor::ALL.map(|flavor| format!("\"{}/{SOURCE}\"", flavor.registry())).join(", ");
    let folder = serde_json::Value::from(folder);
    format!(
        "In your configuration:\n\n\
         terraform {{\n  required_providers {{\n    sentinel = {{\n      source  = \"{SOURCE}\"\n      \
         version = \"{version}\"\n    }}\n  }}\n}}\n\n\
         Terraform and OpenTofu search this folder by default, unless you used --folder. For another folder, or if you use \
         other mirrors, add this to ~/.terraformrc (Terraform) or ~/.tofurc (OpenTofu):\n\n\
         provider_installation {{\n  filesystem_mirror {{\n    path    = {folder}\n    include = [{names}]\n  }}\n  \
         direct {{\n    exclude = [{names}]\n  }}\n}}\n"
    )
}
