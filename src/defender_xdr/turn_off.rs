//! Turns a part off, and deletes the document after the last part.

use serde_json::Value;

use super::alerts::{self, Alerts};
use super::in_use::is_in_use;
use super::part::Part;
use crate::sentinel::data_connector::{Change, Document};

/// What to do with alerts that stream without a filter. One product cannot be taken out of them: that would need a
/// filter that names all others, and there is no list of all products.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unfiltered {
    /// Leave the alerts on: the part keeps streaming.
    Keep,
    /// Turn the alerts of **every** product off. This is the only action that reaches beyond the owner's part, so its
    /// caller must have warned.
    TurnOff,
}

/// What the owner knows about where the document came from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The name that this provider gives to a document that it creates: see
    /// [`crate::sentinel::data_connector::name_for`].
    pub own_name: &'a str,
    /// The document's properties right after this owner created it. Fields that Azure added then have no owner.
    pub created_with: Option<&'a Value>,
}

/// Turns the part off in `found`: its data types, and its providers in the filter. Everything else stays on.
///
/// - The alerts go off with the last provider. The providers leave the filter also if the alerts are off already:
///   otherwise the next owner who turns alerts on would start them again.
/// - A document that this provider created is deleted if nothing in it is of use to anybody, also if all of it was off
///   before. A later owner of the workspace creates it again under the same name.
/// - A dedicated connector without data types is on while it exists, so it is deleted
///   even if the portal created it.
#[must_use]
pub fn turn_off(found: &Document, part: &Part, origin: Origin<'_>, unfiltered: Unfiltered) -> Change {
    if !part.fits(found) {
        return Change::Nothing;
    }
    if part.is_whole_document() {
        return Change::Delete(found.clone());
    }
    let off = turned_off(found, part, unfiltered);
    if found.is_named(origin.own_name) && !is_in_use(off.as_ref().unwrap_or(found), origin.created_with) {
        return Change::Delete(found.clone());
    }
    off.map_or(Change::Nothing, Change::Put)
}

/// The document with the part off, for an owner who still uses the document; none if the part is off already.
#[must_use]
pub fn turned_off(found: &Document, part: &Part, unfiltered: Unfiltered) -> Option<Document> {
    let mut document = found.clone();
    for data_type in part.data_types().iter().filter(|data_type| data_type.is_on(found)) {
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
        if found.are_on && !part.alert_providers().is_empty() && unfiltered == Unfiltered::TurnOff {
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
    // Off before the filter goes: without one, everything streams.
    if found.are_on {
        document.set(&alerts::STATE, "Disabled".into());
    }
    document.remove(&alerts::FILTER);
}
