//! Support for scenarios: a CLI in its sandbox, a simulated Azure, and assertions about both.

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
pub(crate) use configuration::{CONNECTOR, connector, connector_with, stage_example};
pub(crate) use content_hub::{CONTENT_ID, NEWEST, SOLUTION, offer, solution, solution_with};
pub(crate) use module_registry::ModuleRegistry;
#[cfg(unix)]
pub(crate) use scene::wait_until;
pub(crate) use scene::{Scene, assert_says};

/// Makes each of the named functions a test with Terraform and a test with OpenTofu.
///
/// - Scenarios after `every_cli:` also run with the latest Terraform, because the versions differ in what they do
///   there.
/// - Scenarios after `with_identities:` run only with OpenTofu and the latest Terraform, which know resource
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

/// The path of a file that `make.sh` made for the tests of client certificates.
macro_rules! fixture {
    ($name:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/src/azure/credential/client_certificate/fixtures/", $name)
    };
}
