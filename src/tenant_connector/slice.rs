//! The tenant connector's slice of a data connector: pure functions from the document Azure holds to the one to send.
//!
//! They change two places, `properties.dataTypes.alerts.state` and `properties.filteredProviders.alerts`, and keep
//! everything else. What is already so gives nothing to send.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::contract::{ALERTS, Contract, Form};
use crate::sentinel::data_connector::kind::AZURE_SECURITY_CENTER;
use crate::sentinel::data_connector::{Change, Document, Replaced, Role};

const STATE: [&str; 4] = ["properties", "dataTypes", ALERTS, "state"];
const FILTERS: [&str; 2] = ["properties", "filteredProviders"];
const FILTER: [&str; 3] = ["properties", "filteredProviders", ALERTS];

/// How much of the workspace's alerts a connected document lets through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stream {
    /// Defender for Cloud is on by name.
    ByName,
    /// There is no filter: the alerts of every product stream, Defender for Cloud's among them.
    Everything,
}

/// What connecting changed, for [`disconnect`]: kept in the resource's private state.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Undo {
    /// The connector did not exist. These are its properties as Azure answered right after it was made.
    Created(Value),
    /// The connector existed. These places were changed, in this order.
    Changed(Vec<Replaced>),
}

/// A document to send, and how to undo it.
#[derive(Clone, Debug, PartialEq)]
pub struct Connect {
    /// To be written as a whole.
    pub document: Document,
    /// What it takes to give back what was there.
    pub undo: Undo,
    /// Other providers in a filter that was not in force because alerts were off. Switching alerts on switches these
    /// on too: a filter is never taken from others.
    pub also_starts: Vec<String>,
}

/// Does this document stream tenant-wide Defender for Cloud alerts?
#[must_use]
pub fn stream(document: &Document, contract: &Contract) -> Option<Stream> {
    if document.role() == Role::Card || !document.is_kind(&contract.kind) || !document.streams(ALERTS) {
        return None;
    }
    let Form::Slice { provider } = &contract.form else { return Some(Stream::ByName) };
    match filter(document) {
        None => Some(Stream::Everything),
        Some(filter) if names(filter, provider) => Some(Stream::ByName),
        Some(_) => None,
    }
}

/// The document that streams, among all of a workspace. With several (the portal can leave an old one behind), one
/// that names Defender for Cloud comes before one that lets everything through, then the order of names decides.
#[must_use]
pub fn streaming<'a>(documents: &'a [Document], contract: &Contract) -> Option<(&'a Document, Stream)> {
    let candidates = documents.iter().filter_map(|document| Some((document, stream(document, contract)?)));
    candidates.min_by_key(|(document, stream)| (*stream == Stream::Everything, document.name().to_ascii_lowercase()))
}

/// The document to connect where none streams: one of the contract's kind, alerts already on before alerts off, then
/// in the order of names. None: the workspace needs a new one.
#[must_use]
pub fn connectable<'a>(documents: &'a [Document], contract: &Contract) -> Option<&'a Document> {
    let candidates = documents.iter().filter(|document| document.is_kind(&contract.kind));
    candidates.min_by_key(|document| (!document.streams(ALERTS), document.name().to_ascii_lowercase()))
}

/// Switches the stream on in `found`, or in a new document called `name`. None: it is on already.
#[must_use]
pub fn connect(found: Option<&Document>, contract: &Contract, name: &str, tenant_id: &str) -> Option<Connect> {
    let Some(found) = found else {
        let document = Document::new(name, &contract.kind, new_properties(contract, tenant_id));
        let undo = Undo::Created(document.properties().clone());
        return Some(Connect { document, undo, also_starts: Vec::new() });
    };
    if stream(found, contract).is_some() {
        return None;
    }
    let mut document = found.clone();
    let mut replaced = Vec::new();
    let mut also_starts = Vec::new();
    if let Form::Slice { provider } = &contract.form {
        let before = filter(found).map_or(&[][..], Vec::as_slice);
        if !found.streams(ALERTS) {
            let others = before.iter().filter_map(Value::as_str).filter(|other| !other.eq_ignore_ascii_case(provider));
            also_starts = others.map(str::to_owned).collect();
        }
        if !names(before, provider) {
            let after = before.iter().cloned().chain([Value::from(provider.as_str())]).collect();
            replaced.push(document.set(&FILTER, after));
        }
    }
    if !found.streams(ALERTS) {
        replaced.push(document.set(&STATE, "Enabled".into()));
    }
    Some(Connect { document, undo: Undo::Changed(replaced), also_starts })
}

/// Switches the stream off in `found`.
///
/// - While everything that connecting changed is still as connecting left it, exactly what was there comes back.
/// - Otherwise as little as possible changes: the provider leaves the filter; where it was the only one, or where there
///   is no filter at all, alerts are switched off. Without a filter there is no way to keep the other products'
///   alerts: naming them would need a list of all products, and nobody has it. The caller must say so to people.
/// - A connector that this provider made (`own_name`) and that now serves nothing else is deleted.
#[must_use]
pub fn disconnect(found: &Document, contract: &Contract, own_name: &str, undo: Option<&Undo>) -> Change {
    if stream(found, contract).is_none() {
        return Change::Nothing;
    }
    let mut document = found.clone();
    match undo {
        Some(Undo::Changed(replaced)) if replaced.iter().all(|change| change.is_current(found)) => {
            for change in replaced.iter().rev() {
                change.undo(&mut document);
            }
        }
        _ => switch_off(&mut document, contract),
    }
    drop_empty_filter(&mut document, contract);
    if found.is_named(own_name) && is_spent(&document, contract, undo) {
        return Change::Delete(found.clone());
    }
    Change::Put(document)
}

/// Takes back what an unfinished [`connect`] may have left in `found`, which does not stream: Azure kept only a part of
/// it. Changes that are still there are undone one by one.
#[must_use]
pub fn retract(found: &Document, contract: &Contract, own_name: &str, undo: Option<&Undo>) -> Change {
    let mut document = found.clone();
    if let Some(Undo::Changed(replaced)) = undo {
        for change in replaced.iter().rev().filter(|change| change.is_current(found)) {
            change.undo(&mut document);
        }
    } else if found.is_named(own_name) {
        switch_off(&mut document, contract);
        if is_spent(&document, contract, undo) {
            return Change::Delete(found.clone());
        }
    }
    if document == *found {
        return Change::Nothing;
    }
    drop_empty_filter(&mut document, contract);
    Change::Put(document)
}

/// Subscriptions whose alerts the workspace gets from the subscription-based connector too.
#[must_use]
pub fn subscription_connections(documents: &[Document]) -> Vec<String> {
    let connections =
        documents.iter().filter(|document| document.is_kind(AZURE_SECURITY_CENTER) && document.streams(ALERTS));
    let subscription = |document: &Document| {
        let id = document.get(&["properties", "subscriptionId"]).and_then(Value::as_str);
        id.unwrap_or_else(|| document.name()).to_owned()
    };
    connections.map(subscription).collect()
}

fn new_properties(contract: &Contract, tenant_id: &str) -> Value {
    match &contract.form {
        Form::Slice { provider } => json!({
            "tenantId": tenant_id,
            "dataTypes": {"incidents": {"state": "Disabled"}, ALERTS: {"state": "Enabled"}},
            "filteredProviders": {ALERTS: [provider]},
        }),
        Form::OwnConnector => json!({"tenantId": tenant_id, "dataTypes": {ALERTS: {"state": "Enabled"}}}),
    }
}

/// The filter; absent where it is missing or null.
fn filter(document: &Document) -> Option<&Vec<Value>> {
    document.get(&FILTER).and_then(Value::as_array)
}

fn names(filter: &[Value], provider: &str) -> bool {
    filter.iter().filter_map(Value::as_str).any(|name| name.eq_ignore_ascii_case(provider))
}

fn switch_off(document: &mut Document, contract: &Contract) {
    if let (Form::Slice { provider }, Some(before)) = (&contract.form, filter(document)) {
        let is_ours = |name: &Value| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(provider));
        let others: Vec<Value> = before.iter().filter(|name| !is_ours(name)).cloned().collect();
        if !others.is_empty() {
            document.set(&FILTER, others.into());
            return;
        }
        document.remove(&FILTER);
    }
    document.set(&STATE, "Disabled".into());
}

/// Takes `filteredProviders` away where it holds nothing. Azure answers with null, or with an empty object, for what is
/// not there; sent back, it wants `alerts` in it. Absent, null and empty mean the same.
fn drop_empty_filter(document: &mut Document, contract: &Contract) {
    let is_ours = matches!(contract.form, Form::Slice { .. });
    if is_ours
        && document.get(&FILTERS).and_then(Value::as_object).is_some_and(|filters| filters.values().all(Value::is_null))
    {
        document.remove(&FILTERS);
    }
}

/// Does a disconnected document of our own making serve nothing any more? What it held when it was made does not
/// count, nor does a data type that is off.
fn is_spent(document: &Document, contract: &Contract, undo: Option<&Undo>) -> bool {
    let made_with = match undo {
        Some(Undo::Created(properties)) => others_business(properties, contract),
        _ => Map::new(),
    };
    let left = others_business(document.properties(), contract);
    left.iter().all(|(field, value)| made_with.get(field) == Some(value))
}

/// What is left of a connector's properties without this slice, without the tenant and without what is switched off.
fn others_business(properties: &Value, contract: &Contract) -> Map<String, Value> {
    let mut left = properties.as_object().cloned().unwrap_or_default();
    left.shift_remove("tenantId");
    if let Some(types) = left.get_mut("dataTypes").and_then(Value::as_object_mut) {
        let is_off = |value: &Value| {
            let state = value.get("state").and_then(Value::as_str);
            state.is_some_and(|state| state.eq_ignore_ascii_case("Disabled"))
        };
        types.retain(|name, value| name != ALERTS && !is_off(value));
    }
    if let (Form::Slice { provider }, Some(filters)) =
        (&contract.form, left.get_mut("filteredProviders").and_then(Value::as_object_mut))
    {
        let others = |value: &Value| -> BTreeSet<String> {
            let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            names.map(str::to_ascii_lowercase).filter(|name| *name != provider.to_ascii_lowercase()).collect()
        };
        filters.retain(|name, value| name != ALERTS || !others(value).is_empty());
    }
    left.retain(|_, value| !value.is_null() && value.as_object().is_none_or(|fields| !fields.is_empty()));
    left
}

#[cfg(test)]
mod tests;
