//! The ownership token: a value in the private state that identifies the resource that manages an object.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::framework::Private;

use super::object::UniqueObject;

/// The key of the token in the private state.
const KEY: &str = "ownership";

/// An ownership token. Every object in the state keeps its own token as long as it exists.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub(super) struct Token {
    /// A UUID of version 7, so the newer of two tokens has the greater ID.
    id: Uuid,
    /// Whether a create generated the token, and not an import or a refresh.
    created: bool,
}

/// The token as stored in the private state.
#[derive(Deserialize, Serialize)]
struct StoredToken {
    /// The key of the object. The second plan of a replacement receives the private state, but no prior state.
    object: String,
    #[serde(flatten)]
    token: Token,
}

impl Token {
    /// Generates a token for an object that a create creates or adopts.
    pub(super) fn created() -> Self {
        Self { id: Uuid::now_v7(), created: true }
    }

    /// Generates a token for an object that an import or a refresh has found.
    pub(super) fn found() -> Self {
        Self { id: Uuid::now_v7(), created: false }
    }

    /// Whether the object with this token may be the replacement of the object with the other token. A create generates
    /// the token of a replacement, after the token of the old object.
    pub(super) fn may_replace(self, other: Self) -> bool {
        self.created && self.id > other.id
    }

    /// The stored token of `object`. Returns `None` if it cannot be decoded.
    pub(super) fn of(object: &UniqueObject, private: &Private) -> Option<Self> {
        let stored: StoredToken = serde_json::from_value(private.get(KEY)?).ok()?;
        (stored.object == object.key).then_some(stored.token)
    }

    /// Stores the token in the private state.
    pub(super) fn store(self, object: &UniqueObject, private: &mut Private) {
        let stored = StoredToken { object: object.key.clone(), token: self };
        private.set(KEY, serde_json::to_value(stored).expect("invariant: texts and flags serialize to JSON"));
    }
}
