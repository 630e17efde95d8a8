//! Queries over a small table.

mod errors;
mod expressions;
mod limits;
mod names;
mod nulls;
mod operators;
mod sentinel;

use serde_json::{Value as Json, json};
use time::macros::datetime;

use super::*;

/// Three alerts: two records of A, and B on the day before.
fn alerts() -> Table {
    let columns = [
        ("TimeGenerated", Type::DateTime),
        ("SystemAlertId", Type::String),
        ("AlertSeverity", Type::String),
        ("ResourceId", Type::String),
        ("Score", Type::Real),
        ("Bag", Type::Dynamic),
    ];
    let columns = columns.map(|(name, kind)| Column::new(name, kind)).to_vec();
    let rows = [
        json!({"TimeGenerated": "2026-11-29T08:00:00Z", "SystemAlertId": "B", "AlertSeverity": "Low",
            "ResourceId": "/subscriptions/8E4A7D19-2c6b-4f03-9a5d-71b0c3e6f842/x", "Score": 0.5}),
        json!({"TimeGenerated": "2026-11-30T09:00:00Z", "SystemAlertId": "A", "AlertSeverity": "High", "Score": 1.5,
            "Bag": {"Plan": "P2", "Tags": ["one", "two"]}}),
        json!({"TimeGenerated": "2026-11-30T10:30:00Z", "SystemAlertId": "A", "AlertSeverity": "Medium"}),
    ];
    let rows: Vec<_> = rows.iter().filter_map(Json::as_object).cloned().collect();
    Table::stored(columns, &rows)
}

/// `T` contains three alerts, and `U` their owners.
struct TestTables;

impl Tables for TestTables {
    fn find(&self, name: &str, operator: Option<&str>) -> Result<Table, KqlError> {
        let columns = ["SystemAlertId", "Owner"].map(|name| Column::new(name, Type::String)).to_vec();
        let rows = [["A", "ann"], ["A", "bob"], ["C", "cem"]].map(|row| row.map(Value::from).to_vec()).to_vec();
        match name {
            "T" => Ok(alerts()),
            "U" => Ok(Table { columns, rows }),
            _ => Err(KqlError::unknown_table(operator, name)),
        }
    }
}

fn evaluate(text: &str) -> Result<Table, KqlError> {
    run(&parse(text)?, &TestTables, datetime!(2026-11-30 12:00 UTC))
}

fn table(text: &str) -> Table {
    evaluate(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

/// The rows of a query, as JSON.
fn rows_of(text: &str) -> Json {
    table(text).rows.iter().map(|row| row.iter().map(Value::to_json).collect::<Json>()).collect()
}

/// The rows of a query over `alerts`, as JSON.
fn rows(operators: &str) -> Json {
    rows_of(&format!("T {operators}"))
}

fn error(text: &str) -> KqlError {
    match evaluate(text) {
        Err(error) => error,
        Ok(table) => panic!("{text}: {table:?}"),
    }
}
