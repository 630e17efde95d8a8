//! Tests of the resource with a simulated workspace, from plan to destroy.

mod absences;
mod azure;
mod damage;
mod failures;
mod interruption;
mod lifecycle;
mod ownership;
mod versions;

use std::time::Duration;

use azure_simulator::Effect;
use serde_json::json;

use self::azure::{Azure, PAGE, SOLUTION};
use super::SolutionResource;
use super::attributes::{
    AVAILABLE_VERSION, CONNECTOR_IDS, CONTENT_ID, CONTENT_PRODUCT_ID, DEPENDENCIES, DEPLOYMENT_NAME, DISPLAY_NAME, ID,
    INSTALLED_VERSION, IS_DEPRECATED, PARAMETERS, REPAIR, TEMPLATE_COUNT, TRACK_LATEST, UPDATE_AVAILABLE, VERSION,
    WORKSPACE_ID, schema,
};
use crate::content_hub::installation::Repair;
use crate::framework::testing::{Lifecycle, summaries};
use crate::framework::{
    Attribute, AttributeValue, Config, Context, Diagnostics, Knowable, PlannedAction, Resource, State, Value,
};
use crate::session::Session;

fn lifecycle(azure: &Azure) -> Lifecycle {
    let client = azure.session().arm().clone();
    Lifecycle::single(SolutionResource::default, move || Session::new(client.clone()))
}

fn config(azure: &Azure) -> Config {
    Config::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&CONTENT_ID, Some(SOLUTION.to_owned()))
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn get<T: AttributeValue>(lifecycle: &Lifecycle, attribute: &Attribute<T>) -> T {
    lifecycle.state().expect("a state").get(attribute).expect("a value")
}

/// Applies without errors, and verifies that the next plan is empty. Returns the summaries of the diagnostics.
async fn applies(lifecycle: &mut Lifecycle, config: &Config) -> Vec<String> {
    let diagnostics = lifecycle.apply(config).await;
    assert!(!diagnostics.has_errors(), "{diagnostics}");
    let after = lifecycle.plan(config).await;
    assert!(!after.diagnostics.has_errors(), "{}", after.diagnostics);
    assert_eq!(after.action, PlannedAction::NoOp, "{:?}", after.state);
    summaries(&diagnostics)
}

/// The summary of a warning about [`SOLUTION`].
fn about(text: &str) -> String {
    format!("~{text}: {SOLUTION} in law-soc")
}

/// Asserts that the workspace contains exactly the content of [`SOLUTION`].
fn assert_complete(azure: &Azure) {
    assert_eq!(
        azure.objects(),
        [
            format!("contentpackages/{SOLUTION}"),
            "contenttemplates/dc".to_owned(),
            "contenttemplates/pl".to_owned(),
            format!("dataconnectors/{}", PAGE.to_lowercase()),
            format!("metadata/dataconnector-{}", PAGE.to_lowercase()),
        ]
    );
}
