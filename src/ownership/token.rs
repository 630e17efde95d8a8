//! The ownership token: a value in the private state that identifies the resource that manages an object.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::framework::Private;

use super::object::UniqueObject;

/// Key in the private state.
const KEY: &str = "ownership";

/// Every object in the state has one of its own, for its whole life.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub(super) struct Token {
    /// Of version 7: the younger of two tokens has the greater id.
    id: Uuid,
    /// Whether a create made it, not an import or a read.
    created: bool,
}

/// What is kept.
#[derive(Deserialize, Serialize)]
struct StoredToken {
    /// Key of the object. When a replacement is planned, its second half has no prior state but this.
    object: String,
    #[serde(flatten)]
    token: Token,
}

impl Token {
    /// Of an object that a create makes or takes over.
    pub(super) fn created() -> Self {
        Self { id: Uuid::now_v7(), created: true }
    }

    /// Of an object that an import or a read found.
    pub(super) fn found() -> Self {
        Self { id: Uuid::now_v7(), created: false }
    }

    /// Whether the object with this token may be the replacement of the other one. A replacement is created, later than
    /// what it replaces.
    pub(super) fn may_replace(self, other: Self) -> bool {
        self.created && self.id > other.id
    }

    /// The token of `object`. What cannot be read is none.
    pub(super) fn of(object: &UniqueObject, private: &Private) -> Option<Self> {
        let kept: StoredToken = serde_json::from_value(private.get(KEY)?).ok()?;
        (kept.object == object.key).then_some(kept.token)
    }

    /// Keeps the token.
    pub(super) fn keep(self, object: &UniqueObject, private: &mut Private) {
        let kept = StoredToken { object: object.key.clone(), token: self };
        private.set(KEY, serde_json::to_value(kept).expect("invariant: texts and flags serialise to JSON"));
    }
}
