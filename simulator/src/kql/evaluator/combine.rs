//! Operators that read several tables, or make several rows of one: `union`, `join` and `mv-expand`.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use super::scalar::Scope;
use super::{Context, ROWS, key, name_of};
use crate::kql::error::{KqlError, Position};
use crate::kql::syntax::{Join, JoinKind, Named, Pipeline};
use crate::kql::table::{Column, Table};
use crate::kql::value::{Type, Value};

/// The rows of all tables, with the columns of all of them.
pub(super) fn union(
    position: Position,
    first: Option<Table>,
    parts: &[Pipeline],
    context: &Context<'_>,
) -> Result<Table, KqlError> {
    let mut tables: Vec<Table> = first.into_iter().collect();
    for part in parts {
        tables.push(context.pipeline(part)?);
        check_size(tables.iter().map(|table| table.rows.len()).sum(), position, "union")?;
    }
    let mut columns: Vec<Column> = Vec::new();
    for column in tables.iter().flat_map(|table| &table.columns) {
        match columns.iter().find(|known| known.name == column.name) {
            None => columns.push(column.clone()),
            Some(known) if known.kind == column.kind => {}
            Some(_) => {
                let what = format!("a union in which '{}' has two types", column.name);
                return Err(KqlError::not_simulated(position, "union", what));
            }
        }
    }
    let rows = tables.iter().flat_map(|table| {
        let indexes: Vec<Option<usize>> = columns.iter().map(|column| table.index(&column.name)).collect();
        let cell = |row: &[Value], (index, column): (&Option<usize>, &Column)| match index {
            Some(index) => row[*index].clone(),
            None => column.kind.absent(),
        };
        let columns = &columns;
        table.rows.iter().map(move |row| indexes.iter().zip(columns).map(|pair| cell(row, pair)).collect())
    });
    Ok(Table { rows: rows.collect(), columns })
}

/// Pairs of rows whose keys are equal, or the rows on the left with or without a partner.
pub(super) fn join(join: &Join, left: &Table, context: &Context<'_>) -> Result<Table, KqlError> {
    let right = context.pipeline(&join.right)?;
    let index = |table: &Table, name: &str| table.index(name).ok_or_else(|| KqlError::unknown_column("join", name));
    let mut keys = Vec::new();
    for (left_name, right_name) in &join.on {
        let (one, other) = (index(left, left_name)?, index(&right, right_name)?);
        let (one_kind, other_kind) = (left.columns[one].kind, right.columns[other].kind);
        if one_kind != other_kind {
            let (one, other) = (one_kind.name(), other_kind.name());
            return Err(KqlError::wrong_type(format!(
                "'join' operator: cannot join on columns of types {one} and {other}"
            )));
        }
        keys.push((one, other));
    }
    let left_key = |row: &[Value]| key(&keys.iter().map(|(one, _)| row[*one].clone()).collect::<Vec<_>>());
    let mut partners: HashMap<String, Vec<&[Value]>> = HashMap::new();
    for row in &right.rows {
        let key = key(&keys.iter().map(|(_, other)| row[*other].clone()).collect::<Vec<_>>());
        partners.entry(key).or_default().push(row);
    }
    let is_pair = matches!(join.kind, JoinKind::InnerUnique | JoinKind::Inner | JoinKind::LeftOuter);
    let mut columns = left.columns.clone();
    if is_pair {
        columns.extend(right.columns.iter().map(|column| renamed(column, &left.columns)));
    }
    let (mut rows, mut seen) = (Vec::new(), HashSet::new());
    for row in &left.rows {
        let key = left_key(row);
        let found = partners.get(&key).map(Vec::as_slice).unwrap_or_default();
        match join.kind {
            JoinKind::LeftSemi if !found.is_empty() => rows.push(row.clone()),
            JoinKind::LeftAnti if found.is_empty() => rows.push(row.clone()),
            JoinKind::LeftSemi | JoinKind::LeftAnti => {}
            JoinKind::InnerUnique if !seen.insert(key) => {}
            JoinKind::LeftOuter if found.is_empty() => {
                let absent = right.columns.iter().map(|column| column.kind.absent());
                rows.push(row.iter().cloned().chain(absent).collect());
            }
            JoinKind::InnerUnique | JoinKind::Inner | JoinKind::LeftOuter => {
                rows.extend(found.iter().map(|partner| [row, *partner].concat()));
            }
        }
        check_size(rows.len(), join.position, "join")?;
    }
    Ok(Table { columns, rows })
}

/// A column on the right, whose name ends with a number if the left has the same one.
fn renamed(column: &Column, left: &[Column]) -> Column {
    let is_free = |name: &str| !left.iter().any(|column| column.name == name);
    if is_free(&column.name) {
        return column.clone();
    }
    let name = (1..).map(|number| format!("{}{number}", column.name)).find(|name| is_free(name));
    Column::new(name.unwrap_or_default(), column.kind)
}

/// A row for each element of an array, or for each member of an object. A value without elements stays one row.
pub(super) fn expand(named: &Named, mut table: Table, context: &Context<'_>) -> Result<Table, KqlError> {
    let scalar = Scope::new(&table.columns, context, "mv-expand").scalar(&named.expression)?;
    if scalar.kind() != Type::Dynamic {
        let found = scalar.kind().name();
        return Err(KqlError::wrong_type(format!(
            "'mv-expand' operator: expected a value of type dynamic, found {found}"
        )));
    }
    let name = name_of(named, 0);
    let index = table.index(&name).unwrap_or(table.columns.len());
    if index == table.columns.len() {
        table.columns.push(Column::new(name, Type::Dynamic));
    }
    table.columns[index].kind = Type::Dynamic;
    let mut rows = Vec::new();
    for row in std::mem::take(&mut table.rows) {
        let elements = match scalar.evaluate(&row) {
            Value::Dynamic(Json::Array(items)) if !items.is_empty() => items.into_iter().map(Value::Dynamic).collect(),
            Value::Dynamic(Json::Object(members)) if !members.is_empty() => members
                .into_iter()
                .map(|(name, value)| Value::Dynamic(Json::Object([(name, value)].into_iter().collect())))
                .collect(),
            Value::Dynamic(Json::Array(_) | Json::Object(_)) => vec![Value::Null],
            other => vec![other],
        };
        for element in elements {
            let mut row = row.clone();
            if index < row.len() {
                row[index] = element;
            } else {
                row.push(element);
            }
            rows.push(row);
        }
        check_size(rows.len(), named.position, "mv-expand")?;
    }
    Ok(Table { rows, ..table })
}

fn check_size(rows: usize, position: Position, operator: &str) -> Result<(), KqlError> {
    if rows <= ROWS {
        Ok(())
    } else {
        Err(KqlError::not_simulated(position, operator, format!("more than {ROWS} rows")))
    }
}
