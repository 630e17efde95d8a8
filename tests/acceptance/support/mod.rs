//! Support for scenarios: Terraform in a sandbox, a simulated Azure, and assertions about both.

mod alerts;
mod azure;
#[cfg(unix)]
mod azure_cli;
mod configuration;
mod content_hub;
pub(crate) mod incident_rule;
pub(crate) mod leaks;
mod module_registry;
pub(crate) mod moved;
mod scene;

pub(crate) use alerts::{AlertCount, AlertCounter};
pub(crate) use configuration::{CONNECTOR, connector, connector_with, copy_example};
pub(crate) use content_hub::{CONTENT_ID, NEWEST, SOLUTION, offer, solution, solution_with};
pub(crate) use module_registry::ModuleRegistry;
#[cfg(unix)]
pub(crate) use scene::wait_until;
pub(crate) use scene::{Scene, assert_says};

/// Defines a test with Terraform and a test with OpenTofu for each of these functions.
///
/// - Scenarios after `every_cli:` also run with the latest Terraform, because the behavior depends on the version.
/// - Scenarios after `with_identities:` run only with OpenTofu and the latest Terraform, which support resource
///   identities.
macro_rules! scenarios {
    (
        $($usual:ident),* $(,)?
        $(; every_cli: $($every:ident),+ $(,)?)?
        $(; with_identities: $($identity:ident),+ $(,)?)?
    ) => {
        scenarios!(@tests terraform Terraform: $($usual)* $($($every)+)?);
        scenarios!(@tests tofu OpenTofu: $($usual)* $($($every)+)? $($($identity)+)?);
        scenarios!(@tests latest_terraform LatestTerraform: $($($every)+)? $($($identity)+)?);
    };
    (@tests $module:ident $cli:ident:) => {};
    (@tests $module:ident $cli:ident: $($name:ident)+) => {
        mod $module {
            $(
                #[test]
                fn $name() {
                    super::$name($crate::support::Scene::new(terraform_driver::TestCli::$cli));
                }
            )+
        }
    };
}

/// The path of a fixture that `make.sh` created for the tests of client certificates.
macro_rules! fixture {
    ($name:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/src/azure/credential/client_certificate/fixtures/", $name)
    };
}
