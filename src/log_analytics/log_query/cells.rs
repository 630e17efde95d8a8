//! The cells of a result as strings and as JSON.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::log_analytics::QueryResult;

/// The rows as maps from column names to cells.
pub(super) fn rows(result: &QueryResult) -> Vec<BTreeMap<String, Option<String>>> {
    let row = |cells: &Vec<Value>| {
        result.columns.iter().zip(cells).map(|(column, cell)| (column.name.clone(), text(cell))).collect()
    };
    result.rows.iter().map(row).collect()
}

/// The rows as a JSON array of objects. Only one parsed `dynamic` cell is in memory at a time.
pub(super) fn json(result: &QueryResult) -> String {
    let names: Vec<String> =
        result.columns.iter().map(|column| Value::from(column.name.as_str()).to_string()).collect();
    let row = |cells: &Vec<Value>| {
        let cells = result.columns.iter().zip(&names).zip(cells);
        let members = cells.map(|((column, name), cell)| format!("{name}:{}", typed(&column.kind, cell)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    };
    format!("[{}]", result.rows.iter().map(row).collect::<Vec<_>>().join(","))
}

fn text(cell: &Value) -> Option<String> {
    match cell {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The JSON text of a cell. Azure returns dynamic values as JSON text in a string.
fn typed(kind: &str, cell: &Value) -> String {
    match cell {
        Value::String(text) if kind == "dynamic" && text.trim_start().starts_with(['{', '[']) => {
            crate::json::parse(text.as_bytes()).map_or_else(|_| cell.to_string(), |value| value.to_string())
        }
        cell => cell.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::log_analytics::Column;

    /// A response in Azure's form, with two rows of values and a row of nulls.
    fn result() -> QueryResult {
        let types = ["bool", "int", "long", "real", "decimal", "datetime", "timespan", "guid", "dynamic", "string"];
        let columns = types.map(|kind| json!({"name": kind, "type": kind}));
        let rows = r#"[
            [true, -7, 9007199254740993, 0.5, "0.1000", "2026-01-15T09:30:00.1234567Z", "1.02:03:04.0000005",
             "4c8d2f7a-1e63-4b95-a0d8-6f3e9c5b7d12", "{\"b\":[1.50],\"a\":12345678901234567890}", "{}"],
            [false, 0, -9223372036854775808, "NaN", "-Infinity", "0001-01-01T00:00:00Z", "-00:00:01",
             "00000000-0000-0000-0000-000000000000", "text", ""],
            [null, null, null, null, null, null, null, null, null, ""]
        ]"#;
        let rows: Value = serde_json::from_str(rows).expect("JSON");
        let table = json!({"name": "PrimaryResult", "columns": columns, "rows": rows});
        QueryResult::read(json!({"tables": [table]})).expect("a result")
    }

    #[test]
    fn cells_are_strings_or_null() {
        let result = result();
        let rows = rows(&result);

        // In the order of the columns.
        let cells =
            |row: usize| result.columns.iter().map(|column| rows[row][&column.name].as_deref()).collect::<Vec<_>>();
        assert_eq!(
            cells(0),
            [
                "true",
                "-7",
                "9007199254740993",
                "0.5",
                "0.1000",
                "2026-01-15T09:30:00.1234567Z",
                "1.02:03:04.0000005",
                "4c8d2f7a-1e63-4b95-a0d8-6f3e9c5b7d12",
                "{\"b\":[1.50],\"a\":12345678901234567890}",
                "{}"
            ]
            .map(Some)
        );
        assert_eq!(cells(1)[2..6], ["-9223372036854775808", "NaN", "-Infinity", "0001-01-01T00:00:00Z"].map(Some));
        assert_eq!(cells(2), [None, None, None, None, None, None, None, None, None, Some("")]);
    }

    #[test]
    fn json_keeps_types_digits_and_the_order_of_columns() {
        let json = json(&result());

        let rows: Vec<&str> = json.trim_matches(['[', ']']).split("},{\"bool\"").collect();
        assert_eq!(
            rows[0],
            r#"{"bool":true,"int":-7,"long":9007199254740993,"real":0.5,"decimal":"0.1000","datetime":"2026-01-15T09:30:00.1234567Z","timespan":"1.02:03:04.0000005","guid":"4c8d2f7a-1e63-4b95-a0d8-6f3e9c5b7d12","dynamic":{"b":[1.50],"a":12345678901234567890},"string":"{}""#
        );
        assert!(rows[1].contains(r#""long":-9223372036854775808,"real":"NaN","decimal":"-Infinity""#), "{}", rows[1]);
        assert!(rows[2].ends_with(r#""dynamic":null,"string":""}"#), "{}", rows[2]);
    }

    #[test]
    fn dynamic_cells_are_not_in_memory_all_at_once() {
        let cell = format!("[{}1]", "1,".repeat(10_000));
        let one = u64::try_from(crate::json::memory(cell.as_bytes())).expect("64 bits fit");
        let columns = vec![Column { name: "A".to_owned(), kind: "dynamic".to_owned() }];
        let result = QueryResult { columns, rows: vec![vec![json!(cell)]; 50], ..QueryResult::default() };

        let allocated = allocation_counter::measure(|| drop(json(&result))).bytes_max;

        let text = u64::try_from(50 * cell.len()).expect("64 bits fit");
        assert!(allocated <= 4 * (one + text), "{allocated} bytes, {one} for one cell, {text} for the text");
    }

    #[test]
    fn column_names_can_have_any_characters() {
        let names = ["", "a b", "${x}", "\"q\"", "Größe", "a.b[0]"];
        let columns = names.map(|name| Column { name: name.to_owned(), kind: "long".to_owned() }).to_vec();
        let cells = (0..names.len()).map(|cell| json!(cell)).collect();
        let result = QueryResult { columns, rows: vec![cells], ..QueryResult::default() };

        let (rows, json) = (rows(&result), json(&result));

        let decoded: Value = serde_json::from_str(&json).expect("JSON");
        for (index, name) in names.into_iter().enumerate() {
            assert_eq!(rows[0][name].as_deref(), Some(index.to_string().as_str()), "{name}");
            assert_eq!(decoded[0][name], json!(index), "{name}");
        }
    }
}
