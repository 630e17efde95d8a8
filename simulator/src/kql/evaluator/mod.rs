//! Runs the operators of a query over a table.
//!
//! `scalar` checks an expression against the columns and evaluates it for a row; `functions`, `arithmetic` and
//! `comparison` are its parts. `summarize` groups rows, and `aggregate` computes a value for each group.

mod aggregate;
mod arithmetic;
mod comparison;
mod functions;
mod scalar;
mod summarize;

use std::cmp::Ordering;

use time::OffsetDateTime;

use super::error::KqlError;
use super::syntax::{Expression, Named, Operator, Query, SortKey, Source};
use super::table::{Column, Table};
use super::value::{Type, Value};
use scalar::{Scalar, Scope};

/// Runs a query. The table is the one that its source names; `print` needs none.
pub(super) fn run(query: &Query, table: Table, now: OffsetDateTime) -> Result<Table, KqlError> {
    let table = match &query.source {
        Source::Table(_) => table,
        Source::Print(columns) => print(columns, now)?,
    };
    query.operators.iter().try_fold(table, |table, operator| apply(operator, table, now))
}

fn print(columns: &[Named], now: OffsetDateTime) -> Result<Table, KqlError> {
    let nothing = Table { columns: Vec::new(), rows: vec![Vec::new()] };
    let mut columns = columns.to_vec();
    for (position, column) in columns.iter_mut().enumerate() {
        column.name.get_or_insert_with(|| format!("print_{position}"));
    }
    project(&columns, &nothing, now)
}

fn apply(operator: &Operator, mut table: Table, now: OffsetDateTime) -> Result<Table, KqlError> {
    match operator {
        Operator::Where(condition) => {
            let condition = Scope::new(&table.columns, now, "where").scalar(condition)?;
            condition.expect_bool("where")?;
            table.rows.retain(|row| condition.is_true(row));
            Ok(table)
        }
        Operator::Extend(columns) => extend(columns, table, now),
        Operator::Project(columns) => project(columns, &table, now),
        Operator::Distinct(columns) => distinct(columns, table, now),
        Operator::Summarize { aggregates, by } => summarize::summarize(aggregates, by, &table, now),
        Operator::Sort(keys) => sort(keys, "sort", table, now),
        Operator::Top { count, by } => {
            let mut table = sort(std::slice::from_ref(by), "top", table, now)?;
            table.rows.truncate(*count);
            Ok(table)
        }
        Operator::Take(count) => {
            table.rows.truncate(*count);
            Ok(table)
        }
        Operator::Count => {
            let count = i64::try_from(table.rows.len()).unwrap_or(i64::MAX);
            Ok(Table { columns: vec![Column::new("Count", Type::Long)], rows: vec![vec![Value::Long(count)]] })
        }
    }
}

/// Adds columns, or replaces those that exist. A later one can use an earlier one.
fn extend(columns: &[Named], mut table: Table, now: OffsetDateTime) -> Result<Table, KqlError> {
    for (position, named) in columns.iter().enumerate() {
        let scalar = Scope::new(&table.columns, now, "extend").scalar(&named.expression)?;
        let column = Column::new(name_of(named, position), scalar.kind());
        let values: Vec<Value> = table.rows.iter().map(|row| scalar.evaluate(row)).collect();
        match table.index(&column.name) {
            Some(index) => {
                table.columns[index] = column;
                table.rows.iter_mut().zip(values).for_each(|(row, value)| row[index] = value);
            }
            None => {
                table.columns.push(column);
                table.rows.iter_mut().zip(values).for_each(|(row, value)| row.push(value));
            }
        }
    }
    Ok(table)
}

fn project(columns: &[Named], table: &Table, now: OffsetDateTime) -> Result<Table, KqlError> {
    let scalars = named_scalars(columns, &Scope::new(&table.columns, now, "project"))?;
    let rows = table.rows.iter().map(|row| scalars.iter().map(|(_, scalar)| scalar.evaluate(row)).collect()).collect();
    Ok(Table { columns: scalars.into_iter().map(|(column, _)| column).collect(), rows })
}

fn distinct(columns: &[Expression], table: Table, now: OffsetDateTime) -> Result<Table, KqlError> {
    let is_all = matches!(columns, [Expression::Star]);
    let named = columns.iter().map(|expression| Named { name: None, expression: expression.clone() });
    let mut table = if is_all { table } else { project(&named.collect::<Vec<_>>(), &table, now)? };
    let mut seen = std::collections::HashSet::new();
    table.rows.retain(|row| seen.insert(key(row)));
    Ok(table)
}

fn sort(keys: &[SortKey], operator: &str, mut table: Table, now: OffsetDateTime) -> Result<Table, KqlError> {
    let scope = Scope::new(&table.columns, now, operator);
    let scalars = keys.iter().map(|key| scope.scalar(&key.expression)).collect::<Result<Vec<_>, _>>()?;
    let mut rows: Vec<(Vec<Value>, Vec<Value>)> = std::mem::take(&mut table.rows)
        .into_iter()
        .map(|row| (scalars.iter().map(|scalar| scalar.evaluate(&row)).collect(), row))
        .collect();
    rows.sort_by(|(left, _), (right, _)| {
        let orders = keys.iter().zip(left.iter().zip(right)).map(|(key, (left, right))| {
            let order = total_order(left, right);
            if key.is_descending { order.reverse() } else { order }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    });
    table.rows = rows.into_iter().map(|(_, row)| row).collect();
    Ok(table)
}

/// Nulls come before all other values.
fn total_order(left: &Value, right: &Value) -> Ordering {
    let rank = |value: &Value| !matches!(value, Value::Null);
    rank(left).cmp(&rank(right)).then_with(|| left.order(right).unwrap_or(Ordering::Equal))
}

/// Columns with the expressions that compute them.
fn named_scalars(columns: &[Named], scope: &Scope<'_>) -> Result<Vec<(Column, Scalar)>, KqlError> {
    let scalars = columns.iter().enumerate().map(|(position, named)| {
        let scalar = scope.scalar(&named.expression)?;
        Ok((Column::new(name_of(named, position), scalar.kind()), scalar))
    });
    scalars.collect()
}

/// The name that Kusto gives a column: that of the column inside, or a number.
fn name_of(named: &Named, position: usize) -> String {
    let implied = |expression: &Expression| match expression {
        Expression::Name(name) | Expression::Member(_, name) => Some(name.clone()),
        Expression::Call { function, arguments, .. } if matches!(function.as_str(), "bin" | "floor" | "startofday") => {
            match arguments.first() {
                Some(Expression::Name(name)) => Some(name.clone()),
                _ => None,
            }
        }
        _ => None,
    };
    named.name.clone().or_else(|| implied(&named.expression)).unwrap_or_else(|| format!("Column{}", position + 1))
}

/// A text that is equal for equal rows.
fn key(row: &[Value]) -> String {
    format!("{row:?}")
}
