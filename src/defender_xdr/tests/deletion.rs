//! Tests of when the document is deleted.

use serde_json::{Value, json};

use super::*;
use crate::defender_xdr::alerts::FILTER;
use crate::defender_xdr::in_use::is_in_use;
use crate::defender_xdr::{Unfiltered, disable, enable, new_document};
use crate::sentinel::data_connector::Change;

fn disabled(found: &Document, part: &Part, origin: Origin<'_>) -> Change {
    disable(found, part, origin, Unfiltered::Keep)
}

#[test]
fn deletes_a_document_we_created_that_has_no_other_use() {
    let document = new_document(&cloud(), OWN, TENANT);
    let properties = document.properties().clone();

    let change = disabled(&document, &cloud(), created_with(&properties));

    assert_eq!(change, Change::Delete(document));
}

#[test]
fn recognizes_a_document_we_created_by_name_without_a_record() {
    let mut document = new_document(&cloud(), OWN, TENANT);
    assert!(matches!(disabled(&document, &cloud(), JOINED), Change::Delete(_)));

    document.set(&["name"], "portal".into());
    assert!(matches!(disabled(&document, &cloud(), JOINED), Change::Put(_)), "another creator's document");
}

#[test]
fn last_owner_deletes_a_document_that_another_owner_created() {
    let document = new_document(&cloud(), OWN, TENANT);
    let properties = document.properties().clone();
    let document = enable(&document, &incidents_and_identity()).expect("joined");

    let Change::Put(document) = disabled(&document, &cloud(), created_with(&properties)) else {
        panic!("the other owner needs it")
    };

    assert!(matches!(disabled(&document, &incidents_and_identity(), JOINED), Change::Delete(_)));
}

#[test]
fn keeps_a_document_we_created_that_others_use() {
    let base = json!({
        "tenantId": TENANT,
        "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": [DEFENDER_FOR_CLOUD]},
    });

    let left = disabled(&own(base.clone()), &cloud(), JOINED);

    let expected = own(json!({
        "tenantId": TENANT,
        "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}},
    }));
    assert_eq!(left, Change::Put(expected.clone()));
    // Another owner may have changed the document before the create read it back.
    assert_eq!(disabled(&own(base.clone()), &cloud(), created_with(&base)), Change::Put(expected));
}

#[test]
fn deletes_a_document_with_properties_azure_added_at_creation() {
    let mut document = new_document(&cloud(), OWN, TENANT);
    document.set(&["properties", "region"], "westeurope".into());
    let properties = document.properties().clone();

    assert!(matches!(disabled(&document, &cloud(), created_with(&properties)), Change::Delete(_)));
    assert!(matches!(disabled(&document, &cloud(), JOINED), Change::Put(_)), "unknown, so kept");
    document.set(&["properties", "region"], "northeurope".into());
    assert!(matches!(disabled(&document, &cloud(), created_with(&properties)), Change::Put(_)), "changed, so kept");
}

#[test]
fn deletes_the_remains_of_an_unfinished_create() {
    let mut kept = new_document(&cloud(), OWN, TENANT);
    let properties = kept.properties().clone();
    kept.set(&FILTER, json!([])); // Azure dropped the provider

    assert!(matches!(disabled(&kept, &cloud(), created_with(&properties)), Change::Delete(_)));
}

#[test]
fn writes_nothing_if_azure_dropped_the_provider_from_a_foreign_document() {
    let kept = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": {"alerts": ["x"]}}));

    assert_eq!(disabled(&kept, &cloud(), JOINED), Change::Nothing);
}

#[test]
fn deletes_a_document_we_created_that_is_already_disabled() {
    let mut document = new_document(&cloud(), OWN, TENANT);
    document.set(&["properties", "dataTypes", "alerts", "state"], "Disabled".into());

    assert!(matches!(disabled(&document, &cloud(), JOINED), Change::Delete(_)));
}

/// Each row: a path in `properties`, its value, and whether the document is in use.
#[test]
fn enabled_configured_and_unknown_properties_are_in_use() {
    let rows: [(&[&str], Value, bool); 30] = [
        (&["tenantId"], json!("t"), false),
        (&["dataTypes"], json!(null), false),
        (&["dataTypes"], json!({}), false),
        (&["dataTypes"], json!("novelty"), true),
        (&["dataTypes", "x"], json!(null), false),
        (&["dataTypes", "x"], json!({}), false),
        (&["dataTypes", "x"], json!("novelty"), true),
        (&["dataTypes", "x"], json!({"state": null}), false),
        (&["dataTypes", "x"], json!({"state": "disabled", "more": 1}), false),
        (&["dataTypes", "x"], json!({"state": "enabled"}), true),
        (&["dataTypes", "x"], json!({"state": "Pending"}), true),
        (&["dataTypes", "x"], json!({"more": 1}), true),
        (&["dataTypes", "x"], json!({"Table": {"state": "Disabled"}}), false),
        (&["dataTypes", "x"], json!({"A": {"state": "Disabled"}, "B": {"state": "Enabled"}}), true),
        (&["dataTypes", "alerts"], json!({"state": "Enabled"}), true),
        (&["dataTypes", "alerts"], json!({"state": "Disabled"}), false),
        (&["filteredProviders"], json!(null), false),
        (&["filteredProviders"], json!({}), false),
        (&["filteredProviders"], json!("novelty"), true),
        (&["filteredProviders", "alerts"], json!(null), false),
        (&["filteredProviders", "alerts"], json!([]), false),
        (&["filteredProviders", "alerts"], json!(["x"]), true),
        (&["filteredProviders", "alerts"], json!([null]), true),
        (&["filteredProviders", "alerts"], json!("novelty"), true),
        (&["filteredProviders", "novelty"], json!(null), false),
        (&["filteredProviders", "novelty"], json!([]), true),
        (&["novelty"], json!(null), false),
        (&["novelty"], json!({}), false),
        (&["novelty"], json!([]), true),
        (&["novelty"], json!(false), true),
    ];
    for (place, value, expected) in rows {
        let mut document = own(json!({"tenantId": TENANT}));
        document.set(&[&["properties"], place].concat(), value.clone());

        assert_eq!(is_in_use(&document, None), expected, "{place:?} {value}");
    }
}

/// The same for properties that exist since the creation.
#[test]
fn properties_from_the_creation_are_in_use_only_if_enabled() {
    let rows: [(&[&str], Value, bool); 11] = [
        (&["dataTypes"], json!("novelty"), false),
        (&["dataTypes", "x"], json!("novelty"), false),
        (&["dataTypes", "x"], json!({"state": "Pending"}), false),
        (&["dataTypes", "x"], json!({"more": 1}), false),
        (&["dataTypes", "x"], json!({"state": "Enabled"}), true),
        (&["dataTypes", "x"], json!({"Table": {"state": "Enabled"}}), true),
        (&["filteredProviders"], json!("novelty"), false),
        (&["filteredProviders", "alerts"], json!(["x"]), true),
        (&["filteredProviders", "alerts"], json!("novelty"), false),
        (&["filteredProviders", "novelty"], json!([]), false),
        (&["novelty"], json!([1.50]), false),
    ];
    for (place, value, expected) in rows {
        let mut document = own(json!({"tenantId": TENANT}));
        document.set(&[&["properties"], place].concat(), value.clone());
        let properties = document.properties().clone();

        assert_eq!(is_in_use(&document, Some(&properties)), expected, "{place:?} {value}");
    }
}

#[test]
fn alerts_with_an_empty_filter_are_not_in_use() {
    let document =
        |filters: Value| own(json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": filters}));

    assert!(!is_in_use(&document(json!({"alerts": []})), None));
    assert!(is_in_use(&document(json!({"alerts": null})), None), "without a filter everything streams");
    let other_type = json!({"dataTypes": {"x": {"state": "Enabled"}}, "filteredProviders": {"alerts": []}});
    assert!(is_in_use(&own(other_type), None));
}

#[test]
fn unknown_properties_are_in_use() {
    assert!(is_in_use(&own(json!("novelty")), None));
    assert!(!is_in_use(&own(Value::Null), None));
}
