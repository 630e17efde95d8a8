//! The changes between two snapshots.

use serde_json::{Map, Value};

use super::snapshot::{Connector, Snapshot};

/// One connector that appeared, disappeared or changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// The connector before the change. `None` if the connector is new.
    pub(super) before: Option<Connector>,
    /// The connector after the change. `None` if the connector was deleted.
    pub(super) after: Option<Connector>,
    /// The values that differ.
    pub(super) fields: Vec<Field>,
}

/// A value that differs. An array counts as one value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// The path of the value, for example `properties`, `dataTypes`, `alerts`, `state`.
    pub(super) path: Vec<String>,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

impl Change {
    /// The connector after the change, or before it if it was deleted.
    pub(super) fn connector(&self) -> &Connector {
        self.after.as_ref().or(self.before.as_ref()).expect("invariant: a change is of a connector before or after it")
    }
}

impl Field {
    /// Whether the value is at or below `path`.
    pub(super) fn is_below(&self, path: &[&str]) -> bool {
        self.path.len() >= path.len() && self.path.iter().zip(path).all(|(own, other)| own == other)
    }
}

/// Returns the connectors whose content differs. Ignores etags, IDs, and the case of states and kinds.
pub(super) fn difference(before: &Snapshot, after: &Snapshot) -> Vec<Change> {
    let (before, after) = (before.connectors(), after.connectors());
    let same = |one: &Connector, other: &Connector| one.name.eq_ignore_ascii_case(&other.name);
    let deleted = before.iter().filter(|old| !after.iter().any(|new| same(old, new)));
    let deleted = deleted.map(|old| change(Some(old), None));
    let current = after.iter().map(|new| change(before.iter().find(|old| same(old, new)), Some(new)));
    current.chain(deleted).filter(|change| !change.fields.is_empty()).collect()
}

fn change(before: Option<&Connector>, after: Option<&Connector>) -> Change {
    let content = |connector: Option<&Connector>| connector.map(|connector| Value::Object(connector.content.clone()));
    let mut fields = Vec::new();
    compare(&mut Vec::new(), content(before).as_ref(), content(after).as_ref(), &mut fields);
    Change { before: before.cloned(), after: after.cloned(), fields }
}

fn compare(path: &mut Vec<String>, before: Option<&Value>, after: Option<&Value>, fields: &mut Vec<Field>) {
    let (before, after) = (present(before), present(after));
    let is_object =
        |value: Option<&Value>| value.is_none_or(|value| value.as_object().is_some_and(|own| !own.is_empty()));
    if before.is_none() && after.is_none() {
        return;
    }
    if is_object(before) && is_object(after) {
        let empty = Map::new();
        let members =
            |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_else(|| empty.clone());
        let (before, after) = (members(before), members(after));
        let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
        for name in names {
            path.push(name.clone());
            compare(path, before.get(name), after.get(name), fields);
            path.pop();
        }
        return;
    }
    let is_state = path.last().is_some_and(|name| name == "state" || name == "kind");
    let is_same = match (before, after) {
        (Some(Value::String(before)), Some(Value::String(after))) if is_state => before.eq_ignore_ascii_case(after),
        _ => before == after,
    };
    if !is_same {
        fields.push(Field { path: path.clone(), before: before.cloned(), after: after.cloned() });
    }
}

/// The value, unless it is null or an empty object. Azure returns both for absent values.
fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null() && value.as_object().is_none_or(|fields| !fields.is_empty()))
}
