//! The resource's life against a workspace that keeps content as Azure does.

mod broken_off;
mod damage;
mod failures;
mod life;
mod ownership;
mod versions;

use std::time::Duration;

use serde_json::json;

use super::SolutionResource;
use super::attributes::{
    ADOPT_EXISTING, AVAILABLE_VERSION, CONNECTOR_IDS, CONTENT_ID, CONTENT_PRODUCT_ID, DEPENDENCIES, DEPLOYMENT_NAME,
    DISPLAY_NAME, ID, INSTALLED_VERSION, PARAMETERS, TEMPLATE_COUNT, TRACK_LATEST, UPDATE_AVAILABLE, VERSION,
    VERSION_CONSTRAINT, WORKSPACE_ID, schema,
};
use crate::azure::testing::Reply;
use crate::content_hub::testing::{Azure, PAGE, SOLUTION, World};
use crate::content_hub::version::constraint::VersionConstraint;
use crate::framework::testing::{Lifecycle, summaries};
use crate::framework::{
    Attribute, AttributeValue, Config, Context, Diagnostics, Knowable, PlannedAction, Resource, State,
};
use crate::session::Session;

fn life(azure: &Azure) -> Lifecycle {
    let client = azure.session().arm().clone();
    Lifecycle::alone(SolutionResource::default, move || Session::new(client.clone()))
}

fn config(azure: &Azure) -> Config {
    Config::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&CONTENT_ID, Some(SOLUTION.to_owned()))
}

fn at_least(constraint: &str) -> Option<VersionConstraint> {
    Some(VersionConstraint::parse(constraint).expect("a constraint"))
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn get<T: AttributeValue>(life: &Lifecycle, attribute: &Attribute<T>) -> T {
    life.state().expect("a state").get(attribute).expect("a value")
}

/// Applies, which must succeed, and then plans nothing.
async fn applies(life: &mut Lifecycle, config: &Config) -> Vec<String> {
    let told = life.apply(config).await;
    assert!(!told.has_errors(), "{told}");
    let after = life.plan(config).await;
    assert!(!after.diagnostics.has_errors(), "{}", after.diagnostics);
    assert_eq!(after.action, PlannedAction::NoOp, "{:?}", after.state);
    summaries(&told)
}

/// Everything of the solution is there, once.
fn assert_whole(azure: &Azure) {
    assert_eq!(
        azure.holds(),
        [
            format!("contentpackages/{SOLUTION}"),
            "contenttemplates/template-1".to_owned(),
            "contenttemplates/template-2".to_owned(),
            format!("dataconnectors/{}", PAGE.to_lowercase()),
            "metadata/dataconnector-cloudpage".to_owned(),
        ]
    );
}
