//! Workspaces that are already connected.

use super::*;

#[test]
fn finds_the_contract_of_a_connected_workspace() {
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
fn handles_connectors_of_unknown_kinds() {
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
fn record_and_check_find_the_same_shared_data_types() {
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
fn notes_what_is_uncertain_about_a_connected_workspace() {
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
