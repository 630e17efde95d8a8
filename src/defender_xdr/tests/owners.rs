//! Tests of several independent owners of one document. With any sequential or concurrent actions, no owner changes the
//! part of another, and the last owner deletes a document that this provider created.
//!
//! An action is a read, a merge, and a write that is rejected if the document has changed since the read. The
//! interleavings of these steps therefore cover all concurrency. Azure's DELETE has no etag, but the model rejects an
//! outdated DELETE too, because that gap concerns the writer and not these rules.

use std::collections::{BTreeSet, VecDeque};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::documents::{anything, documents};
use super::model::{ITEMS, Owner, Selection, Workspace, streams};
use super::*;
use crate::sentinel::data_connector::{ALERTS, Change};

/// Up to three owners, each with some of the items. Items may have no owner.
fn owners() -> impl Strategy<Value = Vec<Owner>> {
    prop::collection::vec(0..4_usize, ITEMS.len()).prop_filter_map("no owner", |shares| {
        let of =
            |owner| ITEMS.into_iter().zip(&shares).filter(move |(_, share)| **share == owner).map(|(item, _)| item);
        let parts = (0..3).map(|owner| of(owner).collect::<Vec<_>>()).filter(|items| !items.is_empty());
        let owners: Vec<Owner> = parts.map(Owner::of).collect();
        (!owners.is_empty()).then_some(owners)
    })
}

/// The tenant connector and the Defender XDR connector.
fn two_owners() -> Vec<Owner> {
    let [cloud, rest @ ..] = ITEMS;
    vec![Owner::of(vec![cloud]), Owner::of(rest.to_vec())]
}

/// A sequence of actions: the owner, modulo the number of owners, and its selection.
fn actions() -> impl Strategy<Value = Vec<(usize, Selection)>> {
    let selection =
        prop_oneof![3 => any::<Selection>(), 1 => Just([false; ITEMS.len()]), 1 => Just([true; ITEMS.len()])];
    prop::collection::vec((0..6_usize, selection), 1..12)
}

fn start() -> impl Strategy<Value = Option<Document>> {
    prop_oneof![1 => Just(None), 3 => documents("c1").prop_map(Some), 1 => documents(OWN).prop_map(Some)]
}

/// Removes irrelevant differences that the order of the actions causes: the order of the filter, and null members.
fn normal(document: Option<Document>) -> Option<Document> {
    let mut document = document?;
    let filters = document.get(&["properties", "filteredProviders"]).and_then(Value::as_object).cloned();
    if let Some(mut filters) = filters {
        filters.retain(|_, value| !value.is_null());
        if let Some(filter) = filters.get_mut(ALERTS).and_then(Value::as_array_mut) {
            filter.sort_by_key(ToString::to_string);
        }
        document.set(&["properties", "filteredProviders"], filters.into());
    }
    Some(document)
}

proptest! {
    #[test]
    fn no_owner_changes_the_part_of_another(start in start(), mut owners in owners(), actions in actions()) {
        let mut workspace = Workspace::holding(start);
        for (actor, selection) in actions {
            let actor = workspace.act(&mut owners, actor, selection)?;
            let again = owners[actor].decide(workspace.document.as_ref());
            prop_assert_eq!(again, Change::Nothing, "once is enough");
        }
        for actor in 0..owners.len() {
            let selection = ITEMS.map(|item| owners[actor].desired.contains(&item));
            workspace.act(&mut owners, actor, selection)?; // The items of an owner without an action may be enabled.
        }
        workspace.check_all(&owners)?;
    }

    /// Users change the document between the actions. An owner still changes only its own part.
    #[test]
    fn no_owner_changes_the_part_of_another_despite_manual_changes(
        mut owners in owners(),
        steps in prop::collection::vec((actions(), start()), 1..4),
    ) {
        let mut workspace = Workspace::holding(None);
        for (actions, manual_change) in steps {
            for (actor, selection) in actions {
                workspace.act(&mut owners, actor, selection)?;
            }
            workspace.document = manual_change;
        }
    }

    #[test]
    fn concurrent_actions_end_like_sequential_ones(
        start in start(),
        mut owners in owners(),
        actions in actions(),
        turns in prop::collection::vec(0..3_usize, 0..40),
    ) {
        let mut workspace = Workspace::holding(start);
        let mut queues = vec![VecDeque::from([[false; ITEMS.len()]]); owners.len()];
        for (actor, selection) in actions {
            queues[actor % owners.len()].push_back(selection);
        }
        let mut reads: Vec<Option<(u32, Option<Document>)>> = vec![None; owners.len()];
        for turn in turns.into_iter().chain((0..owners.len()).cycle()) {
            if queues.iter().all(VecDeque::is_empty) && reads.iter().all(Option::is_none) {
                break;
            }
            let actor = turn % owners.len();
            let owner = &mut owners[actor];
            let reads_again = match reads[actor].take() {
                Some((version, found)) if version == workspace.version => {
                    let change = owner.decide(found.as_ref());
                    workspace.write(owner, change.clone());
                    workspace.check(&owners, actor, found.as_ref(), &change)?;
                    continue;
                }
                Some(_) => true, // The document has changed since the read.
                None => queues[actor].pop_front().map(|selection| owner.select(selection)).is_some(),
            };
            if reads_again {
                owner.read_back(workspace.document.as_ref());
                reads[actor] = Some((workspace.version, workspace.document.clone()));
            }
        }
        workspace.check_all(&owners)?;
    }

    #[test]
    fn order_of_owners_does_not_affect_the_result(start in start(), owners in owners(), order in Just([0, 1, 2]).prop_shuffle()) {
        let run = |order: [usize; 3]| -> Result<[Option<Document>; 2], TestCaseError> {
            let mut workspace = Workspace::holding(start.clone());
            let mut owners = owners.clone();
            let mut results = [None, None];
            for (result, selection) in results.iter_mut().zip([[true; ITEMS.len()], [false; ITEMS.len()]]) {
                for turn in order {
                    workspace.act(&mut owners, turn, selection)?;
                }
                *result = normal(workspace.document.clone());
            }
            Ok(results)
        };

        prop_assert_eq!(run([0, 1, 2])?, run(order)?);
    }

    /// Starts and ends without a document, with an Azure that adds a field.
    #[test]
    fn last_owner_deletes_the_created_document(
        actions in actions(),
        addition in prop::option::of(anything()),
        order in Just([0, 1]).prop_shuffle(),
    ) {
        let mut owners = two_owners();
        let mut workspace = Workspace { addition, ..Workspace::holding(None) };
        for (actor, selection) in actions {
            workspace.act(&mut owners, actor, selection)?;
        }
        for actor in order {
            workspace.act(&mut owners, actor, [false; ITEMS.len()])?;
        }
        match &workspace.document {
            None => {}
            // Only its creator knows that Azure added the field.
            Some(left) => {
                let addition = left.get(&["properties", "addition"]);
                prop_assert!(addition.is_some_and(|addition| *addition != json!({})), "not in use: {left:?}");
                prop_assert_eq!(streams(left), BTreeSet::new());
                prop_assert!(owners[order[1]].created_with.is_none(), "the creator deletes it");
            }
        }
    }

    /// Properties without an owner stay, including the digits of their numbers.
    #[test]
    fn never_changes_unmanaged_properties(mut start in documents("c1"), unknown in anything(), mut owners in owners(), actions in actions()) {
        start.set(&["properties", "dataTypes", "unknown"], unknown.clone());
        start.set(&["properties", "unknown"], unknown.clone());
        start.set(&["unknown"], unknown.clone());
        let mut workspace = Workspace::holding(Some(start.clone()));
        for (actor, selection) in actions {
            workspace.act(&mut owners, actor, selection)?;
        }

        let left = workspace.document.expect("another creator's document").into_body();
        for place in ["/properties/dataTypes/unknown", "/properties/unknown", "/unknown"] {
            prop_assert_eq!(left.pointer(place).map(ToString::to_string), Some(unknown.to_string()));
        }
        prop_assert_eq!(&left["etag"], &start.into_body()["etag"]);
    }
}
