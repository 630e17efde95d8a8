//! The operator `summarize`: one row for each group.

use std::collections::HashMap;

use super::aggregate::Aggregate;
use super::scalar::Scope;
use super::{Context, key, named_scalars};
use crate::kql::error::KqlError;
use crate::kql::syntax::Named;
use crate::kql::table::{Column, Table};
use crate::kql::value::Value;

/// Groups the rows of a table. Without groups, there is one row also if the table is empty.
pub(super) fn summarize(
    aggregates: &[Named],
    by: &[Named],
    table: &Table,
    context: &Context<'_>,
) -> Result<Table, KqlError> {
    let scope = Scope::new(&table.columns, context, "summarize");
    let keys = named_scalars(by, &scope)?;
    let aggregates = aggregates.iter().map(|named| Aggregate::check(named, &scope)).collect::<Result<Vec<_>, _>>()?;

    let mut groups: Vec<(Vec<Value>, Vec<&[Value]>)> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    if by.is_empty() {
        groups.push((Vec::new(), table.rows.iter().map(Vec::as_slice).collect()));
    } else {
        for row in &table.rows {
            let values: Vec<Value> = keys.iter().map(|(_, scalar)| scalar.evaluate(row)).collect();
            let position = *positions.entry(key(&values)).or_insert_with(|| {
                groups.push((values, Vec::new()));
                groups.len() - 1
            });
            groups[position].1.push(row);
        }
    }
    let mut columns: Vec<Column> = keys.into_iter().map(|(column, _)| column).collect();
    // A column by which rows are grouped is not repeated by an aggregate of all columns.
    let grouped: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    columns.extend(aggregates.iter().flat_map(|aggregate| aggregate.columns(&grouped)));
    let rows = groups.into_iter().map(|(mut values, rows)| {
        values.extend(aggregates.iter().flat_map(|aggregate| aggregate.compute(&rows, &grouped)));
        values
    });
    Ok(Table { rows: rows.collect(), columns })
}
