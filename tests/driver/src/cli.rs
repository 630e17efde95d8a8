//! A Terraform or OpenTofu binary and what its version can do.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// Terraform or OpenTofu.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flavour {
    /// HashiCorp's Terraform.
    Terraform,
    /// The OpenTofu project's `tofu`.
    OpenTofu,
}

impl Flavour {
    /// Both, in the order in which they are reported.
    pub const ALL: [Self; 2] = [Self::Terraform, Self::OpenTofu];

    /// Name of the executable.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::OpenTofu => "tofu",
        }
    }

    /// The registry that a source address without a host means.
    pub const fn registry(self) -> &'static str {
        match self {
            Self::Terraform => "registry.terraform.io",
            Self::OpenTofu => "registry.opentofu.org",
        }
    }
}

impl fmt::Display for Flavour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Terraform => "Terraform",
            Self::OpenTofu => "OpenTofu",
        })
    }
}

/// A CLI's version without pre-release and build parts.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Version {
    /// 1 in 1.12.6.
    pub major: u32,
    /// 12 in 1.12.6.
    pub minor: u32,
    /// 6 in 1.12.6.
    pub patch: u32,
}

impl Version {
    /// `major.minor.0`.
    pub const fn of(major: u32, minor: u32) -> Self {
        Self { major, minor, patch: 0 }
    }
}

impl FromStr for Version {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let numbers = text.split(['-', '+']).next().unwrap_or(text);
        let parts: Vec<u32> = numbers
            .split('.')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .with_context(|| format!("{text:?} is not a version"))?;
        let [major, minor, patch] = parts[..] else { bail!("{text:?} is not a version of three numbers") };
        Ok(Self { major, minor, patch })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// An executable and its version.
#[derive(Clone, Debug)]
pub struct Cli {
    /// Terraform or OpenTofu.
    pub flavour: Flavour,
    /// The executable.
    pub path: PathBuf,
    /// The version that it prints.
    pub version: Version,
}

impl Cli {
    /// Asks the executable at `path` for its version, with an empty environment.
    pub fn probe(flavour: Flavour, path: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        struct Answer {
            terraform_version: String,
        }
        let output = Command::new(path)
            .args(["version", "-json"])
            .env_clear()
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .with_context(|| format!("{} does not start", path.display()))?;
        let answer: Answer = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("`{} version -json` did not answer with a version", path.display()))?;
        Ok(Self { flavour, path: path.to_owned(), version: answer.terraform_version.parse()? })
    }

    /// Whether an `import` block may name an object by its identity instead of its id.
    pub fn imports_by_identity(&self) -> bool {
        self.version >= Version::of(1, 12)
    }
}

impl fmt::Display for Cli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.flavour, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prerelease_compares_equal_to_its_release() {
        let version: Version = "1.13.0-dev+5".parse().expect("it is a version");
        assert_eq!(version, Version::of(1, 13));
    }

    #[test]
    fn reports_an_invalid_version() {
        let error = Version::from_str("newest").expect_err("it has no numbers");
        assert_eq!(error.to_string(), "\"newest\" is not a version");
    }
}
