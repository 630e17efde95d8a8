//! A model of a workspace with one document and several owners, each with its own state.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::defender_xdr::alerts::Alerts;
use crate::defender_xdr::{Unfiltered, also_enables, disable, enable, new_document};
use crate::sentinel::data_connector::{ALERTS, Change};

/// The items that owners manage. Each item has at most one owner.
pub(super) const ITEMS: [Item; 6] = [
    Item::Provider(DEFENDER_FOR_CLOUD),
    Item::Provider(CLOUD_APPS),
    Item::Provider(IDENTITY),
    Item::Incidents,
    Item::Table("DeviceInfo"),
    Item::Table("EmailEvents"),
];

/// Whether each of the items is desired. A destroy selects none.
pub(super) type Selection = [bool; ITEMS.len()];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item {
    Provider(&'static str),
    Incidents,
    Table(&'static str),
}

impl Item {
    fn is_enabled(self, document: Option<&Document>) -> bool {
        document.is_some_and(|document| streams(document).contains(&self.stream_name()))
    }

    fn stream_name(self) -> String {
        match self {
            Self::Provider(name) => format!("alerts of {}", name.to_ascii_lowercase()),
            Self::Incidents => "incidents".to_owned(),
            Self::Table(table) => format!("advancedHunting/{table}"),
        }
    }
}

/// The data that streams. Without a filter, this includes the alerts of all known and unknown providers.
pub(super) fn streams(document: &Document) -> BTreeSet<String> {
    fn add_data_types(path: &str, value: &Value, streams: &mut BTreeSet<String>) {
        for (name, value) in value.as_object().into_iter().flatten() {
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            if value["state"].as_str().is_some_and(|state| state.eq_ignore_ascii_case("Enabled")) {
                streams.insert(path.clone());
            }
            add_data_types(&path, value, streams);
        }
    }
    let mut streams = BTreeSet::new();
    add_data_types("", document.get(&["properties", "dataTypes"]).unwrap_or(&Value::Null), &mut streams);
    if streams.remove(ALERTS) {
        match Alerts::of(document).filter {
            Some(filter) => streams.extend(filter.iter().filter_map(Value::as_str).map(alerts_of)),
            None => {
                streams.insert("alerts of all products".to_owned());
                streams.extend([DEFENDER_FOR_CLOUD, CLOUD_APPS, IDENTITY, "somethingNew"].map(alerts_of));
            }
        }
    }
    streams
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
    /// The items to enable. Empty after a destroy.
    pub(super) desired: Vec<Item>,
    /// Whether the owner created the document and has not read it back yet.
    has_created: bool,
    pub(super) created_with: Option<Value>,
}

impl Owner {
    pub(super) fn of(items: Vec<Item>) -> Self {
        Self { items, desired: Vec::new(), has_created: false, created_with: None }
    }

    pub(super) fn select(&mut self, selection: Selection) {
        let selected = ITEMS.into_iter().zip(selection).filter(|(_, is_selected)| *is_selected).map(|(item, _)| item);
        self.desired = selected.filter(|item| self.items.contains(item)).collect();
    }

    fn origin(&self) -> Origin<'_> {
        Origin { own_name: OWN, created_with: self.created_with.as_ref() }
    }

    fn undesired(&self) -> Vec<Item> {
        self.items.iter().copied().filter(|item| !self.desired.contains(item)).collect()
    }

    /// Records the document that the owner created, including changes that others have made since.
    pub(super) fn read_back(&mut self, found: Option<&Document>) {
        if std::mem::take(&mut self.has_created) {
            self.created_with = found.map(|document| document.properties().clone());
        }
    }

    /// The merge. It enables before it disables, so that it does not delete a document that it still needs.
    pub(super) fn decide(&self, found: Option<&Document>) -> Change {
        let (on, off) = (part(&self.desired), part(&self.undesired()));
        let Some(found) = found else {
            let is_needed = !self.desired.is_empty();
            return if is_needed { Change::Put(new_document(&on, OWN, TENANT)) } else { Change::Nothing };
        };
        if self.desired.is_empty() {
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
    /// The property that Azure adds to a new document.
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

    /// Applies the selection of one owner with a read and a write. Returns the index of the owner.
    pub(super) fn act(
        &mut self,
        owners: &mut [Owner],
        actor: usize,
        selection: Selection,
    ) -> Result<usize, TestCaseError> {
        let actor = actor % owners.len();
        owners[actor].select(selection);
        let before = self.document.clone();
        owners[actor].read_back(before.as_ref());
        let change = owners[actor].decide(before.as_ref());
        self.write(&mut owners[actor], change.clone());
        self.check(owners, actor, before.as_ref(), &change)?;
        Ok(actor)
    }

    /// Checks the invariants of every write.
    pub(super) fn check(
        &self,
        owners: &[Owner],
        actor: usize,
        before: Option<&Document>,
        change: &Change,
    ) -> Result<(), TestCaseError> {
        let after = self.document.as_ref();
        let also_enabled = before.map(|found| also_enables(found, &part(&owners[actor].desired))).unwrap_or_default();
        for other in owners.iter().enumerate().filter(|(index, _)| *index != actor).flat_map(|(_, other)| &other.items)
        {
            let (was_enabled, is_enabled) = (other.is_enabled(before), other.is_enabled(after));
            // The filter can contain providers while the alerts are disabled. A warning reports that they are enabled.
            let is_reported = |name: &str| also_enabled.iter().any(|reported| reported.eq_ignore_ascii_case(name));
            let may_be_enabled = matches!(other, Item::Provider(name) if is_reported(name));
            prop_assert!(
                was_enabled == is_enabled || (may_be_enabled && is_enabled),
                "{other:?}: {before:?} -> {after:?}"
            );
        }
        let own: BTreeSet<String> = owners[actor].items.iter().map(|item| item.stream_name()).collect();
        let (before_streams, after_streams) =
            (before.map(streams).unwrap_or_default(), after.map(streams).unwrap_or_default());
        let lost: Vec<_> = before_streams.difference(&after_streams).filter(|name| !own.contains(*name)).collect();
        prop_assert!(lost.is_empty(), "narrowed: {lost:?}");
        if let Change::Delete(deleted) = change {
            prop_assert!(deleted.is_named(OWN), "not created by us: {deleted:?}");
            prop_assert!(after_streams.is_empty());
        }
        Ok(())
    }

    /// Checks that exactly the desired items of each owner are enabled. An unfiltered stream may contain more.
    pub(super) fn check_all(&self, owners: &[Owner]) -> Result<(), TestCaseError> {
        let is_unfiltered =
            self.document.as_ref().is_some_and(|document| streams(document).contains("alerts of all products"));
        for owner in owners {
            for item in &owner.items {
                let expected = owner.desired.contains(item) || (is_unfiltered && matches!(item, Item::Provider(_)));
                prop_assert_eq!(item.is_enabled(self.document.as_ref()), expected, "{:?} in {:?}", item, self.document);
            }
        }
        Ok(())
    }
}
