//! What a resource keeps of an installation, in its private state: names and numbers to compare later looks with.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Defect;
use crate::content_hub::api::template_names::TemplateNames;

/// Key in the private state.
pub const KEY: &str = "installation";

/// An installation as it was when it was last known to be whole, and what the last look found to be wrong with it.
///
/// A private state that cannot be read (an older or a newer version wrote it) is no record: everything still works, only
/// more cautiously.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Record {
    /// The version that was installed.
    pub version: Option<String>,
    /// Names of the connector pages.
    #[serde(default)]
    pub pages: Vec<String>,
    /// Names of the pages of codeless connectors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub definitions: Vec<String>,
    /// Names of the content templates.
    #[serde(default, skip_serializing_if = "TemplateNames::is_empty")]
    pub templates: TemplateNames,
    /// An installation was begun and has not come to its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unfinished: bool,
    /// What the last look found to be wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Defect>,
}

impl Record {
    /// Reads what was kept.
    #[must_use]
    pub fn from_json(json: Value) -> Option<Self> {
        serde_json::from_value(json).ok()
    }

    /// What to keep.
    #[must_use]
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("invariant: texts and numbers serialise to JSON")
    }

    /// The same, of an installation that was begun.
    #[must_use]
    pub fn unfinished(self) -> Self {
        Self { is_unfinished: true, ..self }
    }

    /// Whether it is about this version.
    #[must_use]
    pub fn is_of(&self, version: &str) -> bool {
        self.version.as_deref() == Some(version)
    }
}
