//! Rows of Log Analytics tables. They belong to the workspace, so they remain when Sentinel is removed from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A row: values by column name. Times are RFC 3339 in UTC. An absent column is null.
pub type Row = Map<String, Value>;

/// The rows of all tables, by lower-case workspace ID and table name, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tables(BTreeMap<String, BTreeMap<String, Vec<Row>>>);

impl Tables {
    /// The rows of a table. In Azure, a workspace with Sentinel has the table even without rows.
    pub(crate) fn rows(&self, workspace: &str, table: &str) -> &[Row] {
        let tables = self.0.get(&workspace.to_lowercase());
        tables.and_then(|tables| tables.get(table)).map_or(&[], Vec::as_slice)
    }

    /// Adds a row at the end.
    pub(crate) fn add(&mut self, workspace: &str, table: &str, row: Row) {
        self.0.entry(workspace.to_lowercase()).or_default().entry(table.to_owned()).or_default().push(row);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
