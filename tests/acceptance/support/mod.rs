//! What every scenario stands on: a CLI in its sandbox before an Azure of its own, and the assertions about both.

mod azure;
mod configuration;
mod content_hub;
mod module_registry;
mod scene;

pub(crate) use configuration::{CONNECTOR, connector, connector_with};
pub(crate) use content_hub::{CONTENT_ID, NEWEST, SOLUTION, offer, solution, solution_with};
pub(crate) use module_registry::ModuleRegistry;
pub(crate) use scene::{Scene, assert_says, wait_until};

/// Makes each of the named functions a test with Terraform and a test with OpenTofu.
macro_rules! scenarios {
    ($($name:ident),+ $(,)?) => {
        mod terraform {
            $(
                #[test]
                fn $name() {
                    super::$name($crate::support::Scene::new(terraform_driver::Flavour::Terraform));
                }
            )+
        }

        mod tofu {
            $(
                #[test]
                fn $name() {
                    super::$name($crate::support::Scene::new(terraform_driver::Flavour::OpenTofu));
                }
            )+
        }
    };
}
