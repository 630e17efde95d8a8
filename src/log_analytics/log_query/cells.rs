//! The cells of a result as strings and as JSON. Pure.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::log_analytics::QueryResult;

/// Each row as a map from column to cell.
pub(super) fn rows(result: &QueryResult) -> Vec<BTreeMap<String, Option<String>>> {
    let row = |cells: &Vec<Value>| {
        result.columns.iter().zip(cells).map(|(column, cell)| (column.name.clone(), text(cell))).collect()
    };
    result.rows.iter().map(row).collect()
}

/// A JSON array with an object for each row.
pub(super) fn json(result: &QueryResult) -> String {
    let row = |cells: &Vec<Value>| {
        let cells = result.columns.iter().zip(cells);
        Value::Object(
            cells.map(|(column, cell)| (column.name.clone(), typed(&column.kind, cell))).collect::<Map<_, _>>(),
        )
    };
    result.rows.iter().map(row).collect::<Value>().to_string()
}

fn text(cell: &Value) -> Option<String> {
    match cell {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Azure returns dynamic values as JSON text.
fn typed(kind: &str, cell: &Value) -> Value {
    match cell {
        Value::String(text) if kind == "dynamic" && text.trim_start().starts_with(['{', '[']) => {
            crate::json::parse(text.as_bytes()).unwrap_or_else(|_| cell.clone())
        }
        cell => cell.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::log_analytics::Column;

    fn result() -> QueryResult {
        let columns =
            [("T", "datetime"), ("N", "long"), ("R", "real"), ("B", "bool"), ("D", "dynamic"), ("S", "string")];
        let columns = columns.map(|(name, kind)| Column { name: name.to_owned(), kind: kind.to_owned() }).to_vec();
        let rows = vec![
            vec![json!("2026-01-15T00:00:00Z"), json!(12), json!(0.5), json!(true), json!("{\"a\":[1]}"), json!("{}")],
            vec![json!(null), json!(null), json!("NaN"), json!(null), json!("text"), json!("")],
        ];
        QueryResult { columns, rows, ..QueryResult::default() }
    }

    #[test]
    fn cells_are_strings_or_null() {
        let rows = rows(&result());

        let cells = |row: usize| rows[row].values().map(Option::as_deref).collect::<Vec<_>>();
        assert_eq!(
            cells(0),
            [Some("true"), Some("{\"a\":[1]}"), Some("12"), Some("0.5"), Some("{}"), Some("2026-01-15T00:00:00Z")]
        );
        assert_eq!(cells(1), [None, Some("text"), None, Some("NaN"), Some(""), None]);
    }

    #[test]
    fn json_keeps_types_and_the_order_of_columns() {
        assert_eq!(
            json(&result()),
            r#"[{"T":"2026-01-15T00:00:00Z","N":12,"R":0.5,"B":true,"D":{"a":[1]},"S":"{}"},{"T":null,"N":null,"R":"NaN","B":null,"D":"text","S":""}]"#
        );
    }
}
