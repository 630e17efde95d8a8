//! Changes that no contract expresses, and changes of other products.

use super::*;

#[test]
fn rejects_two_new_connectors() {
    let reason = reason(&[], &[xdr("Enabled", json!(["microsoftDefenderForCloud"])), own()]);

    assert!(reason.starts_with("2 data connectors were enabled"), "{reason}");
    assert!(reason.contains("kind \"MicrosoftThreatProtection\" alone is written by the default contract"), "{reason}");
    assert!(reason.contains(&format!("contract = {{ kind = \"{OWN_KIND}\" }}")), "{reason}");
}

#[test]
fn ignores_etags_and_the_case_of_states() {
    let before = xdr("Enabled", json!(["mdc"]));
    let mut after = xdr("enabled", json!(["mdc"]));
    after["etag"] = "\"2\"".into();
    after["systemData"] = json!({"lastModifiedAt": "now"});

    assert_eq!(changes(&[before], &[after]), Vec::new());
}

#[test]
fn ignores_the_case_of_kinds_but_not_of_other_values() {
    let with = |kind: &str, scope: &str| document("c", kind, json!({ "scope": scope }));

    assert_eq!(changes(&[with("Novel", "a")], &[with("novel", "a")]), Vec::new());
    assert_eq!(changes(&[with("Novel", "a")], &[with("Novel", "A")])[0].fields[0].path, ["properties", "scope"]);
}

#[test]
fn an_enabled_connector_is_a_possible_connection() {
    for after in [own(), xdr("Enabled", json!(["mdc"]))] {
        assert!(changes(&[], &[after]).iter().any(is_possible_connection));
    }
}

#[test]
fn finds_nothing_without_changes() {
    let documents = [xdr("Disabled", json!(null)), own()];

    assert_eq!(analyzed(&documents, &documents), Analysis { outcome: Outcome::Nothing, notes: Vec::new() });
}

#[test]
fn reports_deleted_and_disabled_connectors() {
    assert!(reason(&[own()], &[]).contains(&format!("kind \"{OWN_KIND}\" disappeared")));
    let (arguments, notes) = contract(&[own()], &[xdr("Enabled", json!(["mdc"]))]);
    assert_eq!(arguments, provider("mdc"));
    assert!(notes[0].contains("disappeared"), "{notes:?}");
    let off = reason(&[xdr("Enabled", json!(["mdc"]))], &[xdr("Disabled", json!([]))]);
    assert!(off.contains("`dataTypes.alerts` was disabled") && off.contains("\"mdc\" left the filter"), "{off}");
}

#[test]
fn ignores_concurrent_changes_of_others() {
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
    assert!(!alone.iter().any(is_possible_connection), "the wait continues");
}

#[test]
fn distinguishes_or_rejects_other_added_providers() {
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
    assert!(notes[0].contains("`dataTypes.incidents` was enabled too"), "{notes:?}");
    let only = reason(&[with("Enabled", "Disabled")], &[with("Enabled", "Enabled")]);
    assert!(only.contains("sentinel_defender_xdr_connector"), "{only}");
}

#[test]
fn rejects_a_stream_without_a_filter() {
    let unfiltered = xdr("Enabled", json!(null));

    for before in [vec![], vec![xdr("Disabled", json!(["x"]))], vec![xdr("Enabled", json!(["x"]))]] {
        let reason = reason(&before, std::slice::from_ref(&unfiltered));
        assert!(reason.contains("without a product filter") && reason.contains("adopt_existing"), "{reason}");
    }
}

#[test]
fn names_what_a_contract_cannot_contain() {
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
fn shared_connector_expresses_only_data_type_states() {
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
fn reports_that_nothing_was_enabled_despite_other_changes() {
    let with = |state: &str, sku: &str| {
        let mut document = document("c", "Novel", json!({"dataTypes": {"a": {"state": state}}}));
        document["sku"] = sku.into();
        document
    };
    let (before, after) = ([with("Enabled", "basic")], [with("Disabled", "premium")]);

    assert!(reason(&before, &after).contains("nothing was enabled"));
    assert!(!changes(&before, &after).iter().any(is_possible_connection), "the wait continues");
}

#[test]
fn notes_say_how_a_connector_changed() {
    let office = |state: &str| document("o", "Office365", json!({"dataTypes": {"exchange": {"state": state}}}));
    let notes = |before: &[Value], after: &[Value]| analyze(&changes(before, after)).notes.concat();

    assert!(notes(&[], &[office("Enabled")]).contains("appeared"));
    assert!(notes(&[office("Enabled")], &[office("Disabled")]).contains("changed"));
    assert!(notes(&[office("Enabled")], &[]).contains("disappeared"));
}
