//! Disables a part, and deletes the document after the last part.

use serde_json::Value;

use super::alerts::{self, Alerts};
use super::in_use::is_in_use;
use super::part::Part;
use crate::sentinel::data_connector::{Change, Document};

/// What to do with alerts that stream without a filter. A single product cannot be removed: this would require a filter
/// with all other products, and no list of all products exists.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unfiltered {
    /// Keep the alerts enabled, so the part continues to stream.
    Keep,
    /// Disable the alerts of **all** products. This is the only action that affects more than the owner's part, so the
    /// caller must warn the user first.
    DisableAll,
}

/// What the owner knows about the creation of the document.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The name of documents that this provider creates: see [`crate::sentinel::data_connector::name_for`].
    pub own_name: &'a str,
    /// The document's properties right after this owner created it. Fields that Azure added at the creation have no
    /// owner.
    pub created_with: Option<&'a Value>,
}

/// Disables the part in `found`: its data types, and its providers in the filter. It does not change anything else.
///
/// - Removing the last provider also disables the alerts. If the alerts are already disabled, the providers are still
///   removed from the filter. Otherwise the next owner that enables alerts would enable these providers again.
/// - A document that this provider created is deleted if it is no longer in use, even if the part was already
///   disabled. A later owner creates the document again with the same name.
/// - A dedicated connector without data types is connected as long as it exists, so it is deleted even if the portal
///   created it.
#[must_use]
pub fn disable(found: &Document, part: &Part, origin: Origin<'_>, unfiltered: Unfiltered) -> Change {
    if !part.fits(found) {
        return Change::Nothing;
    }
    if part.is_whole_document() {
        return Change::Delete(found.clone());
    }
    let off = with_part_disabled(found, part, unfiltered);
    if found.is_named(origin.own_name) && !is_in_use(off.as_ref().unwrap_or(found), origin.created_with) {
        return Change::Delete(found.clone());
    }
    off.map_or(Change::Nothing, Change::Put)
}

/// Disables the part, but never deletes the document. Returns `None` if the part is already disabled.
#[must_use]
pub fn with_part_disabled(found: &Document, part: &Part, unfiltered: Unfiltered) -> Option<Document> {
    let mut document = found.clone();
    for data_type in part.data_types().iter().filter(|data_type| data_type.is_enabled(found)) {
        document.set(&data_type.state_path(), "Disabled".into());
    }
    remove_alert_providers(&mut document, &Alerts::of(found), part, unfiltered);
    if document == *found {
        return None;
    }
    alerts::drop_empty_filter(&mut document);
    Some(document)
}

fn remove_alert_providers(document: &mut Document, found: &Alerts<'_>, part: &Part, unfiltered: Unfiltered) {
    let Some(filter) = found.filter else {
        if found.are_enabled && !part.alert_providers().is_empty() && unfiltered == Unfiltered::DisableAll {
            document.set(&alerts::STATE, "Disabled".into());
        }
        return;
    };
    let others: Vec<Value> = filter.iter().filter(|entry| !part.has_provider(entry)).cloned().collect();
    if others.len() == filter.len() {
        return;
    }
    if !others.is_empty() {
        document.set(&alerts::FILTER, others.into());
        return;
    }
    // Without a filter, the alerts of all products would stream, so the alerts are disabled too.
    if found.are_enabled {
        document.set(&alerts::STATE, "Disabled".into());
    }
    document.remove(&alerts::FILTER);
}
