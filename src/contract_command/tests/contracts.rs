//! Changes that a contract expresses.

use super::*;

#[test]
fn the_default_needs_no_contract() {
    let after = xdr("Enabled", json!(["MicrosoftDefenderForCloud"]));

    assert_eq!(contract(&[], &[after]), (ContractArguments::default(), Vec::new()));
}

#[test]
fn contract_contains_another_provider_name() {
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
fn an_unpublished_kind_is_a_dedicated_connector() {
    let expected = ContractArguments { kind: Some(OWN_KIND.to_owned()), ..ContractArguments::default() };

    assert_eq!(contract(&[], &[own()]), (expected, Vec::new()));
}

#[test]
fn contract_contains_dedicated_data_types_and_properties() {
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
fn omits_ids_in_arrays_and_names() {
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
fn rejects_a_contract_that_the_mask_would_change() {
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
fn ignores_data_types_that_were_already_enabled() {
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
        (both.clone(), refreshed(both.clone()), "nothing was enabled"),
        (both.clone(), with(json!({"a": "Enabled", "b": "Disabled"})), "`dataTypes.b` was disabled"),
        (both.clone(), with(json!({"b": "Enabled"})), "`dataTypes.a` was disabled"),
        (document("c", "Novel", json!({})), refreshed(document("c", "Novel", json!({}))), "nothing was enabled"),
    ] {
        let (before, after) = ([before], [after]);
        assert!(reason(&before, &after).contains(expected), "{}", reason(&before, &after));
        assert!(!changes(&before, &after).iter().any(is_possible_connection), "the wait continues");
    }

    let (arguments, notes) = contract(&[with(json!({"a": "Enabled", "c": "Enabled"}))], &[both]);
    assert_eq!(arguments.data_types, set(&["a", "b"]));
    assert!(notes[0].contains("`dataTypes.c` was disabled"), "{notes:?}");
    assert!(notes[1].contains("`dataTypes.a` was already on"), "{notes:?}");
}

#[test]
fn rejects_data_types_in_another_case() {
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
fn shared_connector_in_a_newer_preview_needs_that_version() {
    let mut after = snapshot(&[]);
    after.lists[1].documents = vec![Document::parse(xdr("Enabled", json!(["mdc"]))).expect("a document")];
    let newer = Some("2026-08-01-preview".to_owned());

    for outcome in [analyze(&difference(&snapshot(&[]), &after)).outcome, connected(&after).outcome] {
        assert_eq!(outcome, Outcome::Contract(ContractArguments { api_version: newer.clone(), ..provider("mdc") }));
    }
}

#[test]
fn dedicated_connector_without_data_types_is_connected() {
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
fn dedicated_connector_in_a_newer_preview_needs_that_version() {
    let mut after = snapshot(&[]);
    after.lists[1].documents = vec![Document::parse(own()).expect("a document")];

    let Outcome::Contract(arguments) = analyze(&difference(&snapshot(&[]), &after)).outcome else {
        panic!("a contract")
    };

    assert_eq!(arguments.api_version.as_deref(), Some("2026-08-01-preview"));
}

#[test]
fn omits_email_addresses_and_ids_inside_texts() {
    let properties = json!({"owner": "ada@contoso.com", "parent": format!("x/{TENANT}"), "mode": "cloud"});

    let (arguments, notes) = contract(&[], &[document("c", "Novel", properties)]);

    assert_eq!(arguments.properties, json!({"mode": "cloud"}).as_object().cloned());
    assert!(notes[0].contains("`owner`, `parent`"), "{notes:?}");
}
