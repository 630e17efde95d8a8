//! The CLIs that the tests run with.

use std::fmt;

use crate::Flavour;

/// A CLI that the tests run with: its flavour, and where its version comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TestCli {
    /// The Terraform that is installed, of any version.
    Terraform,
    /// The OpenTofu that is installed, or else a pinned version.
    OpenTofu,
    /// A pinned, recent Terraform: it has what the installed one may lack, such as resource identities.
    LatestTerraform,
}

impl TestCli {
    /// All of them, in the order in which they are reported.
    pub const ALL: [Self; 3] = [Self::Terraform, Self::OpenTofu, Self::LatestTerraform];

    /// Terraform or OpenTofu.
    pub const fn flavour(self) -> Flavour {
        match self {
            Self::Terraform | Self::LatestTerraform => Flavour::Terraform,
            Self::OpenTofu => Flavour::OpenTofu,
        }
    }

    /// Name of the module that holds the tests with this CLI.
    pub const fn test_module(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::OpenTofu => "tofu",
            Self::LatestTerraform => "latest_terraform",
        }
    }

    /// Environment variable in which a user names the executable.
    pub const fn binary_variable(self) -> &'static str {
        match self {
            Self::Terraform => "TERRAFORM_BIN",
            Self::OpenTofu => "TOFU_BIN",
            Self::LatestTerraform => "LATEST_TERRAFORM_BIN",
        }
    }

    /// Environment variable in which `cargo xtask test` passes the executable to the tests.
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
