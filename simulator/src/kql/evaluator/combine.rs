//! Operators that read several tables, or expand a row to several rows: `union`, `join` and `mv-expand`.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use super::names::{self, Names};
use super::scalar::Scope;
use super::{Context, ROWS, key};
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

/// Pairs of rows with equal keys, or the rows on the left with or without a match.
pub(super) fn join(join: &Join, left: &Table, context: &Context<'_>) -> Result<Table, KqlError> {
    let right = context.pipeline(&join.right)?;
    let index = |table: &Table, name: &str| table.index(name).ok_or_else(|| KqlError::unknown_column("join", name));
    let mut keys = Vec::new();
    for (left_name, right_name) in &join.on {
        let (one, other) = (index(left, left_name)?, index(&right, right_name)?);
        let (one_kind, other_kind) = (left.columns[one].kind, right.columns[other].kind);
        if let Some((name, _)) =
            [(left_name, one_kind), (right_name, other_kind)].iter().find(|(_, kind)| *kind == Type::Dynamic)
        {
            let message = format!("join key '{name}' is of a 'dynamic' type. Please use an explicit cast");
            return Err(KqlError::dynamic("SEM0001", message));
        }
        if one_kind != other_kind {
            let (one, other) = (one_kind.name(), other_kind.name());
            return Err(KqlError::wrong_type(format!(
                "'join' operator: cannot join on columns of types {one} and {other}"
            )));
        }
        keys.push((one, other));
    }
    let left_key = |row: &[Value]| key(&keys.iter().map(|(one, _)| row[*one].clone()).collect::<Vec<_>>());
    let mut matches: HashMap<String, Vec<&[Value]>> = HashMap::new();
    for row in &right.rows {
        let key = key(&keys.iter().map(|(_, other)| row[*other].clone()).collect::<Vec<_>>());
        matches.entry(key).or_default().push(row);
    }
    let is_pair = matches!(join.kind, JoinKind::InnerUnique | JoinKind::Inner | JoinKind::LeftOuter);
    let mut columns = left.columns.clone();
    if is_pair {
        let mut names = Names::new("join");
        for column in &left.columns {
            names.free(&column.name);
        }
        columns.extend(right.columns.iter().map(|column| Column::new(names.free(&column.name), column.kind)));
    }
    let (mut rows, mut seen) = (Vec::new(), HashSet::new());
    for row in &left.rows {
        let key = left_key(row);
        let found = matches.get(&key).map(Vec::as_slice).unwrap_or_default();
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
                rows.extend(found.iter().map(|matched| [row, *matched].concat()));
            }
        }
        check_size(rows.len(), join.position, "join")?;
    }
    Ok(Table { columns, rows })
}

/// A row for each element of an array, or for each member of an object. Null results in one row.
pub(super) fn expand(named: &Named, mut table: Table, context: &Context<'_>) -> Result<Table, KqlError> {
    let scalar = Scope::new(&table.columns, context, "mv-expand").scalar(&named.expression)?;
    if scalar.kind() != Type::Dynamic {
        let found = scalar.kind().name();
        let message = format!("'mv-expand' operator: expected a value of type dynamic, found {found}");
        return Err(KqlError::Semantic { code: "SEM0447", message });
    }
    let derived = named.name.clone().or_else(|| names::derived(&named.expression));
    let name = derived.unwrap_or_else(|| Names::new("mv-expand").numbered(&table.columns));
    let index = table.index(&name).unwrap_or(table.columns.len());
    if index == table.columns.len() {
        table.columns.push(Column::new(name, Type::Dynamic));
    }
    table.columns[index].kind = Type::Dynamic;
    let mut rows = Vec::new();
    for row in std::mem::take(&mut table.rows) {
        let elements = match scalar.evaluate(&row) {
            Value::Dynamic(Json::Array(items)) => items.into_iter().map(Value::Dynamic).collect(),
            Value::Dynamic(Json::Object(members)) => members
                .into_iter()
                .map(|(name, value)| Value::Dynamic(Json::Object([(name, value)].into_iter().collect())))
                .collect(),
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
