//! The record of a complete installation, which later observations are compared with.

use serde::{Deserialize, Serialize};

use super::Defect;
use crate::content_hub::api::template_names::TemplateNames;

/// The content of a complete installation, and the defects of the latest observation.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct InstallationRecord {
    /// The installed version.
    pub version: Option<String>,
    /// The names of the connector pages.
    #[serde(default)]
    pub pages: Vec<String>,
    /// The names of the data connector definitions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub definitions: Vec<String>,
    /// The names of the content templates.
    #[serde(default, skip_serializing_if = "TemplateNames::is_empty")]
    pub templates: TemplateNames,
    /// Whether an installation has started and not finished.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unfinished: bool,
    /// The defects of the latest observation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Defect>,
}

impl InstallationRecord {
    /// The record of an installation whose own record is lost.
    #[must_use]
    pub fn lost() -> Self {
        Self { is_unfinished: true, defects: vec![Defect::Unfinished], ..Self::default() }
    }

    /// This record, marked as unfinished.
    #[must_use]
    pub fn unfinished(self) -> Self {
        Self { is_unfinished: true, ..self }
    }

    /// Whether the record is of this version.
    #[must_use]
    pub fn is_of(&self, version: &str) -> bool {
        self.version.as_deref() == Some(version)
    }
}
