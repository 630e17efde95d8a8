//! Queries over a small table, and what is refused.

use proptest::prelude::*;
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

/// The rows of a query over `alerts`, as JSON.
fn rows(operators: &str) -> Json {
    let query = parse(&format!("T {operators}")).unwrap_or_else(|error| panic!("{operators}: {error:?}"));
    let table = run(&query, alerts(), datetime!(2026-11-30 12:00 UTC));
    let table = table.unwrap_or_else(|error| panic!("{operators}: {error:?}"));
    table.rows.iter().map(|row| row.iter().map(Value::to_json).collect::<Json>()).collect()
}

fn error(text: &str) -> KqlError {
    match parse(text).and_then(|query| run(&query, alerts(), datetime!(2026-11-30 12:00 UTC))) {
        Err(error) => error,
        Ok(table) => panic!("{text}: {table:?}"),
    }
}

#[test]
fn filters_rows() {
    for (condition, expected) in [
        ("AlertSeverity == \"High\"", 1),
        ("AlertSeverity == \"high\"", 0),
        ("AlertSeverity =~ \"HIGH\"", 1),
        ("AlertSeverity != 'High'", 2),
        ("AlertSeverity in (\"High\", \"Low\")", 2),
        ("AlertSeverity !in (dynamic([\"High\"]))", 2),
        ("AlertSeverity in~ (\"LOW\")", 1),
        ("ResourceId has \"2c6b\" and not(isempty(ResourceId))", 1),
        ("ResourceId has \"2c6\"", 0),
        ("ResourceId contains \"2C6\"", 1),
        ("ResourceId startswith '/SUBSCRIPTIONS' or SystemAlertId !has \"A\"", 1),
        ("TimeGenerated > ago(1d)", 2),
        ("TimeGenerated between (datetime(2026-11-29) .. datetime(2026-11-29T08:00:00Z))", 1),
        ("TimeGenerated < now() - 1d and Score > 0", 1),
        ("Score > 0.75 or isnull(Score)", 2),
        ("Bag.Plan == \"P2\" and Bag.Tags[1] == 'two' and Bag['Plan'] has_any ('p2')", 1),
        ("AlertSeverity matches regex \"^H.*h$\"", 1),
        ("true // everything\n", 3),
    ] {
        assert_eq!(rows(&format!("| where {condition} | count")), json!([[expected]]), "{condition}");
    }
}

#[test]
fn summarizes_groups() {
    assert_eq!(
        rows(
            "| summarize Alerts = count(), High = countif(AlertSeverity == 'High'), max(TimeGenerated) by Day = bin(TimeGenerated, 1d) | order by Day asc"
        ),
        json!([
            ["2026-11-29T00:00:00Z", 1, 0, "2026-11-29T08:00:00Z"],
            ["2026-11-30T00:00:00Z", 2, 1, "2026-11-30T10:30:00Z"],
        ])
    );
    assert_eq!(rows("| summarize dcount(SystemAlertId), sum(Score), avg(Score)"), json!([[2, 2.0, 1.0]]));
    assert_eq!(rows("| where false | summarize count()"), json!([[0]]));
    assert_eq!(rows("| where false | summarize count() by AlertSeverity"), json!([]));
}

#[test]
fn the_latest_record_of_each_alert_counts() {
    assert_eq!(
        rows("| summarize arg_max(TimeGenerated, AlertSeverity) by SystemAlertId | sort by SystemAlertId asc"),
        json!([["A", "2026-11-30T10:30:00Z", "Medium"], ["B", "2026-11-29T08:00:00Z", "Low"]])
    );
    assert_eq!(
        rows("| summarize arg_max(TimeGenerated, *) by SystemAlertId | project SystemAlertId, AlertSeverity | take 1"),
        json!([["B", "Low"]])
    );
}

#[test]
fn computes_columns() {
    let subscription = "extract(\"/subscriptions/([0-9a-fA-F-]{36})\", 1, ResourceId)";
    assert_eq!(
        rows(&format!(
            "| extend Subscription = tolower({subscription}) | top 1 by TimeGenerated asc | project Subscription"
        )),
        json!([["8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842"]])
    );
    assert_eq!(rows("| distinct SystemAlertId | count"), json!([[2]]));
    assert_eq!(
        rows("| limit 1 | project Age = now() - TimeGenerated, iff(Score > 1, 'x', 'y')"),
        json!([["1.04:00:00", "y"]])
    );
    assert_eq!(
        run(
            &parse("print 1 + 2, X = strcat('a', 1d)").expect("a query"),
            Table::default(),
            datetime!(2026-11-30 12:00 UTC)
        )
        .map(|table| table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>()),
        Ok(vec!["print_0".to_owned(), "X".to_owned()])
    );
}

#[test]
fn what_leaves_the_calendar_is_null() {
    for expression in ["1d / 0", "1d * 99999999999999999.5", "ago(9999999d)", "now(9999999d)", "now() + 9999999d"] {
        let value = rows(&format!("| take 1 | extend x = {expression} | project x"));
        assert_eq!(value, json!([[null]]), "{expression}");
    }
}

#[test]
fn a_long_chain_of_operators_is_refused() {
    for (start, link) in [("1", " + 1"), ("1", " * 1"), ("true", " and true"), ("true", " or true")] {
        let chain = |links: usize| {
            let query = parse(&format!("print x = {start}{}", link.repeat(links)))?;
            run(&query, Table::default(), datetime!(2026-11-30 12:00 UTC))
        };

        assert!(chain(200).is_ok(), "{link}");
        assert!(matches!(chain(201), Err(KqlError::NotSimulated { .. })), "{link}");
        assert!(matches!(chain(2_000), Err(KqlError::NotSimulated { .. })), "{link}");
    }
}

#[test]
fn a_syntax_error_has_the_position_of_the_token() {
    for (text, line, pos, token) in [
        ("completely invalid syntax", 1, 11, "invalid"),
        ("| count", 1, 0, "|"),
        ("T\n| where AlertSeverity == ", 2, 25, "<EOF>"),
        ("T\n| wher x == 1", 2, 2, "wher"),
        ("T | where a = 1", 1, 12, "="),
        ("T | take x", 1, 9, "x"),
        ("T | where x == \"open", 1, 15, "\""),
        ("T | where x > datetime(soon)", 1, 14, "datetime(soon)"),
        ("T | where (x == 1", 1, 17, "<EOF>"),
    ] {
        let expected = KqlError::Syntax { position: error::Position { line, pos }, token: token.to_owned() };
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_evaluated_is_refused_with_its_position() {
    for (text, pos, token) in [
        ("T | join U on x", 4, "join"),
        ("union T, U", 0, "union"),
        ("let x = 1; T", 0, "let"),
        ("T | project-away x", 4, "project"),
        ("T | where geo_distance(1) > 2", 10, "geo_distance"),
        ("T | summarize percentile(Score, 5)", 14, "percentile"),
    ] {
        let KqlError::NotSimulated { position, token: found, .. } = error(text) else { panic!("{text}") };
        assert_eq!((position.line, position.pos, found.as_str()), (1, pos, token), "{text}");
    }
}

#[test]
fn names_and_types_are_checked_also_without_rows() {
    for (text, expected) in [
        (
            "T | take 0 | where Missing == 1",
            "'where' operator: Failed to resolve column or scalar expression named 'Missing'",
        ),
        ("T | where AlertSeverity == 1", "Cannot compare values of types string and long. Try adding explicit casts"),
        ("T | where Score", "'where' operator: The expression has type real but must be of type bool"),
        ("T | extend x = TimeGenerated + 1", "Arithmetic expression cannot be carried-out between datetime and long"),
        ("T | where TimeGenerated > ago(7)", "ago(): argument #1 expected to be a timespan expression"),
        (
            "T | extend x = AlertSeverity.Name",
            "'extend' operator: Path expression source must be of type dynamic, found string",
        ),
    ] {
        let KqlError::Semantic { message, .. } = error(text) else { panic!("{text}") };
        assert_eq!(message, expected);
    }
}

proptest! {
    #[test]
    fn any_text_is_a_query_or_an_error(text in "\\PC{0,60}") {
        let _parsed = parse(&text);
    }

    #[test]
    fn any_sequence_of_tokens_runs_or_is_an_error(words in proptest::collection::vec(prop_oneof![
        "where|extend|summarize|by|count\\(\\)|take|top|order|project|distinct|and|or|in|has|between",
        "AlertSeverity|TimeGenerated|Score|Bag|x|0|1|1d|9999999d|now\\(\\)|/|%|9223372036854775807|1\\.5|\"a\"|\\(|\\)|\\||==|<|\\+|-|,|\\.|\\.\\.|=|\\*|bin\\(|max\\(|ago\\(",
    ], 0..14)) {
        let text = format!("T | {}", words.join(" "));
        let _result = parse(&text).and_then(|query| run(&query, alerts(), datetime!(2026-11-30 12:00 UTC)));
    }
}
