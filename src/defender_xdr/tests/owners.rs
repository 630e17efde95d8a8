//! Several owners of one document, none of which knows another: whatever they do in whatever order, also at the same
//! time, none of them changes another one's part, and the last one deletes what this provider created.
//!
//! An action is a read, a merge, and a write that is refused if the document has changed since the read. So the
//! interleavings of these steps are all there is to concurrency. (Azure's DELETE knows no etag. Here it is refused too:
//! what the moment between the last read and a DELETE may cost is a matter of the writer, not of these rules.)

use std::collections::{BTreeSet, VecDeque};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::documents::{anything, documents};
use super::*;
use crate::defender_xdr::alerts::Alerts;
use crate::defender_xdr::{Unfiltered, also_starts, new_document, turn_off, turn_on};
use crate::sentinel::data_connector::{ALERTS, Change};

/// What an owner can have: shared out among the owners, so that no two have the same.
const ITEMS: [Item; 6] = [
    Item::Provider(DEFENDER_FOR_CLOUD),
    Item::Provider(CLOUD_APPS),
    Item::Provider(IDENTITY),
    Item::Incidents,
    Item::Table("DeviceInfo"),
    Item::Table("EmailEvents"),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Item {
    Provider(&'static str),
    Incidents,
    Table(&'static str),
}

impl Item {
    fn is_on(self, document: Option<&Document>) -> bool {
        document.is_some_and(|document| flows(document).contains(&self.flow()))
    }

    fn flow(self) -> String {
        match self {
            Self::Provider(name) => format!("alerts of {}", name.to_ascii_lowercase()),
            Self::Incidents => "incidents".to_owned(),
            Self::Table(table) => format!("advancedHunting/{table}"),
        }
    }
}

/// Everything that streams. Without a filter these are all providers, known and unknown.
pub(super) fn flows(document: &Document) -> BTreeSet<String> {
    fn add_data_types(path: &str, value: &Value, flows: &mut BTreeSet<String>) {
        for (name, value) in value.as_object().into_iter().flatten() {
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            if value["state"].as_str().is_some_and(|state| state.eq_ignore_ascii_case("Enabled")) {
                flows.insert(path.clone());
            }
            add_data_types(&path, value, flows);
        }
    }
    let mut flows = BTreeSet::new();
    add_data_types("", document.get(&["properties", "dataTypes"]).unwrap_or(&Value::Null), &mut flows);
    if flows.remove(ALERTS) {
        match Alerts::of(document).filter {
            Some(filter) => flows.extend(filter.iter().filter_map(Value::as_str).map(alerts_of)),
            None => {
                flows.insert("alerts of every product".to_owned());
                flows.extend([DEFENDER_FOR_CLOUD, CLOUD_APPS, IDENTITY, "somethingNew"].map(alerts_of));
            }
        }
    }
    flows
}

fn alerts_of(name: &str) -> String {
    format!("alerts of {}", name.to_ascii_lowercase())
}

fn part(items: &[Item]) -> Part {
    let mut data_types = Vec::new();
    let mut providers = Vec::new();
    for item in items {
        match item {
            Item::Provider(name) => providers.push((*name).to_owned()),
            Item::Incidents => data_types.push(DataType::incidents()),
            Item::Table(table) => data_types.push(DataType::hunting_table(table)),
        }
    }
    Part::new(data_types, providers)
}

/// A resource in a state of its own.
#[derive(Clone, Debug)]
struct Owner {
    items: Vec<Item>,
    /// What it is to have on: nothing once it is destroyed.
    wanted: Vec<Item>,
    /// What it has created and has not read back yet.
    has_created: bool,
    created_with: Option<Value>,
}

impl Owner {
    fn of(items: Vec<Item>) -> Self {
        Self { items, wanted: Vec::new(), has_created: false, created_with: None }
    }

    fn wish(&mut self, wish: Wish) {
        let wished = ITEMS.into_iter().zip(wish).filter(|(_, wish)| *wish).map(|(item, _)| item);
        self.wanted = wished.filter(|item| self.items.contains(item)).collect();
    }

    fn origin(&self) -> Origin<'_> {
        Origin { own_name: OWN, created_with: self.created_with.as_ref() }
    }

    fn unwanted(&self) -> Vec<Item> {
        self.items.iter().copied().filter(|item| !self.wanted.contains(item)).collect()
    }

    /// Notes what it has created: the document as it is by now, with what others have added.
    fn read_back(&mut self, found: Option<&Document>) {
        if std::mem::take(&mut self.has_created) {
            self.created_with = found.map(|document| document.properties().clone());
        }
    }

    /// The merge. First on, then off: a change never deletes what it still needs.
    fn decide(&self, found: Option<&Document>) -> Change {
        let (on, off) = (part(&self.wanted), part(&self.unwanted()));
        let Some(found) = found else {
            let is_needed = !self.wanted.is_empty();
            return if is_needed { Change::Put(new_document(&on, OWN, TENANT)) } else { Change::Nothing };
        };
        if self.wanted.is_empty() {
            return turn_off(found, &off, self.origin(), Unfiltered::Keep);
        }
        let turned_on = turn_on(found, &on);
        match turn_off(turned_on.as_ref().unwrap_or(found), &off, self.origin(), Unfiltered::Keep) {
            Change::Nothing => turned_on.map_or(Change::Nothing, Change::Put),
            change => change,
        }
    }
}

/// The one document of a workspace, and how often it was written.
#[derive(Clone, Debug)]
struct Workspace {
    document: Option<Document>,
    version: u32,
    /// What Azure adds to a document when it is created.
    addition: Option<Value>,
}

impl Workspace {
    fn holding(document: Option<Document>) -> Self {
        Self { document, version: 0, addition: None }
    }

    fn write(&mut self, owner: &mut Owner, change: Change) {
        match change {
            Change::Nothing => return,
            Change::Put(mut document) => {
                if self.document.is_none() {
                    owner.has_created = true;
                    if let Some(addition) = &self.addition {
                        document.set(&["properties", "addition"], addition.clone());
                    }
                }
                self.document = Some(document);
            }
            Change::Delete(_) => {
                self.document = None;
                owner.created_with = None;
            }
        }
        self.version += 1;
    }

    /// One owner gets what it wishes, by a read and a write. Says which one.
    fn act(&mut self, owners: &mut [Owner], actor: usize, wish: Wish) -> Result<usize, TestCaseError> {
        let actor = actor % owners.len();
        owners[actor].wish(wish);
        let before = self.document.clone();
        owners[actor].read_back(before.as_ref());
        let change = owners[actor].decide(before.as_ref());
        self.write(&mut owners[actor], change.clone());
        self.check(owners, actor, before.as_ref(), &change)?;
        Ok(actor)
    }

    /// What must hold of every write.
    fn check(
        &self,
        owners: &[Owner],
        actor: usize,
        before: Option<&Document>,
        change: &Change,
    ) -> Result<(), TestCaseError> {
        let after = self.document.as_ref();
        let restarted = before.map(|found| also_starts(found, &part(&owners[actor].wanted))).unwrap_or_default();
        for other in owners.iter().enumerate().filter(|(index, _)| *index != actor).flat_map(|(_, other)| &other.items)
        {
            let (was_on, is_on) = (other.is_on(before), other.is_on(after));
            // A filter that somebody left behind with the alerts off: known, and warned of.
            let may_start =
                matches!(other, Item::Provider(name) if restarted.iter().any(|also| also.eq_ignore_ascii_case(name)));
            prop_assert!(was_on == is_on || (may_start && is_on), "{other:?}: {before:?} -> {after:?}");
        }
        let own: BTreeSet<String> = owners[actor].items.iter().map(|item| item.flow()).collect();
        let (before_flows, after_flows) = (before.map(flows).unwrap_or_default(), after.map(flows).unwrap_or_default());
        let lost: Vec<_> = before_flows.difference(&after_flows).filter(|flow| !own.contains(*flow)).collect();
        prop_assert!(lost.is_empty(), "narrowed: {lost:?}");
        if let Change::Delete(deleted) = change {
            prop_assert!(deleted.is_named(OWN), "not created by us: {deleted:?}");
            prop_assert!(after_flows.is_empty());
        }
        Ok(())
    }

    /// Every owner has what it wants. An unfiltered stream lets through what nobody wants.
    fn check_all(&self, owners: &[Owner]) -> Result<(), TestCaseError> {
        let is_unfiltered =
            self.document.as_ref().is_some_and(|document| flows(document).contains("alerts of every product"));
        for owner in owners {
            for item in &owner.items {
                let expected = owner.wanted.contains(item) || (is_unfiltered && matches!(item, Item::Provider(_)));
                prop_assert_eq!(item.is_on(self.document.as_ref()), expected, "{:?} in {:?}", item, self.document);
            }
        }
        Ok(())
    }
}

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

/// Of the items, those that an owner is to have from now on: none of them for a destroy.
type Wish = [bool; ITEMS.len()];

/// What happens, in order. The owner is counted modulo the number of owners.
fn wishes() -> impl Strategy<Value = Vec<(usize, Wish)>> {
    let wish = prop_oneof![3 => any::<Wish>(), 1 => Just([false; ITEMS.len()]), 1 => Just([true; ITEMS.len()])];
    prop::collection::vec((0..6_usize, wish), 1..12)
}

fn start() -> impl Strategy<Value = Option<Document>> {
    prop_oneof![1 => Just(None), 3 => documents("c1").prop_map(Some), 1 => documents(OWN).prop_map(Some)]
}

/// Without the differences that the order of the actions makes and that mean nothing: the order of the filter, and nulls
/// beside it.
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

    /// People change what they like in between: whatever they leave, an owner changes its own part only.
    #[test]
    fn no_owner_changes_the_part_of_another_whatever_people_do(
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
    fn actions_at_the_same_time_end_as_if_one_came_after_the_other(
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

    /// From nothing to nothing, with an Azure that adds a field of its own.
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
            // Nobody but its creator can tell that the addition is not somebody's.
            Some(left) => {
                let addition = left.get(&["properties", "addition"]);
                prop_assert!(addition.is_some_and(|addition| *addition != json!({})), "no reason to stay: {left:?}");
                prop_assert_eq!(flows(left), BTreeSet::new());
                prop_assert!(owners[order[1]].created_with.is_none(), "the creator deletes it");
            }
        }
    }

    /// What nobody owns survives all of it, to the digits of its numbers.
    #[test]
    fn what_is_not_ours_is_never_touched(mut start in documents("c1"), unknown in anything(), mut owners in owners(), wishes in wishes()) {
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
