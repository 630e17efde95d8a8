//! Examples of what enabling and disabling change in a document, and what they keep.

use serde_json::{Value, json};

use super::*;
use crate::defender_xdr::alerts::FILTER;
use crate::defender_xdr::{
    Stream, Unfiltered, also_enables, candidate, disable, enable, new_document, stream, streaming,
};
use crate::sentinel::data_connector::{ALERTS, Change};

fn enabled(found: &Document, part: &Part) -> Document {
    enable(found, part).expect("a change")
}

fn disabled(found: &Document, part: &Part) -> Document {
    match disable(found, part, JOINED, Unfiltered::DisableAll) {
        Change::Put(document) => document,
        other => panic!("expected a document to write, got {other:?}"),
    }
}

#[test]
fn new_document_streams_only_the_part() {
    let document = new_document(&cloud(), OWN, TENANT);

    assert_eq!(
        document.into_body(),
        json!({"name": OWN, "kind": "MicrosoftThreatProtection", "properties": {
            "tenantId": TENANT,
            "dataTypes": {"incidents": {"state": "Disabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
        }})
    );
}

#[test]
fn new_document_of_another_owner_has_no_alerts() {
    let hunting = Part::new(vec![DataType::incidents(), DataType::hunting_table("DeviceInfo")], Vec::new());

    assert_eq!(
        new_document(&hunting, OWN, TENANT).properties(),
        &json!({"tenantId": TENANT, "dataTypes": {
            "incidents": {"state": "Enabled"},
            "advancedHunting": {"DeviceInfo": {"state": "Enabled"}},
        }})
    );
}

#[test]
fn keeps_the_state_of_incidents() {
    let found = foreign(json!({"tenantId": TENANT, "dataTypes": {"incidents": {"state": "Enabled"}}}));

    let on = enabled(&found, &cloud());

    assert_eq!(
        on,
        foreign(json!({
            "tenantId": TENANT,
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
        }))
    );
    assert_eq!(
        disabled(&on, &cloud()),
        foreign(json!({
            "tenantId": TENANT,
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}},
        }))
    );
}

#[test]
fn keeps_other_providers_in_the_filter() {
    let found = foreign(json!({
        "dataTypes": {"alerts": {"state": "enabled"}},
        "filteredProviders": {"alerts": [CLOUD_APPS]},
    }));

    let on = enabled(&found, &cloud());

    assert_eq!(on.get(&FILTER), Some(&json!([CLOUD_APPS, DEFENDER_FOR_CLOUD])));
    assert_eq!(also_enables(&found, &cloud()), Vec::<String>::new(), "they streamed before");
    assert_eq!(disabled(&on, &cloud()), found);
}

#[test]
fn keeps_an_old_filter_and_reports_that_its_providers_are_enabled() {
    let filter = json!([IDENTITY, "MicrosoftDefenderForCloud", 7]);
    let found = foreign(json!({
        "dataTypes": {"alerts": {"state": "Disabled"}},
        "filteredProviders": {"alerts": filter},
    }));

    let on = enabled(&found, &cloud());

    assert_eq!(on.get(&FILTER), Some(&filter));
    assert_eq!(also_enables(&found, &cloud()), [IDENTITY]);
    assert_eq!(also_enables(&found, &Part::new(vec![DataType::incidents()], Vec::new())), Vec::<String>::new());
    assert_eq!(
        disabled(&on, &cloud()),
        foreign(json!({
            "dataTypes": {"alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": [IDENTITY, 7]},
        })),
        "another owner may rely on the alerts"
    );
}

#[test]
fn enables_alerts_without_a_filter_only_for_the_part() {
    let on = enabled(&foreign(json!({"dataTypes": {"alerts": {"state": "Disabled"}}})), &cloud());

    assert_eq!(stream(&on, &cloud()), Some(Stream::Named));
    assert_eq!(on.get(&FILTER), Some(&json!([DEFENDER_FOR_CLOUD])));
}

#[test]
fn does_not_send_a_null_filter() {
    for nothing in [json!(null), json!({}), json!({"alerts": null}), json!({"alerts": null, "other": null})] {
        let found = foreign(json!({
            "dataTypes": {"alerts": {"state": "Enabled"}, "incidents": {"state": "Enabled"}},
            "filteredProviders": nothing,
        }));

        let more = Part::new(vec![DataType::hunting_table("DeviceInfo")], Vec::new());
        assert_eq!(enabled(&found, &more).get(&["properties", "filteredProviders"]), None, "{nothing}");
        assert_eq!(
            disabled(&found, &cloud()),
            foreign(json!({"dataTypes": {"alerts": {"state": "Disabled"}, "incidents": {"state": "Enabled"}}})),
            "{nothing}"
        );
    }
}

#[test]
fn keeps_other_members_of_the_filter_object() {
    let found = foreign(json!({
        "dataTypes": {"alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": [DEFENDER_FOR_CLOUD], "novelty": 1},
    }));

    assert_eq!(
        disabled(&found, &cloud()).properties(),
        &json!({"dataTypes": {"alerts": {"state": "Disabled"}}, "filteredProviders": {"novelty": 1}})
    );
}

#[test]
fn empty_filter_streams_no_alerts() {
    let found = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": {"alerts": []}}));

    assert_eq!(stream(&found, &cloud()), None);
    assert_eq!(enabled(&found, &cloud()).get(&FILTER), Some(&json!([DEFENDER_FOR_CLOUD])));
}

#[test]
fn adds_no_filter_to_an_unfiltered_stream() {
    let found = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}, "incidents": {"state": "Enabled"}}}));

    assert_eq!(stream(&found, &cloud()), Some(Stream::Unfiltered));
    assert_eq!(enable(&found, &cloud()), None);
    assert_eq!(stream(&found, &incidents_and_identity()), Some(Stream::Unfiltered));
    let hunting = Part::new(vec![DataType::hunting_table("DeviceInfo")], vec![CLOUD_APPS.to_owned()]);
    assert_eq!(enabled(&found, &hunting).get(&FILTER), None);
}

#[test]
fn disabling_an_unfiltered_stream_keeps_or_disables_all_alerts() {
    let found = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}, "incidents": {"state": "Enabled"}}}));

    assert_eq!(disable(&found, &cloud(), JOINED, Unfiltered::Keep), Change::Nothing);
    assert_eq!(
        disabled(&found, &cloud()),
        foreign(json!({"dataTypes": {"alerts": {"state": "Disabled"}, "incidents": {"state": "Enabled"}}}))
    );
    let incidents = Part::new(vec![DataType::incidents()], Vec::new());
    assert_eq!(
        disabled(&found, &incidents),
        foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}, "incidents": {"state": "Disabled"}}})),
        "an owner without alerts does not change them"
    );
}

#[test]
fn disabling_an_adopted_part_removes_only_its_provider() {
    let found = foreign(json!({
        "dataTypes": {"alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": ["MicrosoftDefenderForCloud", IDENTITY]},
    }));

    assert_eq!(
        disabled(&found, &cloud()),
        foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": {"alerts": [IDENTITY]}}))
    );
}

#[test]
fn disabling_keeps_later_changes_of_other_owners() {
    let mut document = enabled(&foreign(json!({"dataTypes": {"incidents": {"state": "Disabled"}}})), &cloud());
    document.set(&FILTER, json!([DEFENDER_FOR_CLOUD, IDENTITY]));
    document.set(&["properties", "dataTypes", "incidents", "state"], "Enabled".into());

    assert_eq!(
        disabled(&document, &cloud()),
        foreign(json!({
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": [IDENTITY]},
        }))
    );
}

#[test]
fn removes_the_provider_from_the_filter_of_disabled_alerts() {
    let off = |filter: Value| {
        foreign(json!({"dataTypes": {"alerts": {"state": "Disabled"}}, "filteredProviders": {"alerts": filter}}))
    };

    assert_eq!(disabled(&off(json!([DEFENDER_FOR_CLOUD, IDENTITY])), &cloud()), off(json!([IDENTITY])));
    assert_eq!(
        disabled(&off(json!([DEFENDER_FOR_CLOUD])), &cloud()),
        foreign(json!({"dataTypes": {"alerts": {"state": "Disabled"}}}))
    );
}

#[test]
fn part_is_enabled_only_if_all_data_types_and_providers_are() {
    let part = incidents_and_identity();
    let document = |incidents: &str, filter: Value| {
        foreign(json!({
            "dataTypes": {"incidents": {"state": incidents}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": filter},
        }))
    };

    assert_eq!(stream(&document("Disabled", json!([IDENTITY])), &part), None);
    assert_eq!(stream(&document("Enabled", json!([CLOUD_APPS])), &part), None);
    assert_eq!(stream(&document("Enabled", json!([CLOUD_APPS, IDENTITY])), &part), Some(Stream::Named));
    assert_eq!(
        enabled(&document("Disabled", json!([CLOUD_APPS])), &part),
        document("Enabled", json!([CLOUD_APPS, IDENTITY]))
    );
}

#[test]
fn connector_page_is_never_a_connection() {
    let mut page = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}}));
    page.set(&["name"], "MicrosoftDefenderForCloudTenantBased".into());
    page.set(&["kind"], "GenericUI".into());
    let part = dedicated("GenericUI");

    assert_eq!(stream(&page, &part), None);
    assert_eq!(candidate(std::slice::from_ref(&page), &part), None);
    assert_eq!(disable(&page, &part, JOINED, Unfiltered::DisableAll), Change::Nothing);
}

#[test]
fn selects_the_document_that_names_the_provider() {
    let with_filter = |name: &str, filter: Value| {
        named(name, json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": filter}))
    };
    let ours = json!({"alerts": [DEFENDER_FOR_CLOUD]});
    let documents = [with_filter("a", Value::Null), with_filter("c", ours.clone()), with_filter("B", ours)];

    let (found, how) = streaming(&documents, &cloud()).expect("a connection");

    assert_eq!((found.name(), how), ("B", Stream::Named));
}

#[test]
fn all_owners_select_the_same_document_and_prefer_enabled_alerts() {
    let with_state = |name: &str, state: &str| {
        named(name, json!({"dataTypes": {"alerts": {"state": state}}, "filteredProviders": {"alerts": ["x"]}}))
    };
    let documents = [with_state("a", "Disabled"), with_state("C", "Enabled"), with_state("b", "Enabled")];

    for part in [cloud(), incidents_and_identity()] {
        assert_eq!(candidate(&documents, &part).map(Document::name), Some("b"));
    }
    assert_eq!(candidate(&documents, &dedicated("Office365")), None);
}

#[test]
fn dedicated_connector_has_no_filter() {
    let part = dedicated("MicrosoftDefenderForCloudTenantBased");

    let document = new_document(&part, OWN, TENANT);

    assert_eq!(document.properties(), &json!({"tenantId": TENANT, "dataTypes": {"alerts": {"state": "Enabled"}}}));
    assert_eq!(stream(&document, &part), Some(Stream::Named));
    assert!(matches!(disable(&document, &part, JOINED, Unfiltered::Keep), Change::Delete(_)));
    let mut portals = document;
    portals.set(&["name"], "portal".into());
    portals.set(&["properties", "filteredProviders"], json!({}));
    let left = disabled(&portals, &part);
    assert!(!left.is_enabled(&[ALERTS]));
    assert_eq!(left.get(&["properties", "filteredProviders"]), Some(&json!({})), "not a filter in this kind");
}

#[test]
fn dedicated_connector_is_enabled_only_with_all_its_properties() {
    let properties = json!({"scope": {"level": "Tenant"}}).as_object().cloned().unwrap_or_default();
    let part = Part::dedicated("Own", vec![DataType::named("alerts")], properties);
    let found = |properties: Value| Document::new("c1", "Own", properties);
    let with = |scope: Value| found(json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "scope": scope}));

    let created = new_document(&part, OWN, TENANT);
    assert_eq!(created.get(&["properties", "scope"]), Some(&json!({"level": "Tenant"})));
    for held in [json!({"level": "tenant", "region": "eu"}), json!({"level": "Tenant"})] {
        assert_eq!(stream(&with(held), &part), Some(Stream::Named));
    }
    assert_eq!(stream(&with(json!(null)), &part), None);
    assert_eq!(
        enabled(&with(json!({"level": "Subscription", "region": "eu"})), &part),
        with(json!({"level": "Tenant", "region": "eu"})),
        "other members are kept"
    );
}

#[test]
fn null_property_counts_as_absent() {
    let properties = json!({"a": null, "scope": {"b": null}}).as_object().cloned().unwrap_or_default();
    let part = Part::dedicated("Own", Vec::new(), properties);

    assert_eq!(stream(&Document::new("c1", "Own", json!({"tenantId": TENANT})), &part), Some(Stream::Named));
    let other = Document::new("c1", "Own", json!({"a": 1}));
    assert_eq!(stream(&other, &part), None, "the value must be removed");
    assert_eq!(stream(&enabled(&other, &part), &part), Some(Stream::Named));
}

#[test]
fn dedicated_connector_without_data_types_is_enabled_if_it_exists() {
    let part = Part::dedicated("Own", Vec::new(), Map::new());
    let portals = Document::new("portal", "Own", json!({"tenantId": TENANT, "more": 1}));

    assert_eq!(new_document(&part, OWN, TENANT).properties(), &json!({"tenantId": TENANT}));
    assert_eq!(stream(&portals, &part), Some(Stream::Named));
    assert_eq!(disable(&portals, &part, JOINED, Unfiltered::Keep), Change::Delete(portals.clone()));
    let shared = Part::new(Vec::new(), Vec::new());
    let found = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}}));
    assert_eq!(disable(&found, &shared, JOINED, Unfiltered::DisableAll), Change::Nothing, "not a dedicated document");
}

#[test]
fn own_data_type_in_the_shared_document_does_not_change_alerts() {
    let part = Part::new(vec![DataType::named("cloudAlerts")], Vec::new());
    let found = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}}));

    let on = enabled(&found, &part);

    assert!(on.is_enabled(&["cloudAlerts"]) && on.is_enabled(&[ALERTS]));
    assert_eq!(on.get(&FILTER), None, "a filter would stop the alerts of other products");
    assert!(disabled(&on, &part).is_enabled(&[ALERTS]));
}
