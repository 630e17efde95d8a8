//! The rules by example: from what the workspace held before and after a click to the contract that is printed.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::analyze::{analyze, is_possible_click};
use super::connected::connected;
use super::difference::{Change, difference};
use super::hcl;
use super::mask::Mask;
use super::outcome::{Analysis, Outcome};
use super::snapshot::{List, Snapshot};
use super::warnings::before_the_click;
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
fn expressed(before: &[Value], after: &[Value]) -> Analysis {
    let analysis = analyze(&changes(before, after)).unless_masked(&mask());
    if let Outcome::Contract(arguments) = &analysis.outcome {
        let documents: Vec<Document> =
            after.iter().map(|value| Document::parse(value.clone()).expect("a document")).collect();
        assert!(defender_xdr::streaming(&documents, &arguments.contract().part()).is_some(), "{arguments:?}");
    }
    analysis
}

/// The mask of a record in this tenant.
fn mask() -> Mask {
    let id = "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/rg-soc/providers/\
              Microsoft.OperationalInsights/workspaces/law-soc";
    let properties = json!({"tenantId": TENANT}).as_object().cloned().expect("an object");
    Mask::new(&WorkspaceId::parse(id).expect("an ID")).with_tenants_of([&properties])
}

#[track_caller]
fn contract(before: &[Value], after: &[Value]) -> (ContractArguments, Vec<String>) {
    let Analysis { outcome, notes } = expressed(before, after);
    match outcome {
        Outcome::Contract(arguments) => (arguments, notes),
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

fn provider(name: &str) -> ContractArguments {
    ContractArguments { provider: Some(name.to_owned()), ..ContractArguments::default() }
}

#[test]
fn the_default_needs_no_contract() {
    let after = xdr("Enabled", json!(["MicrosoftDefenderForCloud"]));

    assert_eq!(contract(&[], &[after]), (ContractArguments::default(), Vec::new()));
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
    let expected = ContractArguments { kind: Some(OWN_KIND.to_owned()), ..ContractArguments::default() };

    assert_eq!(contract(&[], &[own()]), (expected, Vec::new()));
}

#[test]
fn a_dedicated_connector_brings_its_data_types_and_properties() {
    let properties = json!({
        "dataTypes": {"cloud": {"alerts": {"state": "Enabled"}}, "more": {"state": "Disabled"}},
        "scope": {"level": "Tenant", "connectionId": TENANT, "since": "2026-08-01T00:00:00Z", "none": null},
    });

    let (arguments, notes) = contract(&[], &[document("c", "Novel", properties)]);

    assert_eq!(
        arguments,
        ContractArguments {
            kind: Some("Novel".to_owned()),
            data_types: set(&["cloud.alerts"]),
            properties: json!({"scope": {"level": "Tenant"}}).as_object().cloned(),
            ..ContractArguments::default()
        }
    );
    assert!(notes[0].contains("`scope.connectionId`, `scope.since`"), "{notes:?}");
}

#[test]
fn ids_in_arrays_and_in_names_are_left_out() {
    let properties = json!({
        "scopes": [{"kind": "Subscription", "subscriptionId": TENANT}],
        "nested": {"ids": [[TENANT]], TENANT: {"on": true}, "byId": [{TENANT: 1}]},
        "plans": [{"name": "servers", "parts": ["a", null]}],
    });

    let (arguments, notes) = contract(&[], &[document("c", "Novel", properties)]);

    let expected = json!({"nested": {}, "plans": [{"name": "servers", "parts": ["a", null]}]});
    assert_eq!(arguments.properties, expected.as_object().cloned());
    for place in ["`scopes`", "`nested.ids`", &format!("`nested.{TENANT}`"), "`nested.byId`"] {
        assert!(notes[0].contains(place), "{place}: {notes:?}");
    }
}

#[test]
fn a_contract_that_the_mask_would_change_is_not_printed() {
    for value in [
        format!("x{}", TENANT.replace('-', "")),
        "/resourceGroups/rg-soc".to_owned(),
        "red\u{202e}".to_owned() + "\u{9b}31m",
    ] {
        let reason = reason(&[], &[document("c", "Novel", json!({ "scope": value }))]);
        assert!(reason.contains("ID, an email address or a secret"), "{reason}");
    }
}

#[test]
fn what_was_on_before_is_not_the_click() {
    let with = |types: Value| {
        let types: serde_json::Map<String, Value> =
            types.as_object().into_iter().flatten().map(|(name, on)| (name.clone(), json!({"state": on}))).collect();
        document("c", "Novel", json!({ "dataTypes": types }))
    };
    let refreshed = |mut document: Value| {
        document["properties"]["lastSync"] = "2026-08-01T00:00:00Z".into();
        document
    };
    let both = with(json!({"a": "Enabled", "b": "Enabled"}));

    for (before, after, expected) in [
        (both.clone(), refreshed(both.clone()), "nothing was turned on"),
        (both.clone(), with(json!({"a": "Enabled", "b": "Disabled"})), "`dataTypes.b` was turned off"),
        (both.clone(), with(json!({"b": "Enabled"})), "`dataTypes.a` was turned off"),
        (document("c", "Novel", json!({})), refreshed(document("c", "Novel", json!({}))), "nothing was turned on"),
    ] {
        let (before, after) = ([before], [after]);
        assert!(reason(&before, &after).contains(expected), "{}", reason(&before, &after));
        assert!(!changes(&before, &after).iter().any(is_possible_click), "waiting goes on");
    }

    let (arguments, notes) = contract(&[with(json!({"a": "Enabled", "c": "Enabled"}))], &[both]);
    assert_eq!(arguments.data_types, set(&["a", "b"]));
    assert!(notes[0].contains("`dataTypes.c` was turned off"), "{notes:?}");
    assert!(notes[1].contains("`dataTypes.a` was already on"), "{notes:?}");
}

#[test]
fn data_types_in_another_case_are_no_contract() {
    let with = |kind: &str, name: &str| document("c", kind, json!({"dataTypes": {name: {"state": "Enabled"}}}));

    for kind in [XDR, "Novel"] {
        let reason = reason(&[], &[with(kind, "Alerts")]);
        assert!(reason.contains("\"Alerts\" is spelled differently"), "{reason}");
    }
    assert!(reason(&[], &[with(XDR, "Incidents")]).contains("sentinel_defender_xdr_connector"));
    let check = connected(&snapshot(&[with(XDR, "Incidents")]));
    assert_eq!(check, Analysis { outcome: Outcome::Nothing, notes: Vec::new() });
}

#[test]
fn the_shared_connector_never_gets_a_stable_api_version() {
    let mut after = snapshot(&[]);
    after.lists[2].documents = vec![Document::parse(xdr("Enabled", json!(["mdc"]))).expect("a document")];

    for outcome in [analyze(&difference(&snapshot(&[]), &after)).outcome, connected(&after).outcome] {
        assert_eq!(outcome, Outcome::Contract(provider("mdc")));
    }
}

#[test]
fn a_shared_connector_that_only_a_newer_preview_shows_needs_that_version() {
    let mut after = snapshot(&[]);
    after.lists[1].documents = vec![Document::parse(xdr("Enabled", json!(["mdc"]))).expect("a document")];
    let newer = Some("2026-08-01-preview".to_owned());

    for outcome in [analyze(&difference(&snapshot(&[]), &after)).outcome, connected(&after).outcome] {
        assert_eq!(outcome, Outcome::Contract(ContractArguments { api_version: newer.clone(), ..provider("mdc") }));
    }
}

#[test]
fn a_dedicated_connector_without_data_types_is_on_while_it_exists() {
    let (arguments, _) = contract(&[], &[document("c", "Novel", json!({}))]);

    assert_eq!(
        arguments,
        ContractArguments { kind: Some("Novel".to_owned()), data_types: set(&[]), ..ContractArguments::default() }
    );
}

#[test]
fn another_data_type_of_the_shared_connector_needs_no_alerts() {
    let with = |types: Value| document("c1", XDR, json!({"dataTypes": types}));
    let before = with(json!({"incidents": {"state": "Disabled"}}));

    let (only, _) = contract(std::slice::from_ref(&before), &[with(json!({"cloudAlerts": {"state": "Enabled"}}))]);
    assert_eq!(only, ContractArguments { data_types: set(&["cloudAlerts"]), ..ContractArguments::default() });

    let both = document(
        "c1",
        XDR,
        json!({
            "dataTypes": {"cloudAlerts": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["mdc"]},
        }),
    );
    let (arguments, _) = contract(&[before], &[both]);
    assert_eq!(arguments, ContractArguments { data_types: set(&["cloudAlerts", "alerts"]), ..provider("mdc") });
}

#[test]
fn what_only_a_newer_api_version_shows_needs_that_version() {
    let mut after = snapshot(&[]);
    after.lists[1].documents = vec![Document::parse(own()).expect("a document")];

    let Outcome::Contract(arguments) = analyze(&difference(&snapshot(&[]), &after)).outcome else {
        panic!("a contract")
    };

    assert_eq!(arguments.api_version.as_deref(), Some("2026-08-01-preview"));
}

#[test]
fn two_connectors_at_once_are_more_than_one_contract() {
    let reason = reason(&[], &[xdr("Enabled", json!(["microsoftDefenderForCloud"])), own()]);

    assert!(reason.starts_with("2 data connectors were turned on"), "{reason}");
    assert!(reason.contains("kind \"MicrosoftThreatProtection\" alone is written by the default contract"), "{reason}");
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
fn the_case_of_a_kind_is_no_change_and_that_of_another_value_is_one() {
    let with = |kind: &str, scope: &str| document("c", kind, json!({ "scope": scope }));

    assert_eq!(changes(&[with("Novel", "a")], &[with("novel", "a")]), Vec::new());
    assert_eq!(changes(&[with("Novel", "a")], &[with("Novel", "A")])[0].fields[0].path, ["properties", "scope"]);
}

#[test]
fn a_connector_that_is_turned_on_is_a_possible_click() {
    for after in [own(), xdr("Enabled", json!(["mdc"]))] {
        assert!(changes(&[], &[after]).iter().any(is_possible_click));
    }
}

#[test]
fn nothing_is_nothing() {
    let documents = [xdr("Disabled", json!(null)), own()];

    assert_eq!(expressed(&documents, &documents), Analysis { outcome: Outcome::Nothing, notes: Vec::new() });
}

#[test]
fn what_disappeared_is_said_and_is_no_contract() {
    assert!(reason(&[own()], &[]).contains(&format!("kind \"{OWN_KIND}\" disappeared")));
    let (arguments, notes) = contract(&[own()], &[xdr("Enabled", json!(["mdc"]))]);
    assert_eq!(arguments, provider("mdc"));
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

    let (arguments, notes) = contract(&before, &[office("Enabled"), page.clone(), xdr("Enabled", json!(["mdc"]))]);

    assert_eq!(arguments, provider("mdc"));
    for expected in ["another product", "connector page", "sentinel_dfc_subscription_connector"] {
        assert!(notes.iter().any(|note| note.contains(expected)), "{expected}: {notes:?}");
    }
    let alone = changes(&before, &[office("Enabled"), before[1].clone(), page]);
    assert_eq!(analyze(&alone).outcome, Outcome::Nothing);
    assert!(!alone.iter().any(is_possible_click), "waiting goes on");
}

#[test]
fn another_provider_that_is_added_at_the_same_time_is_told_apart_or_refused() {
    let before = [xdr("Enabled", json!([]))];
    let identity = "microsoftDefenderForIdentity";

    let (arguments, notes) = contract(&before, &[xdr("Enabled", json!([identity, "mdc"]))]);
    assert_eq!(arguments, provider("mdc"));
    assert!(notes[0].contains(identity), "{notes:?}");
    let (arguments, _) = contract(&before, &[xdr("Enabled", json!(["novel", "microsoftDefenderForCloud"]))]);
    assert_eq!(arguments, ContractArguments::default());
    assert!(reason(&before, &[xdr("Enabled", json!(["one", "two"]))]).contains("not certain which of them"));
}

#[test]
fn incidents_belong_to_another_resource() {
    let with = |alerts: &str, incidents: &str| {
        let mut document = xdr(alerts, json!(["microsoftDefenderForCloud"]));
        document["properties"]["dataTypes"]["incidents"]["state"] = incidents.into();
        document
    };

    let (arguments, notes) = contract(&[], &[with("Enabled", "Enabled")]);
    assert_eq!(arguments, ContractArguments::default());
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
    let crowded = document("c", "Novel", json!({"dataTypes": {"alerts": {"state": "Enabled", "level": 1}}}));
    assert!(reason(&[], &[crowded]).contains("`dataTypes.alerts` has more members than its state"));
}

#[test]
fn only_the_states_of_data_types_are_expressible_in_the_shared_connector() {
    for (properties, place) in [
        (json!({"dataTypes": {"state": "Enabled"}}), "`properties.dataTypes.state`"),
        (json!({"dataTypes": {"alerts": {"level": 1}}}), "`properties.dataTypes.alerts.level`"),
        (json!({"mode": {"level": {"state": "Enabled"}}}), "`properties.mode.level.state`"),
    ] {
        let reason = reason(&[], &[document("c1", XDR, properties)]);
        assert!(reason.contains(place), "{reason}");
    }
}

#[test]
fn a_change_outside_the_properties_does_not_hide_that_nothing_was_turned_on() {
    let with = |state: &str, sku: &str| {
        let mut document = document("c", "Novel", json!({"dataTypes": {"a": {"state": state}}}));
        document["sku"] = sku.into();
        document
    };
    let (before, after) = ([with("Enabled", "basic")], [with("Disabled", "premium")]);

    assert!(reason(&before, &after).contains("nothing was turned on"));
    assert!(!changes(&before, &after).iter().any(is_possible_click), "waiting goes on");
}

#[test]
fn a_note_says_whether_a_connector_appeared_changed_or_disappeared() {
    let office = |state: &str| document("o", "Office365", json!({"dataTypes": {"exchange": {"state": state}}}));
    let notes = |before: &[Value], after: &[Value]| analyze(&changes(before, after)).notes.concat();

    assert!(notes(&[], &[office("Enabled")]).contains("appeared"));
    assert!(notes(&[office("Enabled")], &[office("Disabled")]).contains("changed"));
    assert!(notes(&[office("Enabled")], &[]).contains("disappeared"));
}

#[test]
fn email_addresses_and_ids_inside_other_texts_are_left_out() {
    let properties = json!({"owner": "ada@contoso.com", "parent": format!("x/{TENANT}"), "mode": "cloud"});

    let (arguments, notes) = contract(&[], &[document("c", "Novel", properties)]);

    assert_eq!(arguments.properties, json!({"mode": "cloud"}).as_object().cloned());
    assert!(notes[0].contains("`owner`, `parent`"), "{notes:?}");
}

#[test]
fn a_connected_workspace_uses_one_contract() {
    let check = |documents: &[Value]| connected(&snapshot(documents));
    let page = document("MicrosoftDefenderForCloudTenantBased", "GenericUI", json!({"connectorUiConfig": {}}));
    let ours = xdr("Enabled", json!(["microsoftDefenderForCloud", "microsoftDefenderForIdentity"]));

    assert_eq!(check(&[page, xdr("Disabled", json!(["microsoftDefenderForCloud"]))]).outcome, Outcome::Nothing);
    assert_eq!(
        check(std::slice::from_ref(&ours)),
        Analysis { outcome: Outcome::Contract(ContractArguments::default()), notes: vec![] }
    );
    let renamed = "microsoftDefenderForCloudAlerts";
    assert_eq!(check(&[xdr("Enabled", json!([renamed]))]).outcome, Outcome::Contract(provider(renamed)));
    let kind = ContractArguments { kind: Some(OWN_KIND.to_owned()), ..ContractArguments::default() };
    assert_eq!(check(&[own()]).outcome, Outcome::Contract(kind));
    assert!(matches!(check(&[own(), ours]).outcome, Outcome::Inexpressible(_)));
}

#[test]
fn a_connected_workspace_may_have_connectors_of_unknown_kinds() {
    let check = |documents: &[Value]| connected(&snapshot(documents));
    let ours = xdr("Enabled", json!(["microsoftDefenderForCloud"]));
    let unknown = document("n", "Novel", json!({"dataTypes": {"a": {"state": "Enabled"}}}));
    let without_data_types = document("n", "Novel", json!({}));
    let broken = document("n", "Novel", json!({"dataTypes": {"a": {"state": "Pending"}}}));

    for other in [&unknown, &without_data_types, &broken] {
        let both = check(&[other.clone(), ours.clone()]);
        assert_eq!(both.outcome, Outcome::Contract(ContractArguments::default()), "{other}");
    }
    let both = check(&[unknown.clone(), ours.clone()]);
    assert!(both.notes.iter().any(|note| note.contains("unknown kind \"Novel\"")), "{both:?}");

    let alone = check(std::slice::from_ref(&unknown));
    let expected = ContractArguments { kind: Some("Novel".to_owned()), data_types: set(&["a"]), ..Default::default() };
    assert_eq!(alone.outcome, Outcome::Contract(expected));
    assert!(alone.notes.iter().any(|note| note.contains("for certain")), "{alone:?}");

    let alone = check(std::slice::from_ref(&without_data_types));
    assert_eq!(alone.outcome, Outcome::Nothing, "adopting it could delete another product's connector");
    assert!(alone.notes.iter().any(|note| note.contains("data_types = []")), "{alone:?}");
    let alone = check(&[broken]);
    assert_eq!(alone.outcome, Outcome::Nothing);
    assert!(alone.notes[0].contains("`dataTypes.a`"), "{alone:?}");
}

#[test]
fn a_problem_does_not_hide_the_contract_that_was_found() {
    let broken = document("n", OWN_KIND, json!({"dataTypes": {"a": {"state": "Pending"}}}));

    let check = connected(&snapshot(&[broken, xdr("Enabled", json!(["mdc"]))]));

    assert!(matches!(&check.outcome, Outcome::Inexpressible(reason) if reason.contains("`dataTypes.a`")), "{check:?}");
    assert!(check.notes.iter().any(|note| note.contains("provider = \"mdc\"")), "{check:?}");
}

#[test]
fn a_record_and_a_check_find_the_same_data_types_of_the_shared_connector() {
    let identity = json!(["microsoftDefenderForIdentity"]);
    let with = |types: Value, filter: &Value| {
        document("c1", XDR, json!({"dataTypes": types, "filteredProviders": {"alerts": filter}}))
    };
    let alerts = json!({"state": "Enabled"});

    for (types, expected) in [
        (json!({"cloudAlerts": {"state": "Enabled"}}), "cloudAlerts"),
        (json!({"cloud": {"alerts": {"state": "Enabled"}}}), "cloud.alerts"),
    ] {
        for with_alerts in [false, true] {
            let (mut before, mut after) = (json!({}), types.clone());
            if with_alerts {
                before["alerts"] = alerts.clone();
                after["alerts"] = alerts.clone();
            }
            let (before, after) = ([with(before, &identity)], [with(after, &identity)]);

            let expected = ContractArguments { data_types: set(&[expected]), ..ContractArguments::default() };
            assert_eq!(contract(&before, &after).0, expected);
            assert_eq!(connected(&snapshot(&after)).outcome, Outcome::Contract(expected));
        }
    }
}

#[test]
fn a_connected_workspace_is_not_guessed_about() {
    let check = |documents: &[Value]| connected(&snapshot(documents));

    let unknown = check(&[xdr("Enabled", json!(["mdc", "microsoftDefenderForIdentity"]))]);
    assert_eq!(unknown.outcome, Outcome::Contract(provider("mdc")));
    assert!(unknown.notes[0].contains("\"mdc\"") && unknown.notes[0].contains("contract record"), "{unknown:?}");
    assert!(matches!(check(&[xdr("Enabled", json!(["one", "two"]))]).outcome, Outcome::Inexpressible(_)));
    let others = check(&[xdr("Enabled", json!(["microsoftDefenderForIdentity"]))]);
    assert_eq!(others, Analysis { outcome: Outcome::Nothing, notes: Vec::new() });
    let both = check(&[xdr("Enabled", json!(["microsoftDefenderForCloud", "mdc"]))]);
    assert_eq!(both.outcome, Outcome::Contract(ContractArguments::default()));
    assert!(both.notes[0].contains("\"mdc\""), "{both:?}");
    let unfiltered = check(&[xdr("Enabled", json!(null))]);
    assert_eq!(unfiltered.outcome, Outcome::Contract(ContractArguments::default()));
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
    assert_eq!(summaries(&[page.clone(), own()]), ["The workspace seems to be connected already"]);
    assert_eq!(summaries(&[page, xdr("Disabled", json!(null))]), Vec::<String>::new());
    let other_page = document("AnotherPage", "GenericUI", json!({"connectorUiConfig": {}}));
    assert_eq!(summaries(&[other_page]), ["The connector page is missing"]);
    assert_eq!(summaries(&[]), ["The connector page is missing"]);
}

/// Properties in any condition: parts missing, of the wrong type, or unheard of.
fn properties() -> impl Strategy<Value = Value> {
    let state = prop::sample::select(vec!["Enabled", "enabled", "Disabled", "Pending"]).prop_map(Value::from);
    let generated = vec![TENANT, "22222222222242228222222222222222", "2026-08-01T00:00:00Z", "a@contoso.com"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        "[a-zA-Z. @-]{0,8}".prop_map(Value::from),
        prop::sample::select(generated.clone()).prop_map(Value::from),
        prop::sample::select(generated.clone()).prop_map(|id| format!("x {id}").into()),
    ];
    let key = prop_oneof![3 => "[a-z]{1,4}", 1 => prop::sample::select(generated).prop_map(str::to_owned)];
    let other = leaf.clone().prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..3).prop_map(|members| json!(members)),
        ]
    });
    let data_type = state.prop_map(|state| json!({"state": state}));
    let data_type = prop_oneof![
        6 => data_type.clone(),
        1 => data_type.prop_map(|inner| json!({"alerts": inner.clone(), "state": inner})),
        1 => leaf.clone(),
    ];
    let names = ["alerts", "Alerts", "incidents", "Incidents", "cloudAlerts", "advancedHunting", "state", "a.b", "x y"];
    let name = prop::sample::select(names.to_vec());
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
    (types, filter, prop::option::of(other))
        .prop_map(|(types, filter, other)| json!({"dataTypes": types, "filteredProviders": filter, "other": other}))
}

proptest! {
    #[test]
    fn whatever_changes_is_read_and_a_contract_is_accepted_and_streams(
        before in prop::option::of(properties()), after in properties(), kind in prop::sample::select(vec![XDR, "Novel", OWN_KIND])
    ) {
        let list = |properties: &Value| vec![document("c1", kind, properties.clone())];
        let before = before.as_ref().map(list).unwrap_or_default();

        for analysis in [analyze(&changes(&before, &list(&after))), connected(&snapshot(&list(&after)))] {
            if let Outcome::Contract(arguments) = analysis.unless_masked(&mask()).outcome {
                prop_assert_eq!(arguments.check(), Ok(()), "{:?}", arguments);
                let block = hcl::contract(&arguments);
                prop_assert_eq!(mask().text(&block), block);
                let documents = [Document::parse(list(&after)[0].clone()).expect("a document")];
                prop_assert!(defender_xdr::streaming(&documents, &arguments.contract().part()).is_some(), "{:?}", arguments);
            }
        }
    }
}
