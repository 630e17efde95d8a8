//! The CLIs for the tests.

use std::fmt;

use crate::Flavor;

/// A CLI for the tests: its flavor, and the origin of its version.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TestCli {
    /// The installed Terraform, in any version.
    Terraform,
    /// The installed OpenTofu, or a pinned version if none is installed.
    OpenTofu,
    /// A pinned, recent Terraform with features that the installed one may lack, such as resource identities.
    LatestTerraform,
}

impl TestCli {
    /// All CLIs, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Terraform, Self::OpenTofu, Self::LatestTerraform];

    /// Terraform or OpenTofu.
    pub const fn flavor(self) -> Flavor {
        match self {
            Self::Terraform | Self::LatestTerraform => Flavor::Terraform,
            Self::OpenTofu => Flavor::OpenTofu,
        }
    }

    /// The name of the module with the tests for this CLI.
    pub const fn test_module(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::OpenTofu => "tofu",
            Self::LatestTerraform => "latest_terraform",
        }
    }

    /// The environment variable in which the user sets the path of the executable.
    pub const fn binary_variable(self) -> &'static str {
        match self {
            Self::Terraform => "TERRAFORM_BIN",
            Self::OpenTofu => "TOFU_BIN",
            Self::LatestTerraform => "LATEST_TERRAFORM_BIN",
        }
    }

    /// The environment variable in which `cargo xtask test` passes the path of the executable to the tests.
    pub const fn test_variable(self) -> &'static str {
        match self {
            Self::Terraform => "SENTINEL_TEST_TERRAFORM",
            Self::OpenTofu => "SENTINEL_TEST_TOFU",
            Self::LatestTerraform => "SENTINEL_TEST_LATEST_TERRAFORM",
        }
    }
}

impl fmt::Display for TestCli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Terraform => "Terraform",
            Self::OpenTofu => "OpenTofu",
            Self::LatestTerraform => "the latest Terraform",
        })
    }
}
