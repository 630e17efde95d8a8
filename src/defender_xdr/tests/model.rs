//! A model of a workspace with one document and several owners, each with its own state.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::defender_xdr::alerts::Alerts;
use crate::defender_xdr::{Unfiltered, also_enables, disable, enable, new_document};
use crate::sentinel::data_connector::{ALERTS, Change};

/// What an owner can have: shared out among the owners, so that no two have the same.
pub(super) const ITEMS: [Item; 6] = [
    Item::Provider(DEFENDER_FOR_CLOUD),
    Item::Provider(CLOUD_APPS),
    Item::Provider(IDENTITY),
    Item::Incidents,
    Item::Table("DeviceInfo"),
    Item::Table("EmailEvents"),
];

/// Of the items, those that an owner is to have from now on: none of them for a destroy.
pub(super) type Wish = [bool; ITEMS.len()];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item {
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
                flows.insert("alerts of all products".to_owned());
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

/// A resource with its own state.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) items: Vec<Item>,
    /// What it is to have on: nothing once it is destroyed.
    pub(super) wanted: Vec<Item>,
    /// What it has created and has not read back yet.
    has_created: bool,
    pub(super) created_with: Option<Value>,
}

impl Owner {
    pub(super) fn of(items: Vec<Item>) -> Self {
        Self { items, wanted: Vec::new(), has_created: false, created_with: None }
    }

    pub(super) fn wish(&mut self, wish: Wish) {
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
    pub(super) fn read_back(&mut self, found: Option<&Document>) {
        if std::mem::take(&mut self.has_created) {
            self.created_with = found.map(|document| document.properties().clone());
        }
    }

    /// The merge. First on, then off: a change never deletes what it still needs.
    pub(super) fn decide(&self, found: Option<&Document>) -> Change {
        let (on, off) = (part(&self.wanted), part(&self.unwanted()));
        let Some(found) = found else {
            let is_needed = !self.wanted.is_empty();
            return if is_needed { Change::Put(new_document(&on, OWN, TENANT)) } else { Change::Nothing };
        };
        if self.wanted.is_empty() {
            return disable(found, &off, self.origin(), Unfiltered::Keep);
        }
        let enabled = enable(found, &on);
        match disable(enabled.as_ref().unwrap_or(found), &off, self.origin(), Unfiltered::Keep) {
            Change::Nothing => enabled.map_or(Change::Nothing, Change::Put),
            change => change,
        }
    }
}

/// The one document of a workspace, and how often it was written.
#[derive(Clone, Debug)]
pub(super) struct Workspace {
    pub(super) document: Option<Document>,
    pub(super) version: u32,
    /// What Azure adds to a document when it is created.
    pub(super) addition: Option<Value>,
}

impl Workspace {
    pub(super) fn holding(document: Option<Document>) -> Self {
        Self { document, version: 0, addition: None }
    }

    pub(super) fn write(&mut self, owner: &mut Owner, change: Change) {
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
    pub(super) fn act(&mut self, owners: &mut [Owner], actor: usize, wish: Wish) -> Result<usize, TestCaseError> {
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
    pub(super) fn check(
        &self,
        owners: &[Owner],
        actor: usize,
        before: Option<&Document>,
        change: &Change,
    ) -> Result<(), TestCaseError> {
        let after = self.document.as_ref();
        let restarted = before.map(|found| also_enables(found, &part(&owners[actor].wanted))).unwrap_or_default();
        for other in owners.iter().enumerate().filter(|(index, _)| *index != actor).flat_map(|(_, other)| &other.items)
        {
            let (was_on, is_on) = (other.is_on(before), other.is_on(after));
            // A filter that remained while the alerts were off. A warning reports it.
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

    /// Every owner has what it wants. An unfiltered stream may contain more.
    pub(super) fn check_all(&self, owners: &[Owner]) -> Result<(), TestCaseError> {
        let is_unfiltered =
            self.document.as_ref().is_some_and(|document| flows(document).contains("alerts of all products"));
        for owner in owners {
            for item in &owner.items {
                let expected = owner.wanted.contains(item) || (is_unfiltered && matches!(item, Item::Provider(_)));
                prop_assert_eq!(item.is_on(self.document.as_ref()), expected, "{:?} in {:?}", item, self.document);
            }
        }
        Ok(())
    }
}
