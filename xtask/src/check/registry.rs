//! Checks docs/ against the rules of the Terraform Registry, with HashiCorp's `tfplugindocs validate`.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use terraform_driver::Sandbox;

use super::Checked;
use crate::go::GoProgram;
use crate::{checkout, clis};

/// The version of tfplugindocs to build.
const VERSION: &str = "0.25.0";

/// The prefix of the resource names.
const PROVIDER: &str = "sentinel";

pub(super) fn check() -> Result<Checked> {
    let Some(tfplugindocs) = program().built()? else {
        let left_out = "docs/ by the rules of the registry. To check them, install Go.";
        if checkout::is_ci() {
            bail!("CI cannot leave out {left_out}");
        }
        return Ok(Checked::Skipped(left_out.to_owned()));
    };
    let (provider, _) = checkout::build_both()?;
    let schema = Sandbox::with_override(&provider)?.provider_schema(&clis::any()?)?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("schema.json");
    // The checker finds providers of other publishers only by their short name.
    fs::write(&file, json!({ "format_version": "1.0", "provider_schemas": { PROVIDER: schema } }).to_string())?;

    let mut command = Command::new(tfplugindocs);
    command.arg("validate").arg("--provider-dir").arg(checkout::root());
    command.args(["--provider-name", PROVIDER]).arg("--providers-schema").arg(&file);
    let output = command.output().context("the checker does not start")?;
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{stdout}{}", without_log(&stderr));
    // The checker also succeeds if it finds no files.
    ensure!(stdout.contains("running file checks on docs/index.md"), "the checker has not seen docs/:\n{stdout}");
    Ok(Checked::Passed)
}

fn program() -> GoProgram {
    GoProgram {
        title: format!("tfplugindocs {VERSION}"),
        executable: format!("tfplugindocs-{VERSION}"),
        package: "github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs",
        requirements: format!("require github.com/hashicorp/terraform-plugin-docs v{VERSION}\n"),
        files: Vec::new(),
        variables: &[],
    }
}

/// The output of the checker without its debug log.
fn without_log(text: &str) -> String {
    text.lines().filter(|line| !line.contains("[DEBUG]")).map(|line| format!("{line}\n")).collect()
}
