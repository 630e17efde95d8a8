//! Records which objects were refreshed since the provider was configured, to distinguish planning from applying.
//!
//! A CLI plans an object twice: for the user, and again when it applies, with the values that were unknown before. Only
//! the first plan may ask for a new object; in the second, Terraform reports that as a bug. A request does not say which
//! of the two it is. But a CLI refreshes an object right before it plans it, and it applies in another process, or at
//! least after it has configured the provider again. So if an object was refreshed, the plan is for the user. Otherwise,
//! the CLI is applying, or it plans without a refresh.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::framework::schema::Identity;
use crate::framework::value::Value;

/// The objects that were read since the last configuration.
#[derive(Debug, Default)]
pub(super) struct Refreshed(Mutex<BTreeSet<(&'static str, Value)>>);

impl Refreshed {
    /// Notes that an object was read.
    pub(super) fn insert(&self, type_name: &'static str, identity: Option<&Identity>, state: &Value) {
        self.objects().insert((type_name, key(identity, state)));
    }

    /// Whether an object was read.
    pub(super) fn contains(&self, type_name: &'static str, identity: Option<&Identity>, state: &Value) -> bool {
        self.objects().contains(&(type_name, key(identity, state)))
    }

    /// Forgets every object.
    pub(super) fn clear(&self) {
        self.objects().clear();
    }

    fn objects(&self) -> std::sync::MutexGuard<'_, BTreeSet<(&'static str, Value)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key of an object among those of its type: its identity, or its whole state if it has none.
fn key(identity: Option<&Identity>, state: &Value) -> Value {
    let canonical = |identity: &Identity| {
        let attributes = identity.attributes().iter();
        Value::object(attributes.map(|spec| (spec.name, spec.canonical(state.attribute(spec.name)))))
    };
    identity.map_or_else(|| state.clone(), canonical)
}
