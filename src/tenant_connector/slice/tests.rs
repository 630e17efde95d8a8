//! What connecting and disconnecting change in a document, and what they keep: by example and as properties.

use proptest::prelude::*;
use serde_json::json;

use super::*;

const OWN: &str = "11111111-1111-5111-8111-111111111111";
const TENANT: &str = "22222222-2222-4222-8222-222222222222";

fn xdr(properties: Value) -> Document {
    let mut document = Document::parse(json!({"name": "c1", "etag": "\"e1\"", "kind": "MicrosoftThreatProtection"}))
        .expect("a usable document");
    document.set(&["properties"], properties);
    document
}

fn own(properties: Value) -> Document {
    let mut document = xdr(properties);
    document.set(&["name"], OWN.into());
    document
}

fn connected(found: &Document) -> Connect {
    connect(Some(found), &Contract::default(), OWN, TENANT).expect("something to connect")
}

fn disconnected(found: &Document, undo: Option<&Undo>) -> Document {
    match disconnect(found, &Contract::default(), OWN, undo) {
        Change::Put(document) => document,
        other => panic!("expected a document to send, got {other:?}"),
    }
}

#[test]
fn no_connector_yet_makes_one_that_streams_nothing_else() {
    let made = connect(None, &Contract::default(), OWN, TENANT).expect("a new document");

    assert_eq!(
        made.document.into_body(),
        json!({"name": OWN, "kind": "MicrosoftThreatProtection", "properties": {
            "tenantId": TENANT,
            "dataTypes": {"incidents": {"state": "Disabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
        }})
    );
}

#[test]
fn incidents_stay_as_they_are() {
    let found = xdr(json!({"tenantId": TENANT, "dataTypes": {"incidents": {"state": "Enabled"}}}));

    let made = connected(&found);

    assert_eq!(
        made.document,
        xdr(json!({
            "tenantId": TENANT,
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
        }))
    );
    assert_eq!(disconnected(&made.document, Some(&made.undo)), found);
}

#[test]
fn other_providers_stay_in_the_filter() {
    let found = xdr(json!({
        "dataTypes": {"alerts": {"state": "enabled"}},
        "filteredProviders": {"alerts": ["microsoftDefenderForCloudApps"]},
    }));

    let made = connected(&found);

    assert_eq!(
        made.document.get(&FILTER),
        Some(&json!(["microsoftDefenderForCloudApps", "microsoftDefenderForCloud"]))
    );
    assert_eq!(made.also_starts, Vec::<String>::new(), "they streamed before");
    assert_eq!(disconnected(&made.document, Some(&made.undo)), found);
}

#[test]
fn a_filter_left_behind_stays_and_its_providers_are_named_as_starting_too() {
    let found = xdr(json!({
        "dataTypes": {"alerts": {"state": "Disabled"}},
        "filteredProviders": {"alerts": ["microsoftDefenderForIdentity"]},
    }));

    let made = connected(&found);

    assert_eq!(made.also_starts, ["microsoftDefenderForIdentity"]);
    assert_eq!(disconnected(&made.document, Some(&made.undo)), found);
}

#[test]
fn alerts_that_were_off_without_a_filter_are_switched_on_for_this_provider_only() {
    let made = connected(&xdr(json!({"dataTypes": {"alerts": {"state": "Disabled"}}})));

    assert_eq!(stream(&made.document, &Contract::default()), Some(Stream::ByName));
}

#[test]
fn a_filter_that_azure_answered_as_null_is_not_sent_back_as_null() {
    for nothing in [json!({"alerts": null}), json!({}), json!({"alerts": null, "other": null})] {
        let found = xdr(json!({"dataTypes": {"alerts": {"state": "Disabled"}}, "filteredProviders": nothing}));

        let made = connected(&found);

        let without = xdr(json!({"dataTypes": {"alerts": {"state": "Disabled"}}}));
        assert_eq!(disconnected(&made.document, Some(&made.undo)), without, "{nothing}");
    }
}

#[test]
fn an_empty_filter_lets_nobody_through() {
    let found = xdr(json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": {"alerts": []}}));

    assert_eq!(stream(&found, &Contract::default()), None);
}

#[test]
fn without_a_filter_everything_streams_and_disconnecting_switches_alerts_off() {
    let found = xdr(json!({"dataTypes": {"alerts": {"state": "Enabled"}, "incidents": {"state": "Enabled"}}}));

    assert_eq!(stream(&found, &Contract::default()), Some(Stream::Everything));
    assert_eq!(connect(Some(&found), &Contract::default(), OWN, TENANT), None);
    assert_eq!(
        disconnected(&found, None),
        xdr(json!({"dataTypes": {"alerts": {"state": "Disabled"}, "incidents": {"state": "Enabled"}}}))
    );
}

#[test]
fn a_connection_that_was_taken_over_loses_its_provider_only() {
    let found = xdr(json!({
        "dataTypes": {"alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": ["MicrosoftDefenderForCloud", "microsoftDefenderForIdentity"]},
    }));

    assert_eq!(
        disconnected(&found, None),
        xdr(json!({
            "dataTypes": {"alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForIdentity"]},
        }))
    );
}

#[test]
fn what_others_added_since_survives_disconnecting() {
    let mut made = connected(&xdr(json!({"dataTypes": {"incidents": {"state": "Disabled"}}})));
    made.document.set(&FILTER, json!(["microsoftDefenderForCloud", "microsoftDefenderForIdentity"]));
    made.document.set(&["properties", "dataTypes", "incidents", "state"], "Enabled".into());

    let left = disconnected(&made.document, Some(&made.undo));

    assert_eq!(
        left,
        xdr(json!({
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForIdentity"]},
        }))
    );
}

#[test]
fn a_connector_of_our_own_that_serves_nothing_else_is_deleted() {
    let made = connect(None, &Contract::default(), OWN, TENANT).expect("a new document");

    let change = disconnect(&made.document, &Contract::default(), OWN, Some(&made.undo));

    assert_eq!(change, Change::Delete(made.document));
}

#[test]
fn a_connector_of_our_own_is_recognised_by_name_when_the_state_has_forgotten() {
    let made = connect(None, &Contract::default(), OWN, TENANT).expect("a new document");

    assert!(matches!(disconnect(&made.document, &Contract::default(), OWN, None), Change::Delete(_)));
}

#[test]
fn a_connector_of_our_own_that_others_use_by_now_stays() {
    let base = json!({
        "tenantId": TENANT,
        "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
    });
    let undo = Undo::Created(own(base.clone()).properties().clone());
    let mut incidents_off_when_made = undo.clone();
    if let Undo::Created(properties) = &mut incidents_off_when_made {
        properties["dataTypes"]["incidents"]["state"] = "Disabled".into();
    }

    let left = disconnected(&own(base), Some(&incidents_off_when_made));

    assert_eq!(
        left,
        own(json!({
            "tenantId": TENANT,
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}},
        }))
    );
}

#[test]
fn what_azure_added_to_a_connector_of_our_own_when_it_was_made_does_not_keep_it() {
    let mut made = connect(None, &Contract::default(), OWN, TENANT).expect("a new document").document;
    made.set(&["properties", "region"], "westeurope".into());
    let undo = Undo::Created(made.properties().clone());

    assert!(matches!(disconnect(&made, &Contract::default(), OWN, Some(&undo)), Change::Delete(_)));
    assert!(matches!(disconnect(&made, &Contract::default(), OWN, None), Change::Put(_)), "unknown, so kept");
}

#[test]
fn a_card_is_never_a_connection() {
    let mut card = xdr(json!({"dataTypes": {"alerts": {"state": "Enabled"}}}));
    card.set(&["name"], "MicrosoftDefenderForCloudTenantBased".into());
    card.set(&["kind"], "GenericUI".into());

    assert_eq!(stream(&card, &Contract::new(Some("GenericUI"), None, None)), None);
    assert_eq!(connectable(&[card], &Contract::default()), None);
}

#[test]
fn of_several_connectors_the_one_that_names_the_provider_is_the_connection() {
    let named = |name: &str, filter: Value| {
        let mut document = xdr(json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": filter}));
        document.set(&["name"], name.into());
        document
    };
    let ours = json!({"alerts": ["microsoftDefenderForCloud"]});
    let documents = [named("a", Value::Null), named("c", ours.clone()), named("b", ours)];

    let (found, how) = streaming(&documents, &Contract::default()).expect("a connection");

    assert_eq!((found.name(), how), ("b", Stream::ByName));
}

#[test]
fn of_several_connectors_that_do_not_stream_one_with_alerts_on_is_connected() {
    let named = |name: &str, state: &str| {
        let mut document =
            xdr(json!({"dataTypes": {"alerts": {"state": state}}, "filteredProviders": {"alerts": ["x"]}}));
        document.set(&["name"], name.into());
        document
    };
    let documents = [named("a", "Disabled"), named("b", "Enabled")];

    assert_eq!(connectable(&documents, &Contract::default()).map(Document::name), Some("b"));
}

#[test]
fn a_kind_of_its_own_has_no_filter() {
    let contract = Contract::new(Some("MicrosoftDefenderForCloudTenantBased"), None, None);

    let made = connect(None, &contract, OWN, TENANT).expect("a new document");

    assert_eq!(made.document.properties(), &json!({"tenantId": TENANT, "dataTypes": {"alerts": {"state": "Enabled"}}}));
    assert!(matches!(disconnect(&made.document, &contract, OWN, Some(&made.undo)), Change::Delete(_)));
    let mut portals = made.document;
    portals.set(&["name"], "portal".into());
    assert!(matches!(disconnect(&portals, &contract, OWN, None), Change::Put(left) if !left.streams(ALERTS)));
}

#[test]
fn what_azure_kept_of_an_unfinished_connect_is_taken_back() {
    let found = xdr(json!({"dataTypes": {"alerts": {"state": "Disabled"}}, "filteredProviders": {"alerts": ["x"]}}));
    let made = connected(&found);
    let mut kept = made.document;
    kept.set(&FILTER, json!(["x"])); // Azure dropped the provider

    assert_eq!(retract(&kept, &Contract::default(), OWN, Some(&made.undo)), Change::Put(found.clone()));
    assert_eq!(retract(&found, &Contract::default(), OWN, Some(&made.undo)), Change::Nothing);
}

#[test]
fn what_azure_kept_of_an_unfinished_create_is_deleted() {
    let made = connect(None, &Contract::default(), OWN, TENANT).expect("a new document");
    let mut kept = made.document;
    kept.set(&FILTER, json!([]));

    assert!(matches!(retract(&kept, &Contract::default(), OWN, Some(&made.undo)), Change::Delete(_)));
}

#[test]
fn subscription_based_connections_are_found_by_kind_and_state() {
    let legacy = |name: &str, state: &str| {
        let properties = json!({"subscriptionId": name, "dataTypes": {"alerts": {"state": state}}});
        Document::new(name, "AzureSecurityCenter", properties)
    };

    let found = subscription_connections(&[legacy("s1", "enabled"), legacy("s2", "Disabled"), xdr(json!({}))]);

    assert_eq!(found, ["s1"]);
}

/// Any JSON that could stand in a document.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-zA-Z]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,5}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn state() -> impl Strategy<Value = Value> {
    prop_oneof![Just("Enabled"), Just("enabled"), Just("Disabled"), Just("disabled"), Just("Pending")]
        .prop_map(Value::from)
}

fn data_type() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (state(), prop::option::of(anything())).prop_map(|(state, more)| match more {
            Some(more) => json!({"state": state, "more": more}),
            None => json!({"state": state}),
        }),
        1 => anything(),
    ]
}

fn providers() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        Just("microsoftDefenderForCloud"),
        Just("MICROSOFTDEFENDERFORCLOUD"),
        Just("microsoftDefenderForCloudApps"),
        Just("microsoftDefenderForIdentity"),
        Just("somethingNew"),
    ];
    prop_oneof![6 => prop::collection::vec(name, 0..4).prop_map(Value::from), 1 => anything()]
}

/// A Defender XDR connector in any condition: parts missing, null, of the wrong type, or unheard of.
fn documents() -> impl Strategy<Value = Document> {
    let types = (prop::option::of(data_type()), prop::option::of(data_type()), prop::option::of(data_type())).prop_map(
        |(alerts, incidents, hunting)| {
            let named = [("alerts", alerts), ("incidents", incidents), ("advancedHunting.X", hunting)];
            Value::Object(named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
        },
    );
    let filters = prop_oneof![
        4 => providers().prop_map(|alerts| json!({"alerts": alerts})),
        1 => (providers(), anything()).prop_map(|(alerts, other)| json!({"alerts": alerts, "other": other})),
        1 => anything(),
    ];
    let types = prop_oneof![8 => types, 1 => anything()];
    (prop::option::of(types), prop::option::of(filters), prop::option::of(anything()), prop::option::of(anything()))
        .prop_map(|(types, filters, unknown, outside)| {
            let mut properties = json!({"tenantId": TENANT});
            for (field, value) in [("dataTypes", types), ("filteredProviders", filters), ("novelty", unknown)] {
                if let Some(value) = value {
                    properties[field] = value;
                }
            }
            let mut document = xdr(properties);
            if let Some(outside) = outside {
                document.set(&["novelty"], outside);
            }
            document
        })
}

/// The document without the two places that this slice may change.
fn everything_else(document: &Document) -> Value {
    let mut value = document.clone().into_body();
    if let Some(alerts) = value.pointer_mut("/properties/dataTypes/alerts").and_then(Value::as_object_mut) {
        alerts.shift_remove("state");
    }
    if let Some(filters) = value.pointer_mut("/properties/filteredProviders").and_then(Value::as_object_mut) {
        filters.shift_remove("alerts");
    }
    value
}

/// `after` holds all that `before` held; objects on the way to the two places may be new.
fn keeps(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            before.iter().all(|(field, value)| after.get(field).is_some_and(|kept| keeps(value, kept)))
        }
        _ => before == after,
    }
}

fn other_providers(document: &Document) -> Vec<Value> {
    let ours =
        |name: &&Value| !name.as_str().is_some_and(|name| name.eq_ignore_ascii_case("microsoftDefenderForCloud"));
    filter(document).into_iter().flatten().filter(ours).cloned().collect()
}

/// The places are objects or missing: there was nothing of a wrong type to replace.
fn is_well_formed(document: &Document) -> bool {
    let paths: [&[&str]; 3] = [&["properties", "dataTypes"], &["properties", "dataTypes", "alerts"], &FILTERS];
    paths.iter().all(|path| document.get(path).is_none_or(Value::is_object))
        && paths.iter().all(|path| {
            !document.clone().into_body().pointer(&format!("/{}", path.join("/"))).is_some_and(Value::is_null)
        })
}

/// As Azure takes it back: without a filter object that holds nothing.
fn without_empty_filter(mut document: Document) -> Document {
    drop_empty_filter(&mut document, &Contract::default());
    document
}

proptest! {
    #[test]
    fn connecting_connects_and_keeps_everything_else(found in documents()) {
        let contract = Contract::default();
        match connect(Some(&found), &contract, OWN, TENANT) {
            None => prop_assert!(stream(&found, &contract).is_some()),
            Some(made) => {
                prop_assert!(stream(&found, &contract).is_none());
                prop_assert_eq!(stream(&made.document, &contract), Some(Stream::ByName));
                prop_assert_eq!(connect(Some(&made.document), &contract, OWN, TENANT), None, "connected twice");
                prop_assert_eq!(other_providers(&made.document), other_providers(&found));
                if is_well_formed(&found) {
                    prop_assert!(keeps(&everything_else(&found), &everything_else(&made.document)));
                }
            }
        }
    }

    #[test]
    fn disconnecting_what_was_connected_gives_back_what_was_there(found in documents()) {
        let contract = Contract::default();
        if let Some(made) = connect(Some(&found), &contract, OWN, TENANT) {
            let kept = serde_json::to_string(&made.undo).expect("private state is JSON");
            let undo: Undo = serde_json::from_str(&kept).expect("private state reads back");

            prop_assert_eq!(disconnect(&made.document, &contract, OWN, Some(&undo)), Change::Put(without_empty_filter(found)));
        }
    }

    #[test]
    fn disconnecting_disconnects_and_keeps_everything_else(found in documents()) {
        let contract = Contract::default();
        match disconnect(&found, &contract, OWN, None) {
            Change::Nothing => prop_assert!(stream(&found, &contract).is_none()),
            Change::Delete(_) => prop_assert!(false, "it was not ours"),
            Change::Put(left) => {
                prop_assert_eq!(stream(&left, &contract), None);
                prop_assert_eq!(disconnect(&left, &contract, OWN, None), Change::Nothing, "disconnected twice");
                prop_assert_eq!(other_providers(&left), other_providers(&found));
                prop_assert!(keeps(&everything_else(&left), &everything_else(&found)));
                prop_assert_eq!(without_empty_filter(left.clone()), left, "Azure refuses an empty filter object");
            }
        }
    }
}
