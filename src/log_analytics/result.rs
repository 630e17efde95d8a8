//! The result of a query: columns, rows, and the reasons why rows are missing.

use std::collections::HashSet;

use serde_json::Value;

use crate::azure::{ErrorDetail, innermost};
use crate::framework::composed;

/// A column of the result.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Column {
    /// The name.
    pub name: String,
    /// The Kusto type, for example `string`, `long`, `datetime` or `dynamic`.
    pub kind: String,
}

/// The result of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueryResult {
    /// The columns, in Azure's order.
    pub columns: Vec<Column>,
    /// The rows, with a cell for each column.
    pub rows: Vec<Vec<Value>>,
    /// The reasons why Azure returned only a part of the result. Empty if the result is complete.
    pub partial: Vec<ErrorDetail>,
    /// Tables that the identity may not read. Their rows are missing.
    pub denied_tables: Vec<String>,
    /// The number of further results, for example with the operator `fork`. Their rows are missing.
    pub further_results: usize,
}

impl QueryResult {
    /// Reads the document of a response with status 200.
    ///
    /// # Errors
    /// The document does not have the form of a query result.
    pub(super) fn read(mut document: Value) -> Result<Self, String> {
        let partial = partial(&document);
        let denied_tables = denied_tables(&document);
        let tables = match document.get_mut("tables") {
            Some(Value::Array(tables)) if !tables.is_empty() => tables,
            // Azure stopped before the first row.
            _ if !partial.is_empty() => return Ok(Self { partial, denied_tables, ..Self::default() }),
            Some(Value::Array(_)) => return Err("`tables` is empty".to_owned()),
            _ => return Err("it has no `tables`".to_owned()),
        };
        let further_results = tables.len() - 1;
        let is_primary = |table: &Value| table.get("name").is_some_and(|name| name == "PrimaryResult");
        let position = tables.iter().position(is_primary).unwrap_or_default();
        let table = &mut tables[position];
        let columns = table.get("columns").and_then(Value::as_array).ok_or("a table has no `columns`")?;
        let columns = columns.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        let rows = table.get_mut("rows").map(Value::take).ok_or("a table has no `rows`")?;
        let Value::Array(rows) = rows else { return Err("`rows` is not a list".to_owned()) };
        let rows = rows.into_iter().map(|row| match row {
            Value::Array(cells) if cells.len() == columns.len() => Ok(cells),
            _ => Err(format!("a row does not have {} cells", columns.len())),
        });
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { columns, rows, partial, denied_tables, further_results })
    }

    /// A name that more than one column has. Terraform normalizes text to NFC, so this method compares NFC.
    #[must_use]
    pub fn duplicate_column(&self) -> Option<&str> {
        let mut seen = HashSet::new();
        let names = self.columns.iter().map(|column| column.name.as_str());
        names.into_iter().find(|name| !seen.insert(composed(*name)))
    }

    /// Whether the identity may not read a table of the query.
    #[must_use]
    pub fn is_denied(&self, table: &str) -> bool {
        self.denied_tables.iter().any(|denied| denied.eq_ignore_ascii_case(table))
    }

    /// The index of the column with this name.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

fn column(column: &Value) -> Result<Column, String> {
    let text = |name: &str| column.get(name).and_then(Value::as_str).map(str::to_owned);
    let name = text("name").ok_or("a column has no `name`")?;
    Ok(Column { name, kind: text("type").unwrap_or_else(|| "dynamic".to_owned()) })
}

/// The root causes in the `error` of a response with status 200.
fn partial(document: &Value) -> Vec<ErrorDetail> {
    let Some(error) = document.get("error").filter(|error| !error.is_null()) else { return Vec::new() };
    let causes = innermost(error);
    if causes.is_empty() {
        return vec![ErrorDetail { message: "Azure returned no message".to_owned(), ..ErrorDetail::default() }];
    }
    causes
}

/// The tables in `permissions.dataSources[].denyTables`, which `include-permissions` adds.
fn denied_tables(document: &Value) -> Vec<String> {
    let sources = document.pointer("/permissions/dataSources").and_then(Value::as_array).into_iter().flatten();
    let denied = sources.filter_map(|source| source.get("denyTables")?.as_array()).flatten();
    denied.filter_map(|table| table.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn table(rows: &Value) -> Value {
        json!([{"name": "PrimaryResult", "columns": [{"name": "A", "type": "string"}, {"name": "B", "type": "long"}], "rows": rows}])
    }

    #[test]
    fn reads_columns_and_rows() {
        let result = QueryResult::read(json!({"tables": table(&json!([["x", 1], [null, null]]))})).expect("a result");

        assert_eq!(result.columns[1], Column { name: "B".to_owned(), kind: "long".to_owned() });
        assert_eq!(result.rows, [vec![json!("x"), json!(1)], vec![json!(null), json!(null)]]);
        assert!(result.partial.is_empty() && result.denied_tables.is_empty());
    }

    #[test]
    fn a_partial_result_has_its_reason() {
        let limit = "The results of this query exceed the set limit of 500000 records.";
        let document = json!({"tables": table(&json!([])), "error": {
            "code": "PartialError", "message": "There were some errors when processing your query.",
            "details": [{"code": "EngineError", "message": "Something went wrong processing your query on the server.",
                "innererror": {"code": "-2133196797", "message": limit, "severity": 2}}]}});

        let partial = QueryResult::read(document).expect("a result").partial;

        assert_eq!(partial.iter().map(|cause| cause.message.as_str()).collect::<Vec<_>>(), [limit]);
        let silent = json!({"tables": table(&json!([])), "error": {}});
        assert_eq!(QueryResult::read(silent).expect("a result").partial.len(), 1);
    }

    #[test]
    fn an_error_without_rows_is_a_partial_result() {
        let error =
            json!({"code": "PartialError", "message": "Some errors", "details": [{"code": "E", "message": "why"}]});

        for document in [json!({"error": error}), json!({"error": error, "tables": []})] {
            let result = QueryResult::read(document).expect("a result");
            assert_eq!((result.columns.len(), result.rows.len(), result.partial.len()), (0, 0, 1));
        }
    }

    #[test]
    fn reads_the_primary_result_and_counts_the_others() {
        let other = json!({"name": "Other", "columns": [{"name": "X", "type": "long"}], "rows": [[1]]});
        let tables = json!([other, table(&json!([["x", 1]]))[0], other]);

        let result = QueryResult::read(json!({"tables": tables})).expect("a result");
        let unnamed = QueryResult::read(json!({"tables": [other, other]})).expect("a result");

        assert_eq!((result.columns[0].name.as_str(), result.further_results), ("A", 2));
        assert_eq!((unnamed.columns[0].name.as_str(), unnamed.further_results), ("X", 1));
    }

    #[test]
    fn a_result_without_rows_has_columns() {
        let result = QueryResult::read(json!({"tables": table(&json!([]))})).expect("a result");

        assert_eq!((result.columns.len(), result.rows.len(), result.further_results), (2, 0, 0));
    }

    #[test]
    fn finds_columns_with_the_same_name() {
        let named = |names: &[&str]| {
            let column = |name: &&str| Column { name: (*name).to_owned(), kind: "string".to_owned() };
            QueryResult { columns: names.iter().map(column).collect(), ..QueryResult::default() }
        };

        assert_eq!(named(&["A", "a", "", "\u{e9}"]).duplicate_column(), None);
        assert_eq!(named(&["A", "B", "A"]).duplicate_column(), Some("A"));
        assert_eq!(named(&["\u{e9}", "e\u{301}"]).duplicate_column(), Some("e\u{301}"));
    }

    #[test]
    fn reads_denied_tables() {
        let permissions = json!({"dataSources": [{"resourceId": "/w"}, {"denyTables": ["SecurityAlert"]}]});
        let result =
            QueryResult::read(json!({"tables": table(&json!([])), "permissions": permissions})).expect("a result");

        assert!(result.is_denied("securityalert") && !result.is_denied("Heartbeat"));
    }

    #[test]
    fn rejects_an_invalid_document() {
        for document in [
            json!({}),
            json!({"tables": []}),
            json!({"tables": [{"name": "PrimaryResult"}]}),
            json!({"tables": table(&json!("x"))}),
            json!({"tables": table(&json!([["only one"]]))}),
            json!(null),
        ] {
            assert!(QueryResult::read(document.clone()).is_err(), "{document}");
        }
    }

    #[test]
    fn column_is_found_by_its_name() {
        let result = QueryResult::read(json!({"tables": table(&json!([]))})).expect("a result");

        assert_eq!((result.index("A"), result.index("B"), result.index("C")), (Some(0), Some(1), None));
    }
}
