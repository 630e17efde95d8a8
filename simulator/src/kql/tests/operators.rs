//! The results of operators.

use serde_json::json;

use super::*;

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
fn arg_max_returns_the_latest_record_of_each_alert() {
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
    let columns = table("print 1 + 2, X = strcat('a', 1d)").columns;
    assert_eq!(columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["print_0", "X"]);
}

#[test]
fn combines_tables() {
    assert_eq!(rows_of("union T, (T | take 1) | count"), json!([[4]]));
    assert_eq!(rows_of("U | take 1 | union (print Owner = 'x', More = 1)"), json!([["A", "ann", null], ["", "x", 1]]));
    assert_eq!(rows_of("(U | take 1) | project Owner"), json!([["ann"]]));
    for (kind, expected) in [
        ("", json!([["A", "High", "A", "ann"], ["A", "High", "A", "bob"]])),
        (
            "kind=inner",
            json!([
                ["A", "High", "A", "ann"],
                ["A", "High", "A", "bob"],
                ["A", "Medium", "A", "ann"],
                ["A", "Medium", "A", "bob"]
            ]),
        ),
        ("kind=leftsemi", json!([["A", "High"], ["A", "Medium"]])),
        ("kind=leftanti", json!([["B", "Low"]])),
    ] {
        let left = "| project SystemAlertId, AlertSeverity | sort by AlertSeverity asc";
        assert_eq!(rows(&format!("{left} | join {kind} U on SystemAlertId")), expected, "{kind}");
        let on = "$right.SystemAlertId == $left.SystemAlertId";
        assert_eq!(rows(&format!("{left} | join {kind} (U | take 9) on {on}")), expected, "{kind}");
    }
    let outer =
        table("T | project SystemAlertId | join kind=leftouter U on SystemAlertId | where SystemAlertId == 'B'");
    assert_eq!(
        outer.columns.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["SystemAlertId", "SystemAlertId1", "Owner"]
    );
    assert_eq!(outer.rows, [["B", "", ""].map(Value::from).to_vec()]);
}

#[test]
fn expands_values_and_selects_columns() {
    assert_eq!(
        rows("| mv-expand Tag = Bag.Tags | project SystemAlertId, tostring(Tag) | sort by SystemAlertId asc, Tag asc"),
        json!([["A", ""], ["A", "one"], ["A", "two"], ["B", ""]])
    );
    assert_eq!(
        rows_of("print a = parse_json('{\"x\":1,\"y\":2}') | mv-expand a"),
        json!([["{\"x\":1}"], ["{\"y\":2}"]])
    );
    assert_eq!(rows_of("U | take 1 | project-away Owner"), json!([["A"]]));
    assert_eq!(
        rows_of("U | take 1 | project-keep Owner | project-rename Who = Owner | where Who == 'ann'"),
        json!([["ann"]])
    );
    assert_eq!(
        rows_of("U | summarize make_list(Owner) by SystemAlertId | take 1"),
        json!([["A", "[\"ann\",\"bob\"]"]])
    );
}

#[test]
fn mv_expand_returns_a_row_for_null_and_none_for_empty() {
    for (value, expected) in [("dynamic(null)", 1), ("dynamic([])", 0), ("dynamic({})", 0), ("dynamic([null, 1])", 2)] {
        assert_eq!(rows_of(&format!("print a = {value} | mv-expand a | count")), json!([[expected]]), "{value}");
    }
}

#[test]
fn sorts_nulls_to_one_end() {
    let scores = "union (print x = 1.0), (print x = real(null)), (print x = real(nan)), (print x = 2.0)";
    for (order, expected) in [
        ("asc", json!([[null], ["NaN"], [1.0], [2.0]])),
        ("desc", json!([[2.0], [1.0], ["NaN"], [null]])),
        ("asc nulls last", json!([[1.0], [2.0], ["NaN"], [null]])),
        ("nulls first", json!([[null], ["NaN"], [2.0], [1.0]])),
    ] {
        assert_eq!(rows_of(&format!("{scores} | sort by x {order}")), expected, "{order}");
        assert_eq!(rows_of(&format!("{scores} | top 4 by x {order}")), expected, "{order}");
    }
}

#[test]
fn joins_accept_and_between_conditions() {
    let on = "$left.SystemAlertId == $right.SystemAlertId and $left.Owner == $right.Owner";
    assert_eq!(rows_of(&format!("U | join kind=inner U on {on} | count")), json!([[3]]));
}

#[test]
fn aggregates_have_the_type_of_their_function() {
    for (aggregate, kind, cell) in [
        ("sum(toint(Score))", "long", json!(1)),
        ("sum(now() - TimeGenerated)", "timespan", json!("1.08:30:00")),
        ("avg(toint(Score))", "real", json!(0.5)),
        ("min(AlertSeverity)", "string", json!("High")),
        ("countif(Score > 1)", "long", json!(1)),
    ] {
        let found = table(&format!("T | summarize x = {aggregate}"));
        assert_eq!((found.columns[0].kind.name(), found.rows[0][0].to_json()), (kind, cell), "{aggregate}");
    }
}

#[test]
fn aggregates_of_no_rows_have_a_default() {
    for (aggregate, cell) in [
        ("count()", json!(0)),
        ("sum(Score)", json!(0.0)),
        ("sum(now() - TimeGenerated)", json!("00:00:00")),
        ("avg(Score)", json!(null)),
        ("max(AlertSeverity)", json!("")),
        ("max(Score)", json!(null)),
        ("take_any(AlertSeverity)", json!("")),
        ("make_set(Score)", json!("[]")),
    ] {
        assert_eq!(rows(&format!("| where false | summarize {aggregate}")), json!([[cell]]), "{aggregate}");
    }
}
