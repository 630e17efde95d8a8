//! Tests of the analysis, which turns documents into a contract or the reason why there is none.

mod connected;
mod contracts;
mod other_changes;
mod properties;
mod warnings;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::analyze::{analyze, is_possible_connection};
use super::connected::connected;
use super::difference::{Change, difference};
use super::hcl;
use super::mask::Mask;
use super::outcome::{Analysis, Outcome};
use super::snapshot::{List, Snapshot};
use super::warnings::before_connect;
use crate::defender_xdr;
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::Document;
use crate::tenant_connector::contract_arguments::ContractArguments;

const TENANT: &str = "22222222-2222-4222-8222-222222222222";
const XDR: &str = "MicrosoftThreatProtection";

const OWN_KIND: &str = "MicrosoftDefenderForCloudTenantBased";

/// A document as Azure lists it.
fn document(name: &str, kind: &str, mut properties: Value) -> Value {
    properties["tenantId"] = TENANT.into();
    json!({"id": format!("/x/{name}"), "name": name, "etag": "\"1\"", "type": "t", "kind": kind, "properties": properties})
}

#[expect(clippy::needless_pass_by_value, reason = "a filter is written where it is used")]
fn xdr(alerts: &str, filter: Value) -> Value {
    let data_types = json!({"incidents": {"state": "Disabled"}, "alerts": {"state": alerts}});
    document("c1", XDR, json!({"dataTypes": data_types, "filteredProviders": {"alerts": filter}}))
}

fn own() -> Value {
    document("c2", OWN_KIND, json!({"dataTypes": {"alerts": {"state": "Enabled"}}}))
}

/// A snapshot in which both previews list all documents, and the stable version lists none.
fn snapshot(documents: &[Value]) -> Snapshot {
    let parsed = || documents.iter().map(|value| Document::parse(value.clone()).expect("a document")).collect();
    Snapshot {
        lists: vec![
            List { api_version: "2025-10-01-preview", documents: parsed() },
            List { api_version: "2026-08-01-preview", documents: parsed() },
            List { api_version: "2026-07-01", documents: Vec::new() },
        ],
    }
}

fn changes(before: &[Value], after: &[Value]) -> Vec<Change> {
    difference(&snapshot(before), &snapshot(after))
}

/// Analyzes a change, and checks that a contract treats the documents after the change as connected.
#[track_caller]
fn analyzed(before: &[Value], after: &[Value]) -> Analysis {
    let analysis = analyze(&changes(before, after)).unless_masked(&mask());
    if let Outcome::Contract(arguments) = &analysis.outcome {
        let documents: Vec<Document> =
            after.iter().map(|value| Document::parse(value.clone()).expect("a document")).collect();
        assert!(defender_xdr::streaming(&documents, &arguments.contract().part()).is_some(), "{arguments:?}");
    }
    analysis
}

/// A mask for this tenant.
fn mask() -> Mask {
    let id = "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/rg-soc/providers/\
              Microsoft.OperationalInsights/workspaces/law-soc";
    let properties = json!({"tenantId": TENANT}).as_object().cloned().expect("an object");
    Mask::new(&WorkspaceId::parse(id).expect("an ID")).with_tenants_of([&properties])
}

#[track_caller]
fn contract(before: &[Value], after: &[Value]) -> (ContractArguments, Vec<String>) {
    let Analysis { outcome, notes } = analyzed(before, after);
    match outcome {
        Outcome::Contract(arguments) => (arguments, notes),
        other => panic!("expected a contract, got {other:?}"),
    }
}

#[track_caller]
fn reason(before: &[Value], after: &[Value]) -> String {
    match analyzed(before, after).outcome {
        Outcome::Inexpressible(reason) => reason,
        other => panic!("expected no contract, got {other:?}"),
    }
}

fn set(names: &[&str]) -> Option<BTreeSet<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

fn provider(name: &str) -> ContractArguments {
    ContractArguments { provider: Some(name.to_owned()), ..ContractArguments::default() }
}
