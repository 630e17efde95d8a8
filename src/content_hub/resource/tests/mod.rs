//! The resource's life against a workspace that keeps content as Azure does.

mod broken_off;
mod damage;
mod failures;
mod life;
mod versions;

use std::time::Duration;

use serde_json::json;

use super::SolutionResource;
use super::attributes::{
    ADOPT_EXISTING, AVAILABLE_VERSION, CONNECTOR_IDS, CONTENT_ID, CONTENT_PRODUCT_ID, DEPENDENCIES, DEPLOYMENT_NAME,
    DISPLAY_NAME, ID, INSTALLED_VERSION, PARAMETERS, TEMPLATE_COUNT, TRACK_LATEST, UPDATE_AVAILABLE, VERSION,
    VERSION_CONSTRAINT, WORKSPACE_ID, schema,
};
use super::identity::TYPE_NAME;
use crate::azure::testing::Reply;
use crate::content_hub::testing::{Azure, PAGE, SOLUTION, World};
use crate::content_hub::version::constraint::VersionConstraint;
use crate::framework::testing::{Lifecycle, summaries};
use crate::framework::{
    AnyDataSource, AnyResource, Attribute, AttributeValue, Config, Context, Diagnostics, Knowable, PlannedAction,
    Provider, Resource, Schema, State, resource,
};
use crate::session::Session;

/// A provider of this resource alone; each run has a session of its own.
struct Alone(Box<dyn Fn() -> Session + Send + Sync>);

impl Provider for Alone {
    type Client = Session;

    fn name(&self) -> &'static str {
        "sentinel"
    }

    fn schema(&self) -> Schema {
        Schema::new("For tests.")
    }

    async fn configure(&self, _: &Context, _: Config, _: &str) -> Result<Knowable<Session>, Diagnostics> {
        Ok(Knowable::Known(self.0()))
    }

    fn resources(&self) -> Vec<AnyResource<Session>> {
        vec![resource(SolutionResource)]
    }

    fn data_sources(&self) -> Vec<AnyDataSource<Session>> {
        Vec::new()
    }
}

fn life(azure: &Azure) -> Lifecycle {
    let client = azure.session().arm().clone();
    Lifecycle::new(Alone(Box::new(move || Session::new(client.clone()))), TYPE_NAME)
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
