//! Warnings before the administrator selects Connect.

use super::*;

#[test]
fn warns_if_connect_may_change_nothing() {
    let page = document("MicrosoftDefenderForCloudTenantBased", "GenericUI", json!({"connectorUiConfig": {}}));
    let mut incidents = xdr("Disabled", json!(null));
    incidents["properties"]["dataTypes"]["incidents"]["state"] = "enabled".into();
    let summaries = |documents: &[Value]| -> Vec<String> {
        before_connect(&snapshot(documents)).into_iter().map(|warning| warning.summary).collect()
    };

    assert_eq!(summaries(std::slice::from_ref(&page)), Vec::<String>::new());
    assert_eq!(summaries(&[page.clone(), incidents.clone()]), ["The Defender XDR connector is already connected"]);
    incidents["properties"]["dataTypes"]["alerts"]["state"] = "Enabled".into();
    assert_eq!(
        summaries(&[page.clone(), incidents]),
        ["The Defender XDR connector is already connected"],
        "only one warning"
    );
    assert_eq!(summaries(&[page.clone(), own()]), ["The workspace seems to be connected already"]);
    assert_eq!(summaries(&[page, xdr("Disabled", json!(null))]), Vec::<String>::new());
    let other_page = document("AnotherPage", "GenericUI", json!({"connectorUiConfig": {}}));
    assert_eq!(summaries(&[other_page]), ["The connector page is missing"]);
    assert_eq!(summaries(&[]), ["The connector page is missing"]);
}
