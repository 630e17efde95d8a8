//! What turning on and off changes in a document, and what it keeps, by example.

use serde_json::{Value, json};

use super::*;
use crate::defender_xdr::alerts::FILTER;
use crate::defender_xdr::{
    Stream, Unfiltered, also_starts, candidate, new_document, stream, streaming, turn_off, turn_on,
};
use crate::sentinel::data_connector::{ALERTS, Change};

fn turned_on(found: &Document, part: &Part) -> Document {
    turn_on(found, part).expect("something to turn on")
}

fn turned_off(found: &Document, part: &Part) -> Document {
    match turn_off(found, part, JOINED, Unfiltered::TurnOff) {
        Change::Put(document) => document,
        other => panic!("expected a document to write, got {other:?}"),
    }
}

#[test]
fn a_new_document_streams_nothing_but_the_part() {
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
fn a_new_document_of_another_owner_has_no_alerts() {
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
fn incidents_stay_as_they_are() {
    let found = foreign(json!({"tenantId": TENANT, "dataTypes": {"incidents": {"state": "Enabled"}}}));

    let on = turned_on(&found, &cloud());

    assert_eq!(
        on,
        foreign(json!({
            "tenantId": TENANT,
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
        }))
    );
    assert_eq!(
        turned_off(&on, &cloud()),
        foreign(json!({
            "tenantId": TENANT,
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}},
        }))
    );
}

#[test]
fn other_providers_stay_in_the_filter() {
    let found = foreign(json!({
        "dataTypes": {"alerts": {"state": "enabled"}},
        "filteredProviders": {"alerts": [CLOUD_APPS]},
    }));

    let on = turned_on(&found, &cloud());

    assert_eq!(on.get(&FILTER), Some(&json!([CLOUD_APPS, DEFENDER_FOR_CLOUD])));
    assert_eq!(also_starts(&found, &cloud()), Vec::<String>::new(), "they streamed before");
    assert_eq!(turned_off(&on, &cloud()), found);
}

#[test]
fn a_filter_left_behind_stays_and_its_providers_are_named_as_starting_too() {
    let filter = json!([IDENTITY, "MicrosoftDefenderForCloud", 7]);
    let found = foreign(json!({
        "dataTypes": {"alerts": {"state": "Disabled"}},
        "filteredProviders": {"alerts": filter},
    }));

    let on = turned_on(&found, &cloud());

    assert_eq!(on.get(&FILTER), Some(&filter));
    assert_eq!(also_starts(&found, &cloud()), [IDENTITY]);
    assert_eq!(also_starts(&found, &Part::new(vec![DataType::incidents()], Vec::new())), Vec::<String>::new());
    assert_eq!(
        turned_off(&on, &cloud()),
        foreign(json!({
            "dataTypes": {"alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": [IDENTITY, 7]},
        })),
        "it may be another owner's part by then"
    );
}

#[test]
fn alerts_that_were_off_without_a_filter_are_turned_on_for_the_part_only() {
    let on = turned_on(&foreign(json!({"dataTypes": {"alerts": {"state": "Disabled"}}})), &cloud());

    assert_eq!(stream(&on, &cloud()), Some(Stream::Named));
    assert_eq!(on.get(&FILTER), Some(&json!([DEFENDER_FOR_CLOUD])));
}

#[test]
fn a_filter_that_azure_answered_as_null_is_not_sent_back_as_null() {
    for nothing in [json!(null), json!({}), json!({"alerts": null}), json!({"alerts": null, "other": null})] {
        let found = foreign(json!({
            "dataTypes": {"alerts": {"state": "Enabled"}, "incidents": {"state": "Enabled"}},
            "filteredProviders": nothing,
        }));

        let more = Part::new(vec![DataType::hunting_table("DeviceInfo")], Vec::new());
        assert_eq!(turned_on(&found, &more).get(&["properties", "filteredProviders"]), None, "{nothing}");
        assert_eq!(
            turned_off(&found, &cloud()),
            foreign(json!({"dataTypes": {"alerts": {"state": "Disabled"}, "incidents": {"state": "Enabled"}}})),
            "{nothing}"
        );
    }
}

#[test]
fn a_filter_object_that_holds_something_else_stays() {
    let found = foreign(json!({
        "dataTypes": {"alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": [DEFENDER_FOR_CLOUD], "novelty": 1},
    }));

    assert_eq!(
        turned_off(&found, &cloud()).properties(),
        &json!({"dataTypes": {"alerts": {"state": "Disabled"}}, "filteredProviders": {"novelty": 1}})
    );
}

#[test]
fn an_empty_filter_lets_nothing_through() {
    let found = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": {"alerts": []}}));

    assert_eq!(stream(&found, &cloud()), None);
    assert_eq!(turned_on(&found, &cloud()).get(&FILTER), Some(&json!([DEFENDER_FOR_CLOUD])));
}

#[test]
fn without_a_filter_everything_streams_and_no_filter_is_added() {
    let found = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}, "incidents": {"state": "Enabled"}}}));

    assert_eq!(stream(&found, &cloud()), Some(Stream::Unfiltered));
    assert_eq!(turn_on(&found, &cloud()), None);
    assert_eq!(stream(&found, &incidents_and_identity()), Some(Stream::Unfiltered));
    let hunting = Part::new(vec![DataType::hunting_table("DeviceInfo")], vec![CLOUD_APPS.to_owned()]);
    assert_eq!(turned_on(&found, &hunting).get(&FILTER), None);
}

#[test]
fn without_a_filter_turning_off_leaves_the_alerts_or_ends_them_for_every_product() {
    let found = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}, "incidents": {"state": "Enabled"}}}));

    assert_eq!(turn_off(&found, &cloud(), JOINED, Unfiltered::Keep), Change::Nothing);
    assert_eq!(
        turned_off(&found, &cloud()),
        foreign(json!({"dataTypes": {"alerts": {"state": "Disabled"}, "incidents": {"state": "Enabled"}}}))
    );
    let incidents = Part::new(vec![DataType::incidents()], Vec::new());
    assert_eq!(
        turned_off(&found, &incidents),
        foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}, "incidents": {"state": "Disabled"}}})),
        "an owner without alerts has nothing to do with them"
    );
}

#[test]
fn a_part_that_was_taken_over_loses_its_provider_only() {
    let found = foreign(json!({
        "dataTypes": {"alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": ["MicrosoftDefenderForCloud", IDENTITY]},
    }));

    assert_eq!(
        turned_off(&found, &cloud()),
        foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": {"alerts": [IDENTITY]}}))
    );
}

#[test]
fn what_others_added_since_survives_turning_off() {
    let mut document = turned_on(&foreign(json!({"dataTypes": {"incidents": {"state": "Disabled"}}})), &cloud());
    document.set(&FILTER, json!([DEFENDER_FOR_CLOUD, IDENTITY]));
    document.set(&["properties", "dataTypes", "incidents", "state"], "Enabled".into());

    assert_eq!(
        turned_off(&document, &cloud()),
        foreign(json!({
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": [IDENTITY]},
        }))
    );
}

#[test]
fn a_provider_leaves_the_filter_also_while_the_alerts_are_off() {
    let off = |filter: Value| {
        foreign(json!({"dataTypes": {"alerts": {"state": "Disabled"}}, "filteredProviders": {"alerts": filter}}))
    };

    assert_eq!(turned_off(&off(json!([DEFENDER_FOR_CLOUD, IDENTITY])), &cloud()), off(json!([IDENTITY])));
    assert_eq!(
        turned_off(&off(json!([DEFENDER_FOR_CLOUD])), &cloud()),
        foreign(json!({"dataTypes": {"alerts": {"state": "Disabled"}}}))
    );
}

#[test]
fn a_part_of_data_types_and_providers_is_on_when_all_of_it_is() {
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
        turned_on(&document("Disabled", json!([CLOUD_APPS])), &part),
        document("Enabled", json!([CLOUD_APPS, IDENTITY]))
    );
}

#[test]
fn a_connector_page_is_never_a_connection() {
    let mut page = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}}));
    page.set(&["name"], "MicrosoftDefenderForCloudTenantBased".into());
    page.set(&["kind"], "GenericUI".into());
    let part = dedicated("GenericUI");

    assert_eq!(stream(&page, &part), None);
    assert_eq!(candidate(std::slice::from_ref(&page), &part), None);
    assert_eq!(turn_off(&page, &part, JOINED, Unfiltered::TurnOff), Change::Nothing);
}

#[test]
fn of_several_documents_the_one_that_names_the_provider_is_the_connection() {
    let with_filter = |name: &str, filter: Value| {
        named(name, json!({"dataTypes": {"alerts": {"state": "Enabled"}}, "filteredProviders": filter}))
    };
    let ours = json!({"alerts": [DEFENDER_FOR_CLOUD]});
    let documents = [with_filter("a", Value::Null), with_filter("c", ours.clone()), with_filter("B", ours)];

    let (found, how) = streaming(&documents, &cloud()).expect("a connection");

    assert_eq!((found.name(), how), ("B", Stream::Named));
}

#[test]
fn of_several_documents_all_owners_choose_the_same_one_alerts_on_before_alerts_off() {
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
fn a_dedicated_connector_has_no_filter() {
    let part = dedicated("MicrosoftDefenderForCloudTenantBased");

    let document = new_document(&part, OWN, TENANT);

    assert_eq!(document.properties(), &json!({"tenantId": TENANT, "dataTypes": {"alerts": {"state": "Enabled"}}}));
    assert_eq!(stream(&document, &part), Some(Stream::Named));
    assert!(matches!(turn_off(&document, &part, JOINED, Unfiltered::Keep), Change::Delete(_)));
    let mut portals = document;
    portals.set(&["name"], "portal".into());
    portals.set(&["properties", "filteredProviders"], json!({}));
    let left = turned_off(&portals, &part);
    assert!(!left.is_on(&[ALERTS]));
    assert_eq!(left.get(&["properties", "filteredProviders"]), Some(&json!({})), "it means nothing in this kind");
}

#[test]
fn a_dedicated_connector_is_on_only_with_all_of_its_properties() {
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
        turned_on(&with(json!({"level": "Subscription", "region": "eu"})), &part),
        with(json!({"level": "Tenant", "region": "eu"})),
        "members that nobody asked about stay"
    );
}

#[test]
fn a_property_that_is_null_is_not_waited_for() {
    let properties = json!({"a": null, "scope": {"b": null}}).as_object().cloned().unwrap_or_default();
    let part = Part::dedicated("Own", Vec::new(), properties);

    assert_eq!(stream(&Document::new("c1", "Own", json!({"tenantId": TENANT})), &part), Some(Stream::Named));
    let other = Document::new("c1", "Own", json!({"a": 1}));
    assert_eq!(stream(&other, &part), None, "a value must go");
    assert_eq!(stream(&turned_on(&other, &part), &part), Some(Stream::Named));
}

#[test]
fn a_dedicated_connector_without_data_types_is_on_while_it_exists() {
    let part = Part::dedicated("Own", Vec::new(), Map::new());
    let portals = Document::new("portal", "Own", json!({"tenantId": TENANT, "more": 1}));

    assert_eq!(new_document(&part, OWN, TENANT).properties(), &json!({"tenantId": TENANT}));
    assert_eq!(stream(&portals, &part), Some(Stream::Named));
    assert_eq!(turn_off(&portals, &part, JOINED, Unfiltered::Keep), Change::Delete(portals.clone()));
    let shared = Part::new(Vec::new(), Vec::new());
    let found = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}}));
    assert_eq!(turn_off(&found, &shared, JOINED, Unfiltered::TurnOff), Change::Nothing, "it is not ours to delete");
}

#[test]
fn a_data_type_of_its_own_in_the_shared_document_leaves_alerts_alone() {
    let part = Part::new(vec![DataType::named("cloudAlerts")], Vec::new());
    let found = foreign(json!({"dataTypes": {"alerts": {"state": "Enabled"}}}));

    let on = turned_on(&found, &part);

    assert!(on.is_on(&["cloudAlerts"]) && on.is_on(&[ALERTS]));
    assert_eq!(on.get(&FILTER), None, "a filter would stop the alerts of other products");
    assert!(turned_off(&on, &part).is_on(&[ALERTS]));
}
