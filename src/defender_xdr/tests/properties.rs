//! Property tests of one part in any document.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::documents::documents;
use super::model::streams;
use super::*;
use crate::defender_xdr::alerts::{self, Alerts, drop_empty_filter};
use crate::defender_xdr::{Stream, Unfiltered, also_enables, disable, enable, stream};
use crate::sentinel::data_connector::Change;

fn parts() -> impl Strategy<Value = Part> {
    prop_oneof![
        Just(cloud()),
        Just(incidents_and_identity()),
        Just(Part::new(vec![DataType::hunting_table("DeviceInfo")], Vec::new())),
        Just(Part::new(Vec::new(), vec![IDENTITY.to_owned(), CLOUD_APPS.to_owned()])),
        Just(Part::new(vec![DataType::named("novelty")], vec![DEFENDER_FOR_CLOUD.to_owned()])),
    ]
}

fn found() -> impl Strategy<Value = Document> {
    prop_oneof![documents("c1"), documents(OWN)]
}

/// The document without the places that a part may change.
fn everything_else(document: &Document, part: &Part) -> Value {
    let mut document = document.clone();
    for data_type in part.data_types() {
        document.remove(&data_type.state_path());
    }
    if !part.alert_providers().is_empty() {
        document.remove(&alerts::STATE);
        document.remove(&alerts::FILTER);
    }
    document.into_body()
}

/// Whether `after` contains all members of `before`. The path to the part may have new objects.
fn keeps(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            before.iter().all(|(field, value)| after.get(field).is_some_and(|kept| keeps(value, kept)))
        }
        _ => before == after,
    }
}

fn other_providers(document: &Document, part: &Part) -> Vec<Value> {
    let filter = Alerts::of(document).filter.into_iter().flatten();
    filter.filter(|entry| !part.has_provider(entry)).cloned().collect()
}

/// Whether all values on the path to the part are objects or missing, so that no value of a wrong type is replaced.
fn is_well_formed(document: &Document, part: &Part) -> bool {
    let mut paths: Vec<Vec<&str>> = part.data_types().iter().map(DataType::state_path).collect();
    paths.push(alerts::STATE.to_vec());
    paths.push(alerts::FILTER.to_vec());
    let body = document.clone().into_body();
    let is_object_or_missing = |path: &[&str]| {
        let value = path.iter().try_fold(&body, |value, step| value.get(step));
        value.is_none_or(Value::is_object)
    };
    paths.iter().all(|path| (1..path.len()).all(|length| is_object_or_missing(&path[..length])))
}

/// The document in the form that Azure accepts.
fn without_empty_filter(mut document: Document) -> Document {
    drop_empty_filter(&mut document);
    document
}

/// The document after disabling the part. `None` if it is deleted.
fn left(found: &Document, part: &Part, unfiltered: Unfiltered) -> Option<Document> {
    match disable(found, part, JOINED, unfiltered) {
        Change::Nothing => Some(found.clone()),
        Change::Put(document) => Some(document),
        Change::Delete(_) => None,
    }
}

proptest! {
    #[test]
    fn enabling_a_part_keeps_everything_else(found in found(), part in parts()) {
        match enable(&found, &part) {
            None => prop_assert!(stream(&found, &part).is_some()),
            Some(on) => {
                prop_assert!(stream(&found, &part).is_none());
                prop_assert!(stream(&on, &part).is_some());
                prop_assert_eq!(enable(&on, &part), None, "enabled twice");
                prop_assert_eq!(other_providers(&on, &part), other_providers(&found, &part));
                prop_assert!(streams(&found).is_subset(&streams(&on)), "a stream was narrowed");
                prop_assert_eq!(without_empty_filter(on.clone()), on.clone(), "Azure rejects an empty filter object");
                if is_well_formed(&found, &part) {
                    let found = without_empty_filter(found.clone());
                    prop_assert!(keeps(&everything_else(&found, &part), &everything_else(&on, &part)));
                }
            }
        }
    }

    #[test]
    fn enabling_a_part_enables_only_it_and_reported_providers(found in found(), part in parts()) {
        let Some(on) = enable(&found, &part) else { return Ok(()) };
        let only_part = Part::new(part.data_types().to_vec(), [part.alert_providers(), &also_enables(&found, &part)].concat());
        let started: Vec<_> = streams(&on).difference(&streams(&found)).cloned().collect();
        let allowed = streams(&crate::defender_xdr::new_document(&only_part, OWN, TENANT));

        prop_assert!(started.iter().all(|name| allowed.contains(name)), "{:?}", started);
    }

    #[test]
    fn disabling_a_part_keeps_everything_else(found in documents("c1"), part in parts()) {
        let unfiltered = stream(&found, &cloud()) == Some(Stream::Unfiltered);
        match disable(&found, &part, JOINED, Unfiltered::Keep) {
            Change::Delete(_) => prop_assert!(false, "another creator's document"),
            Change::Nothing => prop_assert!(streams(&found).is_disjoint(&own_streams(&part)) || unfiltered),
            Change::Put(left) => {
                let gone = own_streams(&part);
                prop_assert!(streams(&left).is_disjoint(&gone) || unfiltered);
                prop_assert!(streams(&found).difference(&gone).all(|name| streams(&left).contains(name)), "a stream was narrowed");
                prop_assert!(streams(&left).is_subset(&streams(&found)), "something started");
                prop_assert_eq!(disable(&left, &part, JOINED, Unfiltered::Keep), Change::Nothing, "disabled twice");
                prop_assert_eq!(other_providers(&left, &part), other_providers(&found, &part));
                prop_assert!(keeps(&everything_else(&left, &part), &everything_else(&found, &part)));
                prop_assert!(keeps(&without_empty_objects(everything_else(&found, &part)), &everything_else(&left, &part)));
                prop_assert_eq!(without_empty_filter(left.clone()), left, "Azure rejects an empty filter object");
            }
        }
    }

    #[test]
    fn enabling_and_disabling_a_part_restores_the_document(found in documents("c1")) {
        let part = cloud();
        let Some(on) = enable(&found, &part).filter(|_| is_well_formed(&found, &part)) else { return Ok(()) };
        let mut expected = without_empty_filter(found.clone());
        let alerts = Alerts::of(&found);
        expected.remove(&alerts::FILTER);
        if other_providers(&found, &part).is_empty() {
            expected.set(&alerts::STATE, "Disabled".into());
        } else {
            expected.set(&alerts::FILTER, other_providers(&found, &part).into());
            if !alerts.are_enabled {
                expected.set(&alerts::STATE, "Enabled".into());
            }
        }

        prop_assert_eq!(left(&on, &part, Unfiltered::Keep), Some(without_empty_filter(expected)));
    }

    #[test]
    fn disabling_an_unfiltered_stream_changes_only_alerts(found in documents("c1"), part in parts()) {
        let kept = left(&found, &part, Unfiltered::Keep).expect("another creator's document");
        let ended = left(&found, &part, Unfiltered::DisableAll).expect("another creator's document");
        if Alerts::of(&found).filter.is_some() || !Alerts::of(&found).are_enabled || part.alert_providers().is_empty() {
            prop_assert_eq!(kept, ended);
        } else {
            let mut expected = kept;
            expected.set(&alerts::STATE, "Disabled".into());
            prop_assert_eq!(ended, without_empty_filter(expected));
        }
    }

    #[test]
    fn deletes_only_a_document_we_created_that_streams_nothing(found in found(), part in parts()) {
        if let Change::Delete(deleted) = disable(&found, &part, JOINED, Unfiltered::Keep) {
            prop_assert!(found.is_named(OWN));
            prop_assert_eq!(&deleted, &found, "including its etag");
            prop_assert!(streams(&found).is_subset(&own_streams(&part)));
            let unknown = found.get(&["properties", "novelty"]);
            prop_assert!(unknown.is_none_or(|value| value == &json!({})), "unknown, so kept");
            prop_assert_eq!(other_providers(&found, &part), Vec::<Value>::new());
        }
    }
}

/// The data that streams in a document that contains only the part.
fn own_streams(part: &Part) -> std::collections::BTreeSet<String> {
    streams(&crate::defender_xdr::new_document(part, OWN, TENANT))
}

fn without_empty_objects(mut value: Value) -> Value {
    if let Some(properties) = value["properties"].as_object_mut()
        && properties.get("filteredProviders").is_some_and(|filters| {
            filters.is_null() || filters.as_object().is_some_and(|all| all.values().all(Value::is_null))
        })
    {
        properties.shift_remove("filteredProviders");
    }
    value
}
