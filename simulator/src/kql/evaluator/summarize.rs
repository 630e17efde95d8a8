//! The operator `summarize`: one row for each group.

use std::collections::HashMap;

use super::aggregate::Aggregate;
use super::names::Names;
use super::scalar::Scope;
use super::{Context, key, named_scalars};
use crate::kql::error::KqlError;
use crate::kql::syntax::{Expression, Named};
use crate::kql::table::{Column, Table};
use crate::kql::value::{Type, Value};

/// Groups the rows of a table. Without `by`, the result is one row, even if the table is empty.
pub(super) fn summarize(
    aggregates: &[Named],
    by: &[Named],
    table: &Table,
    context: &Context<'_>,
) -> Result<Table, KqlError> {
    let scope = Scope::new(&table.columns, context, "summarize");
    let mut names = Names::new("summarize");
    let keys = named_scalars(by, &scope, &mut names)?;
    if let Some((column, _)) = keys.iter().find(|(column, _)| column.kind == Type::Dynamic) {
        let name = &column.name;
        return Err(KqlError::dynamic(
            "SEM0001",
            format!(
                "Summarize group key '{name}' is of a 'dynamic' type. Please use an explicit cast (for example, 'summarize ... \
                 by tostring({name})') as grouping by a 'dynamic' type is not supported."
            ),
        ));
    }
    // An aggregate of all columns does not repeat the grouping columns.
    let grouped: Vec<&str> = by
        .iter()
        .filter_map(|named| if let Expression::Name(name) = &named.expression { Some(name.as_str()) } else { None })
        .collect();
    let aggregates = aggregates
        .iter()
        .map(|named| Aggregate::check(named, &scope, &grouped, &mut names))
        .collect::<Result<Vec<_>, _>>()?;

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
    columns.extend(aggregates.iter().flat_map(Aggregate::columns));
    let rows = groups.into_iter().map(|(mut values, rows)| {
        values.extend(aggregates.iter().flat_map(|aggregate| aggregate.compute(&rows)));
        values
    });
    Ok(Table { rows: rows.collect(), columns })
}
