//! Runs the operators of a query over a table.
//!
//! `scalar` checks an expression against the columns and evaluates it for a row; `functions`, `conversion`, `pattern`,
//! `arithmetic` and `comparison` are its parts. `names` names the columns of a result. `summarize` groups rows, and
//! `aggregate` computes a value for each group. `combine` contains the operators that read several tables or expand a
//! row to several rows.

mod aggregate;
mod arithmetic;
mod combine;
mod comparison;
mod conversion;
mod functions;
mod names;
mod pattern;
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
use names::Names;
use scalar::{Scalar, Scope};

/// The maximum number of rows of a table, so that joins do not exhaust memory.
const ROWS: usize = 100_000;

/// The state that the operators of a query share.
pub(super) struct Context<'a> {
    tables: &'a dyn Tables,
    now: OffsetDateTime,
    scalars: HashMap<&'a str, (Type, Value)>,
    bound_tables: HashMap<&'a str, Table>,
}

/// Runs the `let` statements and then the query.
pub(super) fn run(query: &Query, tables: &dyn Tables, now: OffsetDateTime) -> Result<Table, KqlError> {
    let mut context = Context { tables, now, scalars: HashMap::new(), bound_tables: HashMap::new() };
    for (name, binding) in &query.bindings {
        if context.scalars.contains_key(name.as_str()) || context.bound_tables.contains_key(name.as_str()) {
            return Err(KqlError::duplicate_let(name));
        }
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
    project(&columns, &nothing, "print", context)
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
        Operator::Project(columns) => project(columns, &table, operator.name(), context),
        Operator::Select { names, keeps } => select(names, *keeps, &table, operator.name()),
        Operator::Rename(names) => rename(names, table, operator.name()),
        Operator::Distinct(columns) => distinct(columns, table, context),
        Operator::Summarize { aggregates, by } => summarize::summarize(aggregates, by, &table, context),
        Operator::Sort(keys) => sort(keys, "sort", table, context),
        Operator::Top { position, count, by } => {
            let count = row_count(count, *position, "top", context)?;
            let mut table = sort(std::slice::from_ref(by), "top", table, context)?;
            table.rows.truncate(count);
            Ok(table)
        }
        Operator::Take { position, count } => {
            table.rows.truncate(row_count(count, *position, "take", context)?);
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

/// The number of rows for `take` and `top`, which must be constant.
fn row_count(
    expression: &Expression,
    position: Position,
    operator: &str,
    context: &Context<'_>,
) -> Result<usize, KqlError> {
    match Scope::new(&[], context, operator).scalar(expression)?.evaluate(&[]) {
        // Microsoft does not document negative numbers of rows.
        Value::Long(count) => usize::try_from(count)
            .map_err(|_| KqlError::not_simulated(position, &count.to_string(), "a negative number of rows")),
        _ => Err(KqlError::wrong_type(format!("'{operator}' operator: the number of rows must be an integer"))),
    }
}

/// `project-away` and `project-keep`: the columns keep their order.
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

/// Renames columns, which keep their positions.
fn rename(names: &[(String, String)], mut table: Table, operator: &str) -> Result<Table, KqlError> {
    let mut taken = Names::new(operator);
    for column in table.columns.iter().filter(|column| names.iter().all(|(_, old)| *old != column.name)) {
        taken.declare(&column.name)?;
    }
    let mut renamed = Vec::new();
    for (new, old) in names {
        let index = table.index(old).ok_or_else(|| KqlError::unknown_column(operator, old))?;
        renamed.push((index, taken.declare(new)?));
    }
    for (index, new) in renamed {
        table.columns[index].name = new;
    }
    Ok(table)
}

/// Adds columns, or replaces existing ones. Every new column is computed from the columns of the input.
fn extend(columns: &[Named], mut table: Table, context: &Context<'_>) -> Result<Table, KqlError> {
    let mut names = Names::new("extend");
    let scope = Scope::new(&table.columns, context, "extend");
    let mut computed = Vec::new();
    for named in columns {
        let scalar = scope.scalar(&named.expression)?;
        let derived = named.name.clone().or_else(|| names::derived(&named.expression));
        let name = match (&named.name, derived) {
            (Some(name), _) => names.declare(name)?,
            (None, Some(name)) => name,
            (None, None) => names.numbered(&table.columns),
        };
        computed.push((Column::new(name, scalar.kind()), scalar));
    }
    for row in &mut table.rows {
        let values: Vec<Value> = computed.iter().map(|(_, scalar)| scalar.evaluate(row)).collect();
        row.extend(values);
    }
    let width = table.columns.len();
    table.columns.extend(computed.into_iter().map(|(column, _)| column));
    Ok(replace_duplicates(table, width))
}

/// Replaces earlier columns by the columns of the same name from `width` on.
fn replace_duplicates(mut table: Table, width: usize) -> Table {
    let mut kept = width;
    for added in width..table.columns.len() {
        let name = &table.columns[added].name;
        let target = table.columns[..kept].iter().position(|column| column.name == *name).unwrap_or(kept);
        table.columns.swap(target, added);
        table.rows.iter_mut().for_each(|row| row.swap(target, added));
        kept = kept.max(target + 1);
    }
    table.columns.truncate(kept);
    table.rows.iter_mut().for_each(|row| row.truncate(kept));
    table
}

fn project(columns: &[Named], table: &Table, operator: &str, context: &Context<'_>) -> Result<Table, KqlError> {
    let scalars = named_scalars(columns, &Scope::new(&table.columns, context, operator), &mut Names::new(operator))?;
    let rows = table.rows.iter().map(|row| scalars.iter().map(|(_, scalar)| scalar.evaluate(row)).collect()).collect();
    Ok(Table { columns: scalars.into_iter().map(|(column, _)| column).collect(), rows })
}

fn distinct(columns: &[Named], table: Table, context: &Context<'_>) -> Result<Table, KqlError> {
    let mut table = if columns.is_empty() { table } else { project(columns, &table, "distinct", context)? };
    if let Some(column) = table.columns.iter().find(|column| column.kind == Type::Dynamic) {
        let message =
            format!("'distinct' operator: column '{}' is of a 'dynamic' type. Use an explicit cast", column.name);
        return Err(KqlError::dynamic("SEM0001", message));
    }
    let mut seen = std::collections::HashSet::new();
    table.rows.retain(|row| seen.insert(key(row)));
    Ok(table)
}

fn sort(keys: &[SortKey], operator: &str, mut table: Table, context: &Context<'_>) -> Result<Table, KqlError> {
    let scope = Scope::new(&table.columns, context, operator);
    let scalars = keys.iter().map(|key| scope.scalar(&key.expression)).collect::<Result<Vec<_>, _>>()?;
    if scalars.iter().any(|scalar| scalar.kind() == Type::Dynamic) {
        // Azure's message names `sort` by its synonym `order`.
        let operator = if operator == "sort" { "order" } else { operator };
        return Err(KqlError::dynamic("SEM0480", format!("{operator} operator: key can't be of dynamic type")));
    }
    let mut rows: Vec<(Vec<Value>, Vec<Value>)> = std::mem::take(&mut table.rows)
        .into_iter()
        .map(|row| (scalars.iter().map(|scalar| scalar.evaluate(&row)).collect(), row))
        .collect();
    rows.sort_by(|(left, _), (right, _)| {
        let orders = keys.iter().zip(left.iter().zip(right)).map(|(key, (left, right))| key.order(left, right));
        orders.fold(Ordering::Equal, Ordering::then)
    });
    table.rows = rows.into_iter().map(|(_, row)| row).collect();
    Ok(table)
}

impl SortKey {
    /// Compares two values. Null and NaN are at one end, null outermost.
    fn order(&self, left: &Value, right: &Value) -> Ordering {
        let rank = |value: &Value| match value {
            Value::Null => 0,
            Value::Real(number) if number.is_nan() => 1,
            _ => 2,
        };
        let nulls = rank(left).cmp(&rank(right));
        let nulls = if self.puts_nulls_first { nulls } else { nulls.reverse() };
        let values = left.order(right).unwrap_or(Ordering::Equal);
        nulls.then(if self.is_descending { values.reverse() } else { values })
    }
}

/// Columns with the expressions that compute them.
fn named_scalars(
    columns: &[Named],
    scope: &Scope<'_>,
    names: &mut Names<'_>,
) -> Result<Vec<(Column, Scalar)>, KqlError> {
    let scalars = columns.iter().map(|named| {
        let scalar = scope.scalar(&named.expression)?;
        Ok((Column::new(names.name(named)?, scalar.kind()), scalar))
    });
    scalars.collect()
}

/// A key that is equal for equal rows.
fn key(row: &[Value]) -> String {
    format!("{row:?}")
}
