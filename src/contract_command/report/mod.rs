//! The result of a command. Everything in it is masked.

mod issue;
mod json;
mod text;

use serde_json::Value;

use super::Exit;
use super::difference::Change;
use super::mask::Mask;
use super::observe::Versions;
use super::outcome::{Analysis, Outcome};

/// What a command has found.
pub(super) struct Report<'a> {
    /// `contract record`, else `contract check`.
    pub(super) is_record: bool,
    pub(super) analysis: Analysis,
    pub(super) changes: &'a [Change],
    pub(super) versions: &'a Versions,
}

impl Report<'_> {
    /// The exit code that goes with it.
    pub(super) const fn exit(&self) -> Exit {
        match self.analysis.outcome {
            Outcome::Nothing => Exit::Nothing,
            Outcome::Contract(_) => Exit::Success,
            Outcome::Inexpressible(_) => Exit::Inexpressible,
        }
    }

    /// For people.
    pub(super) fn text(&self, mask: Mask) -> String {
        text::text(self, mask)
    }

    /// For machines.
    pub(super) fn json(&self, mask: Mask) -> String {
        let mut text = serde_json::to_string_pretty(&json::json(self, mask)).expect("invariant: JSON can be written");
        text.push('\n');
        text
    }
}

/// A connector before or after a change, as documents show it.
fn document(connector: Option<&super::snapshot::Connector>, mask: &mut Mask) -> Value {
    let Some(connector) = connector else { return Value::Null };
    let mut fields = serde_json::Map::new();
    fields.insert("name".to_owned(), mask.text(&connector.name).into());
    if let Value::Object(content) = mask.json(&Value::Object(connector.content.clone())) {
        fields.extend(content);
    }
    Value::Object(fields)
}
