//! Runs the operators of a query over a table.
//!
//! `scalar` checks an expression against the columns and evaluates it for a row; `functions`, `arithmetic` and
//! `comparison` are its parts. `summarize` groups rows, and `aggregate` computes a value for each group. `combine` has the
//! operators that read several tables or make several rows of one.

mod aggregate;
mod arithmetic;
mod combine;
mod comparison;
mod functions;
mod scalar;
mod summarize;

use std::cmp::Ordering;
use std::collections::HashMap;

use time::OffsetDateTime;

use super::Tables;
use super::error::{KqlError, Position};
use super::syntax::{Binding, Expression, Named, Operator, Pipeline, Query, SortKey, Source};
use super::table::{Column, Table};
use super::value::{Type, Value};
use scalar::{Scalar, Scope};

/// The most rows of a table, so that joins do not fill the memory.
const ROWS: usize = 100_000;

/// What the operators of a query share.
pub(super) struct Context<'a> {
    tables: &'a dyn Tables,
    now: OffsetDateTime,
    scalars: HashMap<&'a str, (Type, Value)>,
    bound_tables: HashMap<&'a str, Table>,
}

/// Runs the statements and then the query.
pub(super) fn run(query: &Query, tables: &dyn Tables, now: OffsetDateTime) -> Result<Table, KqlError> {
    let mut context = Context { tables, now, scalars: HashMap::new(), bound_tables: HashMap::new() };
    for (name, binding) in &query.bindings {
        let pipeline = match binding {
            Binding::Scalar(expression) => {
                let scalar = Scope::new(&[], &context, "let").scalar(expression)?;
                context.scalars.insert(name, (scalar.kind(), scalar.evaluate(&[])));
                continue;
            }
            Binding::Table(pipeline) => pipeline,
        };
        if let (Source::Table(other), []) = (&pipeline.source, pipeline.operators.as_slice())
            && let Some(scalar) = context.scalars.get(other.as_str()).cloned()
        {
            context.scalars.insert(name, scalar);
        } else {
            let table = context.pipeline(pipeline)?;
            context.bound_tables.insert(name, table);
        }
    }
    context.pipeline(&query.pipeline)
}

impl Context<'_> {
    fn pipeline(&self, pipeline: &Pipeline) -> Result<Table, KqlError> {
        let table = match &pipeline.source {
            Source::Table(name) => match self.bound_tables.get(name.as_str()) {
                Some(table) => table.clone(),
                None => self.tables.find(name, pipeline.operators.first().map(Operator::name))?,
            },
            Source::Print(columns) => print(columns, self)?,
            Source::Union { position, parts } => combine::union(*position, None, parts, self)?,
            Source::Nested(inner) => self.pipeline(inner)?,
        };
        pipeline.operators.iter().try_fold(table, |table, operator| apply(operator, table, self))
    }
}

fn print(columns: &[Named], context: &Context<'_>) -> Result<Table, KqlError> {
    let nothing = Table { columns: Vec::new(), rows: vec![Vec::new()] };
    let mut columns = columns.to_vec();
    for (position, column) in columns.iter_mut().enumerate() {
        column.name.get_or_insert_with(|| format!("print_{position}"));
    }
    project(&columns, &nothing, context)
}

fn apply(operator: &Operator, mut table: Table, context: &Context<'_>) -> Result<Table, KqlError> {
    match operator {
        Operator::Where(condition) => {
            let condition = Scope::new(&table.columns, context, "where").scalar(condition)?;
            condition.expect_bool("where")?;
            table.rows.retain(|row| condition.is_true(row));
            Ok(table)
        }
        Operator::Extend(columns) => extend(columns, table, context),
        Operator::Project(columns) => project(columns, &table, context),
        Operator::Select { names, keeps } => select(names, *keeps, &table, operator.name()),
        Operator::Rename(names) => {
            for (new, old) in names {
                let index = table.index(old).ok_or_else(|| KqlError::unknown_column(operator.name(), old))?;
                table.columns[index].name.clone_from(new);
            }
            Ok(table)
        }
        Operator::Distinct(columns) => distinct(columns, table, context),
        Operator::Summarize { aggregates, by } => summarize::summarize(aggregates, by, &table, context),
        Operator::Sort(keys) => sort(keys, "sort", table, context),
        Operator::Top { count, by } => {
            let count = row_count(count, "top", context)?;
            let mut table = sort(std::slice::from_ref(by), "top", table, context)?;
            table.rows.truncate(count);
            Ok(table)
        }
        Operator::Take(count) => {
            table.rows.truncate(row_count(count, "take", context)?);
            Ok(table)
        }
        Operator::Count => {
            let count = i64::try_from(table.rows.len()).unwrap_or(i64::MAX);
            Ok(Table { columns: vec![Column::new("Count", Type::Long)], rows: vec![vec![Value::Long(count)]] })
        }
        Operator::Expand(column) => combine::expand(column, table, context),
        Operator::Union { position, parts } => combine::union(*position, Some(table), parts, context),
        Operator::Join(join) => combine::join(join, &table, context),
    }
}

/// The constant of `take` and `top`.
fn row_count(expression: &Expression, operator: &str, context: &Context<'_>) -> Result<usize, KqlError> {
    match Scope::new(&[], context, operator).scalar(expression)?.evaluate(&[]) {
        Value::Long(count) => Ok(usize::try_from(count).unwrap_or_default()),
        _ => Err(KqlError::wrong_type(format!("'{operator}' operator: the number of rows must be an integer"))),
    }
}

/// `project-away` and `project-keep`: the columns stay in their order.
fn select(names: &[String], keeps: bool, table: &Table, operator: &str) -> Result<Table, KqlError> {
    if let Some(unknown) = names.iter().find(|name| table.index(name).is_none()) {
        return Err(KqlError::unknown_column(operator, unknown));
    }
    let is_kept: Vec<bool> = table.columns.iter().map(|column| names.contains(&column.name) == keeps).collect();
    fn kept<T: Clone>(all: &[T], is_kept: &[bool]) -> Vec<T> {
        all.iter().zip(is_kept).filter(|(_, is_kept)| **is_kept).map(|(one, _)| one.clone()).collect()
    }
    let rows = table.rows.iter().map(|row| kept(row, &is_kept)).collect();
    Ok(Table { columns: kept(&table.columns, &is_kept), rows })
}

/// Adds columns, or replaces those that exist. A later one can use an earlier one.
fn extend(columns: &[Named], mut table: Table, context: &Context<'_>) -> Result<Table, KqlError> {
    for (position, named) in columns.iter().enumerate() {
        let scalar = Scope::new(&table.columns, context, "extend").scalar(&named.expression)?;
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

fn project(columns: &[Named], table: &Table, context: &Context<'_>) -> Result<Table, KqlError> {
    let scalars = named_scalars(columns, &Scope::new(&table.columns, context, "project"))?;
    for (index, (column, _)) in scalars.iter().enumerate() {
        if scalars[..index].iter().any(|(other, _)| other.name == column.name) {
            let what = format!("two columns that are called '{}'", column.name);
            return Err(KqlError::not_simulated(columns[index].position, &column.name, what));
        }
    }
    let rows = table.rows.iter().map(|row| scalars.iter().map(|(_, scalar)| scalar.evaluate(row)).collect()).collect();
    Ok(Table { columns: scalars.into_iter().map(|(column, _)| column).collect(), rows })
}

fn distinct(columns: &[Expression], table: Table, context: &Context<'_>) -> Result<Table, KqlError> {
    let is_all = matches!(columns, [Expression::Star(_)]);
    let named = columns.iter().map(|expression| Named {
        position: Position::default(),
        name: None,
        expression: expression.clone(),
    });
    let mut table = if is_all { table } else { project(&named.collect::<Vec<_>>(), &table, context)? };
    let mut seen = std::collections::HashSet::new();
    table.rows.retain(|row| seen.insert(key(row)));
    Ok(table)
}

fn sort(keys: &[SortKey], operator: &str, mut table: Table, context: &Context<'_>) -> Result<Table, KqlError> {
    let scope = Scope::new(&table.columns, context, operator);
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
