//! The rules by example: from what the workspace held before and after a click to the contract that is printed.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::connected::connected;
use super::difference::{Change, difference};
use super::express::{Outcome, Verdict, express, is_relevant};
use super::snapshot::{List, Snapshot};
use super::terms::Terms;
use super::warnings::before_the_click;
use crate::defender_xdr;
use crate::sentinel::data_connector::Document;
use crate::tenant_connector::contract::{Contract, is_word};

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

/// Both previews list everything, and the stable version nothing.
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

/// What the change comes to. Whatever contract is printed treats what the portal wrote as connected.
#[track_caller]
fn expressed(before: &[Value], after: &[Value]) -> Verdict {
    let verdict = express(&changes(before, after));
    if let Outcome::Contract(terms) = &verdict.outcome {
        let documents: Vec<Document> =
            after.iter().map(|value| Document::parse(value.clone()).expect("a document")).collect();
        assert!(defender_xdr::streaming(&documents, &terms.contract().part()).is_some(), "{terms:?}");
    }
    verdict
}

#[track_caller]
fn contract(before: &[Value], after: &[Value]) -> (Terms, Vec<String>) {
    let Verdict { outcome, notes } = expressed(before, after);
    match outcome {
        Outcome::Contract(terms) => (terms, notes),
        other => panic!("expected a contract, got {other:?}"),
    }
}

#[track_caller]
fn reason(before: &[Value], after: &[Value]) -> String {
    match expressed(before, after).outcome {
        Outcome::Inexpressible(reason) => reason,
        other => panic!("expected no contract, got {other:?}"),
    }
}

fn set(names: &[&str]) -> Option<BTreeSet<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

fn provider(name: &str) -> Terms {
    Terms { provider: Some(name.to_owned()), ..Terms::default() }
}

#[test]
fn the_default_needs_no_contract() {
    let after = xdr("Enabled", json!(["MicrosoftDefenderForCloud"]));

    assert_eq!(contract(&[], &[after]), (Terms::default(), Vec::new()));
}

#[test]
fn another_provider_is_named_in_a_new_and_in_an_existing_connector() {
    let cloud_apps = "microsoftDefenderForCloudApps";
    for (before, after) in [
        (vec![], xdr("Enabled", json!(["mdc"]))),
        (vec![xdr("Enabled", json!([cloud_apps]))], xdr("Enabled", json!([cloud_apps, "mdc"]))),
        (vec![xdr("Disabled", json!(null))], xdr("enabled", json!(["mdc", cloud_apps]))),
        (vec![xdr("Disabled", json!(["mdc"]))], xdr("Enabled", json!(["mdc"]))),
    ] {
        assert_eq!(contract(&before, &[after]).0, provider("mdc"));
    }
}

#[test]
fn a_kind_of_its_own_is_a_dedicated_connector() {
    let expected = Terms { kind: Some(OWN_KIND.to_owned()), ..Terms::default() };

    assert_eq!(contract(&[], &[own()]), (expected, Vec::new()));
}

#[test]
fn a_dedicated_connector_brings_its_data_types_and_properties() {
    let properties = json!({
        "dataTypes": {"cloud": {"alerts": {"state": "Enabled"}}, "more": {"state": "Disabled"}},
        "scope": {"level": "Tenant", "connectionId": TENANT, "since": "2026-08-01T00:00:00Z", "none": null},
    });

    let (terms, notes) = contract(&[], &[document("c", "Novel", properties)]);

    assert_eq!(
        terms,
        Terms {
            kind: Some("Novel".to_owned()),
            data_types: set(&["cloud.alerts"]),
            properties: json!({"scope": {"level": "Tenant"}}).as_object().cloned(),
            ..Terms::default()
        }
    );
    assert!(notes[0].contains("`scope.connectionId`, `scope.since`"), "{notes:?}");
}

#[test]
fn a_dedicated_connector_without_data_types_is_on_while_it_exists() {
    let (terms, _) = contract(&[], &[document("c", "Novel", json!({}))]);

    assert_eq!(terms, Terms { kind: Some("Novel".to_owned()), data_types: set(&[]), ..Terms::default() });
}

#[test]
fn another_data_type_of_the_shared_connector_needs_no_alerts() {
    let with = |types: Value| document("c1", XDR, json!({"dataTypes": types}));
    let before = with(json!({"incidents": {"state": "Disabled"}}));

    let (only, _) = contract(std::slice::from_ref(&before), &[with(json!({"cloudAlerts": {"state": "Enabled"}}))]);
    assert_eq!(only, Terms { data_types: set(&["cloudAlerts"]), ..Terms::default() });

    let both = document(
        "c1",
        XDR,
        json!({
            "dataTypes": {"cloudAlerts": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["mdc"]},
        }),
    );
    let (terms, _) = contract(&[before], &[both]);
    assert_eq!(terms, Terms { data_types: set(&["cloudAlerts", "alerts"]), ..provider("mdc") });
}

#[test]
fn what_only_a_newer_api_version_shows_needs_that_version() {
    let mut after = snapshot(&[]);
    after.lists[1].documents = vec![Document::parse(own()).expect("a document")];

    let Outcome::Contract(terms) = express(&difference(&snapshot(&[]), &after)).outcome else { panic!("a contract") };

    assert_eq!(terms.api_version.as_deref(), Some("2026-08-01-preview"));
}

#[test]
fn two_connectors_at_once_are_more_than_one_contract() {
    let reason = reason(&[], &[xdr("Enabled", json!(["microsoftDefenderForCloud"])), own()]);

    assert!(reason.starts_with("2 data connectors were turned on"), "{reason}");
    assert!(reason.contains("default contract writes the connector of kind \"MicrosoftThreatProtection\""), "{reason}");
    assert!(reason.contains(&format!("contract = {{ kind = \"{OWN_KIND}\" }}")), "{reason}");
}

#[test]
fn etags_and_the_case_of_states_are_no_change() {
    let before = xdr("Enabled", json!(["mdc"]));
    let mut after = xdr("enabled", json!(["mdc"]));
    after["etag"] = "\"2\"".into();
    after["systemData"] = json!({"lastModifiedAt": "now"});

    assert_eq!(changes(&[before], &[after]), Vec::new());
}

#[test]
fn nothing_is_nothing() {
    let documents = [xdr("Disabled", json!(null)), own()];

    assert_eq!(expressed(&documents, &documents), Verdict { outcome: Outcome::Nothing, notes: Vec::new() });
}

#[test]
fn what_disappeared_is_said_and_is_no_contract() {
    assert!(reason(&[own()], &[]).contains(&format!("kind \"{OWN_KIND}\" disappeared")));
    let (terms, notes) = contract(&[own()], &[xdr("Enabled", json!(["mdc"]))]);
    assert_eq!(terms, provider("mdc"));
    assert!(notes[0].contains("disappeared"), "{notes:?}");
    let off = reason(&[xdr("Enabled", json!(["mdc"]))], &[xdr("Disabled", json!([]))]);
    assert!(off.contains("`dataTypes.alerts` was turned off") && off.contains("\"mdc\" left the filter"), "{off}");
}

#[test]
fn what_somebody_else_does_at_the_same_time_is_told_apart() {
    let office = |state: &str| document("o", "Office365", json!({"dataTypes": {"exchange": {"state": state}}}));
    let page = document("MicrosoftDefenderForCloudTenantBased", "GenericUI", json!({"connectorUiConfig": {}}));
    let subscription = document("s", "AzureSecurityCenter", json!({"dataTypes": {"alerts": {"state": "Enabled"}}}));
    let before = [office("Disabled"), subscription];

    let (terms, notes) = contract(&before, &[office("Enabled"), page.clone(), xdr("Enabled", json!(["mdc"]))]);

    assert_eq!(terms, provider("mdc"));
    for expected in ["another product", "connector page", "sentinel_dfc_subscription_connector"] {
        assert!(notes.iter().any(|note| note.contains(expected)), "{expected}: {notes:?}");
    }
    let alone = changes(&before, &[office("Enabled"), before[1].clone(), page]);
    assert_eq!(express(&alone).outcome, Outcome::Nothing);
    assert!(!alone.iter().any(is_relevant), "waiting goes on");
}

#[test]
fn another_provider_that_is_added_at_the_same_time_is_told_apart_or_refused() {
    let before = [xdr("Enabled", json!([]))];
    let identity = "microsoftDefenderForIdentity";

    let (terms, notes) = contract(&before, &[xdr("Enabled", json!([identity, "mdc"]))]);
    assert_eq!(terms, provider("mdc"));
    assert!(notes[0].contains(identity), "{notes:?}");
    let (terms, _) = contract(&before, &[xdr("Enabled", json!(["novel", "microsoftDefenderForCloud"]))]);
    assert_eq!(terms, Terms::default());
    assert!(reason(&before, &[xdr("Enabled", json!(["one", "two"]))]).contains("not certain which of them"));
}

#[test]
fn incidents_belong_to_another_resource() {
    let with = |alerts: &str, incidents: &str| {
        let mut document = xdr(alerts, json!(["microsoftDefenderForCloud"]));
        document["properties"]["dataTypes"]["incidents"]["state"] = incidents.into();
        document
    };

    let (terms, notes) = contract(&[], &[with("Enabled", "Enabled")]);
    assert_eq!(terms, Terms::default());
    assert!(notes[0].contains("`dataTypes.incidents` was turned on too"), "{notes:?}");
    let only = reason(&[with("Enabled", "Disabled")], &[with("Enabled", "Enabled")]);
    assert!(only.contains("sentinel_defender_xdr_connector"), "{only}");
}

#[test]
fn a_stream_without_a_filter_is_no_contract_and_never_becomes_one_with_a_filter() {
    let unfiltered = xdr("Enabled", json!(null));

    for before in [vec![], vec![xdr("Disabled", json!(["x"]))], vec![xdr("Enabled", json!(["x"]))]] {
        let reason = reason(&before, std::slice::from_ref(&unfiltered));
        assert!(reason.contains("without a filter") && reason.contains("adopt_existing"), "{reason}");
    }
}

#[test]
fn what_a_contract_cannot_contain_is_named() {
    let mut novel = xdr("Enabled", json!(["mdc"]));
    novel["properties"]["mode"] = "cloud".into();
    assert!(reason(&[], &[novel]).contains("`properties.mode`"));
    let mut outside = own();
    outside["sku"] = "premium".into();
    assert!(reason(&[], &[outside]).contains("`sku`"));
    let pending = document("c", "Novel", json!({"dataTypes": {"alerts": {"state": "Pending"}}}));
    assert!(reason(&[], &[pending]).contains("`dataTypes.alerts`"));
    let secret = document("c", "Novel", json!({"auth": {"clientSecret": "correct-horse"}}));
    assert!(reason(&[], &[secret]).contains("a secret"));
    let other = document("c2", "Novel", json!({}));
    assert!(reason(&[own()], &[other]).contains("The kind of a data connector changed"));
}

#[test]
fn a_connected_workspace_uses_one_contract() {
    let check = |documents: &[Value]| connected(&snapshot(documents));
    let page = document("MicrosoftDefenderForCloudTenantBased", "GenericUI", json!({"connectorUiConfig": {}}));
    let ours = xdr("Enabled", json!(["microsoftDefenderForCloud", "microsoftDefenderForIdentity"]));

    assert_eq!(check(&[page, xdr("Disabled", json!(["microsoftDefenderForCloud"]))]).outcome, Outcome::Nothing);
    assert_eq!(
        check(std::slice::from_ref(&ours)),
        Verdict { outcome: Outcome::Contract(Terms::default()), notes: vec![] }
    );
    let renamed = "microsoftDefenderForCloudAlerts";
    assert_eq!(check(&[xdr("Enabled", json!([renamed]))]).outcome, Outcome::Contract(provider(renamed)));
    let kind = Terms { kind: Some(OWN_KIND.to_owned()), ..Terms::default() };
    assert_eq!(check(&[own()]).outcome, Outcome::Contract(kind));
    assert!(matches!(check(&[own(), ours]).outcome, Outcome::Inexpressible(_)));
}

#[test]
fn a_connected_workspace_is_not_guessed_about() {
    let check = |documents: &[Value]| connected(&snapshot(documents));

    let unknown = check(&[xdr("Enabled", json!(["mdc", "microsoftDefenderForIdentity"]))]);
    assert_eq!(unknown.outcome, Outcome::Contract(provider("mdc")));
    assert!(unknown.notes[0].contains("\"mdc\"") && unknown.notes[0].contains("contract record"), "{unknown:?}");
    assert!(matches!(check(&[xdr("Enabled", json!(["one", "two"]))]).outcome, Outcome::Inexpressible(_)));
    let others = check(&[xdr("Enabled", json!(["microsoftDefenderForIdentity"]))]);
    assert_eq!(others, Verdict { outcome: Outcome::Nothing, notes: Vec::new() });
    let both = check(&[xdr("Enabled", json!(["microsoftDefenderForCloud", "mdc"]))]);
    assert_eq!(both.outcome, Outcome::Contract(Terms::default()));
    assert!(both.notes[0].contains("\"mdc\""), "{both:?}");
    let unfiltered = check(&[xdr("Enabled", json!(null))]);
    assert_eq!(unfiltered.outcome, Outcome::Contract(Terms::default()));
    assert!(unfiltered.notes[0].contains("no filter"), "{unfiltered:?}");
}

#[test]
fn a_click_that_may_show_nothing_is_announced() {
    let page = document("MicrosoftDefenderForCloudTenantBased", "GenericUI", json!({"connectorUiConfig": {}}));
    let mut incidents = xdr("Disabled", json!(null));
    incidents["properties"]["dataTypes"]["incidents"]["state"] = "enabled".into();
    let summaries = |documents: &[Value]| -> Vec<String> {
        before_the_click(&snapshot(documents)).into_iter().map(|warning| warning.summary).collect()
    };

    assert_eq!(summaries(std::slice::from_ref(&page)), Vec::<String>::new());
    assert_eq!(summaries(&[page.clone(), incidents]), ["The Defender XDR connector is already on"]);
    assert_eq!(summaries(&[page, own()]), ["The workspace seems to be connected already"]);
    assert_eq!(summaries(&[]), ["The connector page is missing"]);
}

/// Properties in any condition: parts missing, of the wrong type, or unheard of.
fn properties() -> impl Strategy<Value = Value> {
    let state = prop::sample::select(vec!["Enabled", "enabled", "Disabled", "Pending"]).prop_map(Value::from);
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), "[a-zA-Z. @-]{0,8}".prop_map(Value::from)];
    let data_type = prop_oneof![6 => state.prop_map(|state| json!({"state": state})), 1 => leaf.clone()];
    let name = prop::sample::select(vec!["alerts", "incidents", "cloudAlerts", "advancedHunting", "a.b", "x y"]);
    let types = prop::collection::hash_map(name, data_type, 0..4)
        .prop_map(|types| json!(types.into_iter().collect::<std::collections::BTreeMap<_, _>>()));
    let provider =
        prop::sample::select(vec!["microsoftDefenderForCloud", "microsoftDefenderForIdentity", "mdc", "a b"]);
    let filter = prop_oneof![
        1 => Just(Value::Null),
        4 => prop::collection::vec(provider, 0..3).prop_map(|names| json!({"alerts": names})),
        1 => leaf.clone(),
    ];
    let types = prop_oneof![8 => types, 1 => leaf.clone()];
    (types, filter, prop::option::of(leaf))
        .prop_map(|(types, filter, other)| json!({"dataTypes": types, "filteredProviders": filter, "other": other}))
}

/// Whether the resource accepts the terms.
fn is_accepted(terms: &Terms, contract: &Contract) -> bool {
    let words = terms.kind.iter().chain(&terms.provider).all(|word| is_word(word));
    let others = |name: &String| name.starts_with("incidents") || name.starts_with("advancedHunting");
    let is_shared = contract.kind == XDR;
    words
        && contract.data_types.iter().all(|name| name.split('.').all(is_word))
        && !(is_shared && (contract.data_types.is_empty() || contract.data_types.iter().any(others)))
        && (contract.properties.is_empty() || !is_shared)
        && (terms.provider.is_none() || contract.has_filter())
}

proptest! {
    #[test]
    fn whatever_changes_is_read_and_a_contract_is_accepted_and_streams(
        before in prop::option::of(properties()), after in properties(), kind in prop::sample::select(vec![XDR, "Novel"])
    ) {
        let list = |properties: &Value| vec![document("c1", kind, properties.clone())];
        let before = before.as_ref().map(list).unwrap_or_default();

        for verdict in [express(&changes(&before, &list(&after))), connected(&snapshot(&list(&after)))] {
            if let Outcome::Contract(terms) = verdict.outcome {
                let contract = terms.contract();
                prop_assert!(is_accepted(&terms, &contract), "{:?}", terms);
                let documents = [Document::parse(list(&after)[0].clone()).expect("a document")];
                prop_assert!(defender_xdr::streaming(&documents, &contract.part()).is_some(), "{:?}", terms);
            }
        }
    }
}
