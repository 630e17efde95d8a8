//! The tables of a workspace.

use crate::alerts;
use crate::kql::{Column, Table, Type};
use crate::world::World;

/// The column with the time of a row, which `timespan` filters.
pub(super) const TIME: &str = "TimeGenerated";

/// The table with this name. A table that never had a row does not exist.
pub(super) fn find(world: &World, workspace: &str, name: &str) -> Option<Table> {
    let columns = alerts::columns(name)?;
    let rows = world.table_rows(workspace, name);
    let kind = |name: &str| Type::named(name).unwrap_or(Type::String);
    let columns = columns.iter().map(|column| Column::new(column.name, kind(column.column_type)));
    (!rows.is_empty()).then(|| Table::stored(columns.collect(), rows))
}
