//! Type-checks the code for other operating systems, if this machine has their standard library and a C compiler.

use std::env::consts;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::Checked;
use crate::checkout;

/// A target of another operating system.
struct Target {
    name: &'static str,
    /// The operating system, as in `std::env::consts::OS`.
    system: &'static str,
    /// The C compiler for aws-lc.
    compiler: &'static str,
}

const TARGETS: [Target; 3] = [
    Target { name: "x86_64-unknown-linux-gnu", system: "linux", compiler: "x86_64-linux-gnu-gcc" },
    Target { name: "aarch64-apple-darwin", system: "macos", compiler: "oa64-clang" },
    Target { name: "x86_64-pc-windows-gnu", system: "windows", compiler: "x86_64-w64-mingw32-gcc" },
];

pub(super) fn check() -> Result<Checked> {
    let mut missing = Vec::new();
    // The lints already compile the code for the system of this machine.
    for target in TARGETS.iter().filter(|target| target.system != consts::OS) {
        match target.missing_tool()? {
            None => target.check()?,
            Some(what) => missing.push(format!("{} ({what})", target.name)),
        }
    }
    if missing.is_empty() {
        return Ok(Checked::Passed);
    }
    Ok(Checked::Skipped(format!(
        "type checks for {}. `.github/workflows/ci.yml` builds for Linux, macOS and Windows.",
        missing.join(" and ")
    )))
}

impl Target {
    fn check(&self) -> Result<()> {
        println!("{}", self.name);
        let mut command = checkout::cargo(["check", "--quiet", "--workspace", "--all-targets", "--target", self.name]);
        checkout::run(command.env(format!("CC_{}", self.name.replace('-', "_")), self.compiler))
    }

    /// The tool that a check needs and that is not installed.
    fn missing_tool(&self) -> Result<Option<String>> {
        if !self.has_standard_library()? {
            return Ok(Some(format!("needs `rustup target add {}`", self.name)));
        }
        Ok(checkout::on_path(self.compiler).is_none().then(|| format!("needs the C compiler `{}`", self.compiler)))
    }

    fn has_standard_library(&self) -> Result<bool> {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut command = Command::new(rustc);
        command.args(["--print", "target-libdir", "--target", self.name]).current_dir(checkout::root());
        let output = command.output().context("rustc does not start")?;
        Ok(output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
    }
}
