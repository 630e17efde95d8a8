//! Queries as users of Microsoft Sentinel write them.

use super::*;

#[test]
fn evaluates_queries_of_alerts() {
    for (query, expected) in [
        (
            "T | where TimeGenerated > ago(7d) | summarize Count = count() by AlertSeverity | order by Count desc, AlertSeverity asc | take 1",
            json!([["High", 1]]),
        ),
        (
            "T | summarize count() by bin(TimeGenerated, 1h) | order by TimeGenerated asc | take 1",
            json!([["2026-11-29T08:00:00Z", 1]]),
        ),
        (
            "T | summarize count() by bin(TimeGenerated, 7d)",
            json!([["2026-11-23T00:00:00Z", 1], ["2026-11-30T00:00:00Z", 2]]),
        ),
        (
            "T | summarize count() by startofday(TimeGenerated)",
            json!([["2026-11-29T00:00:00Z", 1], ["2026-11-30T00:00:00Z", 2]]),
        ),
        ("T | where TimeGenerated >= startofday(now(), -1) | count", json!([[3]])),
        ("T | where TimeGenerated between (startofday(ago(1d)) .. 1d) | count", json!([[1]])),
        ("T | where TimeGenerated !between (datetime(2026-11-30) .. now()) | count", json!([[1]])),
        ("T | where AlertSeverity in~ ('high', 'MEDIUM') | count", json!([[2]])),
        (
            "let severities = dynamic([\"High\", \"Low\"]); T | where AlertSeverity in (severities) | count",
            json!([[2]]),
        ),
        ("T | where ResourceId has_any ('subscriptions', 'x') | count", json!([[1]])),
        (
            "T | summarize Severities = make_set(AlertSeverity) by SystemAlertId | where array_length(Severities) > 1 | count",
            json!([[1]]),
        ),
        ("T | summarize dcount(SystemAlertId), dcountAll = dcount(AlertSeverity, 2)", json!([[2, 3]])),
        (
            "T | extend Plan = tostring(parse_json(tostring(Bag)).Plan) | where isnotempty(Plan) | project Plan",
            json!([["P2"]]),
        ),
        ("T | extend Plan = tostring(Bag['Plan']) | summarize countif(Plan == 'P2')", json!([[1]])),
        ("T | mv-expand Tag = Bag.Tags | where isnotnull(Tag) | summarize Tags = dcount(tostring(Tag))", json!([[2]])),
        ("T | project Last = Bag.Tags[-1] | where isnotempty(Last)", json!([["two"]])),
        (
            "T | extend Rank = case(AlertSeverity == 'High', 3, AlertSeverity == 'Medium', 2, 1) | summarize max(Rank), sum(Rank)",
            json!([[3, 6]]),
        ),
        (
            "T | extend Plan = iff(isnull(Bag), 'none', Bag.Plan) | summarize count() by Plan | sort by Plan asc",
            json!([["P2", 1], ["none", 2]]),
        ),
        ("T | extend Rounded = iff(Score > 1, toint(Score), 0.5) | project Rounded | take 1", json!([[0.5]])),
        (
            "T | summarize arg_max(TimeGenerated, *) by SystemAlertId | summarize count() by AlertSeverity | sort by AlertSeverity asc",
            json!([["Low", 1], ["Medium", 1]]),
        ),
        (
            "T | extend Subscription = split(ResourceId, '/', 2)[0], Parts = split(ResourceId, '/') | project Subscription, array_length(Parts) | take 1",
            json!([["8E4A7D19-2c6b-4f03-9a5d-71b0c3e6f842", 4]]),
        ),
        ("T | where tostring(TimeGenerated) == '2026-11-30T09:00:00.0000000Z' | count", json!([[1]])),
        ("T | where ResourceId !contains 'x' and AlertSeverity !in~ ('low') | count", json!([[2]])),
        (
            "union (T | project SystemAlertId), (U | project SystemAlertId) | distinct SystemAlertId | count",
            json!([[3]]),
        ),
        (
            "T | join kind=leftouter (U | summarize Owners = make_list(Owner) by SystemAlertId) on SystemAlertId | where isnull(Owners) | count",
            json!([[1]]),
        ),
        ("T | where TimeGenerated > datetime(2026-11-30 09:30) | project AlertSeverity", json!([["Medium"]])),
        (
            "T | project Hours = (now() - TimeGenerated) / 1h, Days = totimespan('2.00:00:00') / 1d | take 1",
            json!([[28.0, 2.0]]),
        ),
        ("let start = ago(1d); let end = now(); T | where TimeGenerated between (start .. end) | count", json!([[2]])),
        ("print 'a' \"b\" 'c', not(1)", json!([["abc", false]])),
        (
            "print true == 1, 7 / 2, -7 % 3, tolower(5), toint(2147483648), toint('12abc'), toint(3.7), tobool('x')",
            json!([[true, 3, 2, "5", null, null, 3, null]]),
        ),
        (
            "print bin(4.5, 1), bin(7, 2.5), timespan(2), strcat(true, 1), isempty(parse_json(''))",
            json!([[4.0, 5.0, "2.00:00:00", "True1", true]]),
        ),
    ] {
        assert_eq!(rows_of(query), expected, "{query}");
    }
}
