//! Tables: columns and rows, before and after each operator.

use serde_json::{Map, Value as Json};

use super::value::{Type, Value};

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Type,
}

/// Rows with a value for each column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Column {
    pub(crate) fn new(name: impl Into<String>, kind: Type) -> Self {
        Self { name: name.into(), kind }
    }
}

impl Table {
    /// A table of stored rows, whose cells are keyed by column name.
    pub(crate) fn stored(columns: Vec<Column>, rows: &[Map<String, Json>]) -> Self {
        let cell = |row: &Map<String, Json>, column: &Column| {
            row.get(&column.name).map_or_else(|| column.kind.absent(), |cell| column.kind.read(cell))
        };
        let rows = rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect();
        Self { columns, rows }
    }

    /// The index of a column. Names are case-sensitive.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
