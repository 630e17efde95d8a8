//! Warnings before the click.

use super::*;

#[test]
fn a_click_that_may_show_nothing_is_announced() {
    let page = document("MicrosoftDefenderForCloudTenantBased", "GenericUI", json!({"connectorUiConfig": {}}));
    let mut incidents = xdr("Disabled", json!(null));
    incidents["properties"]["dataTypes"]["incidents"]["state"] = "enabled".into();
    let summaries = |documents: &[Value]| -> Vec<String> {
        before_the_click(&snapshot(documents)).into_iter().map(|warning| warning.summary).collect()
    };

    assert_eq!(summaries(std::slice::from_ref(&page)), Vec::<String>::new());
    assert_eq!(summaries(&[page.clone(), incidents.clone()]), ["The Defender XDR connector is already connected"]);
    incidents["properties"]["dataTypes"]["alerts"]["state"] = "Enabled".into();
    assert_eq!(summaries(&[page.clone(), incidents]), ["The Defender XDR connector is already connected"], "one fact");
    assert_eq!(summaries(&[page.clone(), own()]), ["The workspace seems to be connected already"]);
    assert_eq!(summaries(&[page, xdr("Disabled", json!(null))]), Vec::<String>::new());
    let other_page = document("AnotherPage", "GenericUI", json!({"connectorUiConfig": {}}));
    assert_eq!(summaries(&[other_page]), ["The connector page is missing"]);
    assert_eq!(summaries(&[]), ["The connector page is missing"]);
}
