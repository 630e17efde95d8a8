//! Records which objects were refreshed since the provider was configured, to distinguish planning from applying.
//!
//! Terraform plans an object twice: during the plan, and again during the apply, with the values that were unknown
//! before. Only the first plan may require replacement. In the second plan, Terraform reports this as a bug. The
//! request does not contain the phase. But Terraform refreshes an object before it plans it, and configures the
//! provider again before it applies. So if an object was refreshed, Terraform is planning. Otherwise, Terraform is
//! applying, or it is planning without a refresh.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::framework::schema::Identity;
use crate::framework::value::Value;

/// The objects that were read since the provider was last configured.
#[derive(Debug, Default)]
pub(super) struct Refreshed(Mutex<BTreeSet<(&'static str, Value)>>);

impl Refreshed {
    /// Records that an object was read.
    pub(super) fn insert(&self, type_name: &'static str, identity: Option<&Identity>, state: &Value) {
        self.objects().insert((type_name, key(identity, state)));
    }

    /// Whether an object was read.
    pub(super) fn contains(&self, type_name: &'static str, identity: Option<&Identity>, state: &Value) -> bool {
        self.objects().contains(&(type_name, key(identity, state)))
    }

    /// Removes all records.
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
