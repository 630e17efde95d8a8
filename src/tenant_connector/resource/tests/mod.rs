//! Tests of the resource on a simulated workspace.

mod create_failures;
mod lifecycle;
mod ownership;
mod refresh;
mod roles;

use std::time::Duration;

use azure_simulator::{Effect, Moment};
use serde_json::{Value, json};

use super::attributes::{ADOPT_EXISTING, ID, NAME, WORKSPACE_ID, schema};
use crate::defender_xdr::TENANT_ID;
use crate::framework::{Context, Failed, ImportTarget, Read, Resource, State};
use crate::sentinel::TenantId;
use crate::sentinel::data_connector::name_for;
use crate::tenant_connector::TenantConnector;
use crate::tenant_connector::contract::Contract;
use crate::testing::{Azure, no_workspace_metadata, not_onboarded};

/// A connector that the portal created.
const PORTAL: &str = "dataConnectors/p1";

/// A filter that contains another product.
const IDENTITY: Option<&[&str]> = Some(&["microsoftDefenderForIdentity"]);

fn planned(azure: &Azure) -> State {
    State::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&ADOPT_EXISTING, false)
}

async fn create(azure: &Azure, planned: State) -> Result<State, Failed> {
    TenantConnector.create(&Context::for_tests(), &azure.session(), planned).await
}

async fn read(azure: &Azure, state: &State) -> Read {
    let read = TenantConnector.read(&Context::for_tests(), &azure.session(), state.clone()).await;
    read.expect("a response")
}

async fn delete(azure: &Azure, state: State) {
    TenantConnector.delete(&Context::for_tests(), &azure.session(), state).await.expect("deleted");
}

fn summary(failed: &Failed) -> String {
    failed.diagnostics().iter().map(|diagnostic| diagnostic.summary.clone()).collect()
}

/// A workspace with a Defender XDR connector that the portal created.
async fn portals(alerts: &str, providers: Option<&[&str]>) -> Azure {
    let azure = Azure::start_empty().await;
    azure.put(PORTAL, portal(&azure, alerts, providers));
    azure
}

fn portal(azure: &Azure, alerts: &str, providers: Option<&[&str]>) -> Value {
    let mut properties = json!({
        "tenantId": azure.tenant(),
        "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": alerts}},
    });
    if let Some(providers) = providers {
        properties["filteredProviders"] = json!({ "alerts": providers });
    }
    json!({"kind": "MicrosoftThreatProtection", "properties": properties})
}

async fn streaming() -> Azure {
    portals("enabled", Some(&["microsoftDefenderForCloud"])).await
}

fn connectors(azure: &Azure) -> Vec<Value> {
    azure.documents("dataConnectors")
}

/// The properties of the first connector, or null.
fn properties(azure: &Azure) -> Value {
    connectors(azure).first().map(|document| document["properties"].clone()).unwrap_or_default()
}

/// Changes the first connector like another process.
fn change(azure: &Azure, change: impl FnOnce(&mut Value)) {
    let mut document = connectors(azure).first().expect("a connector").clone();
    change(&mut document);
    let id = document["id"].as_str().expect("an ID").to_owned();
    azure.simulator.put_document(&id, document);
}

fn methods(azure: &Azure) -> String {
    azure.methods("/dataConnectors")
}
