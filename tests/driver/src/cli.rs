//! A Terraform or OpenTofu executable, its version and its features.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// Terraform or OpenTofu.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flavor {
    /// HashiCorp's Terraform.
    Terraform,
    /// The OpenTofu project's `tofu`.
    OpenTofu,
}

impl Flavor {
    /// Both flavors, in the order of reports.
    pub const ALL: [Self; 2] = [Self::Terraform, Self::OpenTofu];

    /// The name of the executable.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::OpenTofu => "tofu",
        }
    }

    /// The default registry of source addresses without a host.
    pub const fn registry(self) -> &'static str {
        match self {
            Self::Terraform => "registry.terraform.io",
            Self::OpenTofu => "registry.opentofu.org",
        }
    }
}

impl fmt::Display for Flavor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Terraform => "Terraform",
            Self::OpenTofu => "OpenTofu",
        })
    }
}

/// A version of Terraform or OpenTofu, without pre-release and build metadata.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Version {
    /// The major version, for example 1 in 1.12.6.
    pub major: u32,
    /// The minor version, for example 12 in 1.12.6.
    pub minor: u32,
    /// The patch version, for example 6 in 1.12.6.
    pub patch: u32,
}

impl Version {
    /// The version `major.minor.0`.
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
    pub flavor: Flavor,
    /// The path of the executable.
    pub path: PathBuf,
    /// The version that the executable prints.
    pub version: Version,
}

impl Cli {
    /// Runs the executable at `path` with an empty environment to get its version.
    pub fn probe(flavor: Flavor, path: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        struct VersionOutput {
            terraform_version: String,
        }
        let output = Command::new(path)
            .args(["version", "-json"])
            .env_clear()
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .with_context(|| format!("{} does not start", path.display()))?;
        let parsed: VersionOutput = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("`{} version -json` printed no version", path.display()))?;
        Ok(Self { flavor, path: path.to_owned(), version: parsed.terraform_version.parse()? })
    }

    /// Whether an `import` block may contain an identity instead of an ID.
    pub fn imports_by_identity(&self) -> bool {
        self.version >= Version::of(1, 12)
    }
}

impl fmt::Display for Cli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.flavor, self.version)
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
