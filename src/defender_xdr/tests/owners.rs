//! Tests of several independent owners of one document: with any actions in any order, also at the same
//! time, none of them changes another one's part, and the last one deletes what this provider created.
//!
//! An action is a read, a merge, and a write that is refused if the document has changed since the read. So the
//! interleavings of these steps are all there is to concurrency. (Azure's DELETE knows no etag. Here it is refused too:
//! what the moment between the last read and a DELETE may cost is a matter of the writer, not of these rules.)

use std::collections::{BTreeSet, VecDeque};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::documents::{anything, documents};
use super::model::{ITEMS, Owner, Wish, Workspace, flows};
use super::*;
use crate::sentinel::data_connector::{ALERTS, Change};

/// Up to three owners that share out the items; some items may have no owner.
fn owners() -> impl Strategy<Value = Vec<Owner>> {
    prop::collection::vec(0..4_usize, ITEMS.len()).prop_filter_map("no owner", |shares| {
        let of =
            |owner| ITEMS.into_iter().zip(&shares).filter(move |(_, share)| **share == owner).map(|(item, _)| item);
        let parts = (0..3).map(|owner| of(owner).collect::<Vec<_>>()).filter(|items| !items.is_empty());
        let owners: Vec<Owner> = parts.map(Owner::of).collect();
        (!owners.is_empty()).then_some(owners)
    })
}

/// The tenant connector, and a connector for the rest, as they will be.
fn two_owners() -> Vec<Owner> {
    let [cloud, rest @ ..] = ITEMS;
    vec![Owner::of(vec![cloud]), Owner::of(rest.to_vec())]
}

/// What happens, in order. The owner is counted modulo the number of owners.
fn wishes() -> impl Strategy<Value = Vec<(usize, Wish)>> {
    let wish = prop_oneof![3 => any::<Wish>(), 1 => Just([false; ITEMS.len()]), 1 => Just([true; ITEMS.len()])];
    prop::collection::vec((0..6_usize, wish), 1..12)
}

fn start() -> impl Strategy<Value = Option<Document>> {
    prop_oneof![1 => Just(None), 3 => documents("c1").prop_map(Some), 1 => documents(OWN).prop_map(Some)]
}

/// Without the differences that the order of the actions makes and that mean nothing: the order of the filter, and
/// nulls beside it.
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
    fn no_owner_changes_the_part_of_another(start in start(), mut owners in owners(), wishes in wishes()) {
        let mut workspace = Workspace::holding(start);
        for (actor, wanted) in wishes {
            let actor = workspace.act(&mut owners, actor, wanted)?;
            let again = owners[actor].decide(workspace.document.as_ref());
            prop_assert_eq!(again, Change::Nothing, "once is enough");
        }
        for actor in 0..owners.len() {
            let wanted = ITEMS.map(|item| owners[actor].wanted.contains(&item));
            workspace.act(&mut owners, actor, wanted)?; // who has not acted yet may find its items on
        }
        workspace.check_all(&owners)?;
    }

    /// Users change the document between the actions. An owner still changes only its own part.
    #[test]
    fn no_owner_changes_the_part_of_another_despite_manual_changes(
        mut owners in owners(),
        steps in prop::collection::vec((wishes(), start()), 1..4),
    ) {
        let mut workspace = Workspace::holding(None);
        for (wishes, by_hand) in steps {
            for (actor, wanted) in wishes {
                workspace.act(&mut owners, actor, wanted)?;
            }
            workspace.document = by_hand;
        }
    }

    #[test]
    fn concurrent_actions_end_like_sequential_ones(
        start in start(),
        mut owners in owners(),
        wishes in wishes(),
        turns in prop::collection::vec(0..3_usize, 0..40),
    ) {
        let mut workspace = Workspace::holding(start);
        let mut queues = vec![VecDeque::from([[false; ITEMS.len()]]); owners.len()];
        for (actor, wanted) in wishes {
            queues[actor % owners.len()].push_back(wanted);
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
                Some(_) => true, // the document has changed since
                None => queues[actor].pop_front().map(|wanted| owner.wish(wanted)).is_some(),
            };
            if reads_again {
                owner.read_back(workspace.document.as_ref());
                reads[actor] = Some((workspace.version, workspace.document.clone()));
            }
        }
        workspace.check_all(&owners)?;
    }

    #[test]
    fn the_order_of_the_owners_does_not_matter(start in start(), owners in owners(), order in Just([0, 1, 2]).prop_shuffle()) {
        let run = |order: [usize; 3]| -> Result<[Option<Document>; 2], TestCaseError> {
            let mut workspace = Workspace::holding(start.clone());
            let mut owners = owners.clone();
            let mut results = [None, None];
            for (result, wanted) in results.iter_mut().zip([[true; ITEMS.len()], [false; ITEMS.len()]]) {
                for turn in order {
                    workspace.act(&mut owners, turn, wanted)?;
                }
                *result = normal(workspace.document.clone());
            }
            Ok(results)
        };

        prop_assert_eq!(run([0, 1, 2])?, run(order)?);
    }

    /// Starts and ends without a document, with an Azure that adds a field.
    #[test]
    fn the_last_owner_deletes_what_was_created(
        wishes in wishes(),
        addition in prop::option::of(anything()),
        order in Just([0, 1]).prop_shuffle(),
    ) {
        let mut owners = two_owners();
        let mut workspace = Workspace { addition, ..Workspace::holding(None) };
        for (actor, wanted) in wishes {
            workspace.act(&mut owners, actor, wanted)?;
        }
        for actor in order {
            workspace.act(&mut owners, actor, [false; ITEMS.len()])?;
        }
        match &workspace.document {
            None => {}
            // Only its creator knows that Azure added the field.
            Some(left) => {
                let addition = left.get(&["properties", "addition"]);
                prop_assert!(addition.is_some_and(|addition| *addition != json!({})), "no reason to stay: {left:?}");
                prop_assert_eq!(flows(left), BTreeSet::new());
                prop_assert!(owners[order[1]].created_with.is_none(), "the creator deletes it");
            }
        }
    }

    /// Properties without an owner stay, including the digits of their numbers.
    #[test]
    fn never_changes_unmanaged_properties(mut start in documents("c1"), unknown in anything(), mut owners in owners(), wishes in wishes()) {
        start.set(&["properties", "dataTypes", "unknown"], unknown.clone());
        start.set(&["properties", "unknown"], unknown.clone());
        start.set(&["unknown"], unknown.clone());
        let mut workspace = Workspace::holding(Some(start.clone()));
        for (actor, wanted) in wishes {
            workspace.act(&mut owners, actor, wanted)?;
        }

        let left = workspace.document.expect("it is not ours to delete").into_body();
        for place in ["/properties/dataTypes/unknown", "/properties/unknown", "/unknown"] {
            prop_assert_eq!(left.pointer(place).map(ToString::to_string), Some(unknown.to_string()));
        }
        prop_assert_eq!(&left["etag"], &start.into_body()["etag"]);
    }
}
