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

/// `T` has three alerts, and `U` says who owns an alert.
struct Known;

impl Tables for Known {
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
    run(&parse(text)?, &Known, datetime!(2026-11-30 12:00 UTC))
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
        ("ResourceId hasprefix 'Subscr' and ResourceId hassuffix '842/x' and ResourceId !hasprefix_cs 'Subscr'", 1),
        ("AlertSeverity startswith_cs 'h' or AlertSeverity endswith_cs 'GH' or AlertSeverity !has_cs 'HIGH'", 3),
        ("ResourceId has_all ('2c6b', '8E4A7D19') and not(ResourceId has_all (dynamic([\"2c6b\", \"z\"])))", 1),
        ("AlertSeverity <> 'Low' and SystemAlertId == 'A' and h'High' == AlertSeverity", 1),
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
    let columns = table("print 1 + 2, X = strcat('a', 1d)").columns;
    assert_eq!(columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["print_0", "X"]);
}

#[test]
fn literals_have_their_type_and_null_is_one_of_each() {
    for (literal, kind, cell) in [
        ("int(null)", "int", json!(null)),
        ("int(7)", "int", json!(7)),
        ("long(null)", "long", json!(null)),
        ("long(-9223372036854775808)", "long", json!(i64::MIN)),
        ("0xFF", "long", json!(255)),
        ("real(null)", "real", json!(null)),
        ("real(nan)", "real", json!("NaN")),
        ("real(+inf)", "real", json!("Infinity")),
        ("real(-inf)", "real", json!("-Infinity")),
        ("double(1.5)", "real", json!(1.5)),
        ("1e-2", "real", json!(0.01)),
        ("1.0 / 0", "real", json!("Infinity")),
        ("bool(null)", "bool", json!(null)),
        ("bool(true)", "bool", json!(true)),
        ("datetime(null)", "datetime", json!(null)),
        ("datetime(2026-01-15 09:30:00.1234567)", "datetime", json!("2026-01-15T09:30:00.1234567Z")),
        ("timespan(null)", "timespan", json!(null)),
        ("time(1.02:03:04)", "timespan", json!("1.02:03:04")),
        ("10ms", "timespan", json!("00:00:00.0100000")),
        ("dynamic(null)", "dynamic", json!(null)),
        ("dynamic({\"a\": [1, \")\"]})", "dynamic", json!("{\"a\":[1,\")\"]}")),
        ("guid(null)", "guid", json!(null)),
        ("guid(4C8D2F7A-1e63-4b95-a0d8-6f3e9c5b7d12)", "guid", json!("4c8d2f7a-1e63-4b95-a0d8-6f3e9c5b7d12")),
        ("isnan(real(nan))", "bool", json!(true)),
        ("isnull(int(null)) and isfinite(1)", "bool", json!(true)),
    ] {
        let found = table(&format!("print x = {literal}"));
        assert_eq!((found.columns[0].kind.name(), found.rows[0][0].to_json()), (kind, cell), "{literal}");
    }
}

#[test]
fn names_stand_for_scalars_and_for_tables() {
    assert_eq!(
        rows_of("let span = 1d; let day = span; let n = 2 - 1; T | where TimeGenerated > ago(day) | take n | count"),
        json!([[1]])
    );
    assert_eq!(rows_of("let A = T | where SystemAlertId == 'A'; let B = A; B | count"), json!([[2]]));
    assert_eq!(rows_of("let A = (T | where SystemAlertId == 'A'); let x = (1 + 1) * 2; A | count"), json!([[2]]));
    // A column hides a scalar of the same name.
    assert_eq!(rows_of("let SystemAlertId = 'B'; T | where SystemAlertId == 'A' | count"), json!([[2]]));
}

#[test]
fn tables_are_combined() {
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
fn values_are_expanded_and_columns_selected() {
    assert_eq!(
        rows(
            "| mv-expand Tag = Bag.Tags | project SystemAlertId, tostring(Tag) | sort by SystemAlertId asc, Column2 asc"
        ),
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
fn what_leaves_the_calendar_is_null() {
    for expression in ["1d / 0", "1d * 99999999999999999.5", "ago(9999999d)", "now(9999999d)", "now() + 9999999d"] {
        let value = rows(&format!("| take 1 | extend x = {expression} | project x"));
        assert_eq!(value, json!([[null]]), "{expression}");
    }
}

#[test]
fn a_long_chain_of_operators_is_refused() {
    for (start, link) in
        [("1", " + 1"), ("1", " * 1"), ("true", " and true"), ("true", " or true"), ("dynamic({})", ".a")]
    {
        let chain = |links: usize| evaluate(&format!("print x = {start}{}", link.repeat(links)));

        assert!(chain(200).is_ok(), "{link}");
        assert!(matches!(chain(201), Err(KqlError::NotSimulated { .. })), "{link}");
        assert!(matches!(chain(2_000), Err(KqlError::NotSimulated { .. })), "{link}");
    }
}

/// Quadratic work would take minutes here, and recursion without a limit would abort the process.
#[test]
fn long_and_deep_queries_end_soon() {
    const SIZE: usize = 200_000;
    let start = std::time::Instant::now();
    for (head, part, tail) in [
        ("T | where AlertSeverity in ('x'", ",'abcdef'", ")"),
        ("T ", "| where AlertSeverity != 'x'\n", ""),
        ("T | where ", "(", "true"),
        ("T | where not(", "not(", "true"),
        ("", "(", "T"),
        ("T | join (", "T | join (", "T"),
        ("T | extend a = ", "a[", "0"),
        ("T | extend a = a", ".a", ""),
        ("T | extend a = a", "['a']", ""),
        ("T | extend a = ", "-", "1"),
        ("T | extend a0 = 1", ", a = 1", ""),
        ("print x = dynamic(", "[", ")"),
        ("print x = '", "a", "'"),
        ("", "let a = 1;\n", "T"),
        ("let a = T; T", ", T", ""),
        ("union T", ", T", ""),
        ("", "// nothing\n", "T"),
        ("T", " ", ""),
    ] {
        let _result = evaluate(&format!("{head}{}{tail}", part.repeat(SIZE / part.len())));
        // Each level of brackets with as long a chain as fits.
        let _result =
            evaluate(&format!("T | extend a = {}a{}", "(".repeat(60), format!("{})", part.repeat(60)).repeat(60)));
    }
    let nested = format!("{}T{}", "T | union (".repeat(62), ")".repeat(62));
    assert_eq!(table(&nested).rows.len(), 189);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    assert!(matches!(parse(&" ".repeat(LONGEST + 1)), Err(KqlError::NotSimulated { .. })));
}

#[test]
fn results_are_limited() {
    let doubled = "let T1 = union T, T, T, T; ".to_owned()
        + &(2..12).map(|n| format!("let T{n} = union T{p}, T{p}, T{p}, T{p}; ", p = n - 1)).collect::<String>();
    assert!(matches!(error(&format!("{doubled}T11 | count")), KqlError::NotSimulated { .. }));
    let join = "let B = union T, T, T, T; let C = union B, B, B, B, B; let D = union C, C, C, C, C, C, C, C; ";
    assert!(matches!(error(&format!("{join}D | join kind=inner D on SystemAlertId")), KqlError::NotSimulated { .. }));
}

#[test]
fn a_syntax_error_has_the_position_of_the_token() {
    for (text, line, pos, token) in [
        ("completely invalid syntax", 1, 11, "invalid"),
        ("| count", 1, 0, "|"),
        ("T\n| where AlertSeverity == ", 2, 25, "<EOF>"),
        ("T\n| wher x == 1", 2, 2, "wher"),
        ("T | where a = 1", 1, 12, "="),
        ("T | take", 1, 8, "<EOF>"),
        ("T | where\tx == int(x)", 1, 15, "int(x)"),
        ("T | where x == ['é'", 1, 19, "<EOF>"),
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
        ("T | join kind=fullouter U on x", 14, "fullouter"),
        ("T | join hint.strategy=broadcast U on x", 9, "hint"),
        ("T | lookup U on x", 4, "lookup"),
        ("union kind=outer T, U", 6, "kind"),
        ("union withsource=Name T", 6, "withsource"),
        ("union T, (print Score = 1)", 0, "union"),
        ("union T*", 7, "*"),
        ("search 'x'", 0, "search"),
        ("T | project-reorder x", 4, "project"),
        ("T | project-away x*", 18, "*"),
        ("T | make-series count() on TimeGenerated step 1d", 4, "make"),
        ("T | mv-apply x on (count)", 4, "mv"),
        ("T | mv-expand a = Bag, b = Bag", 21, ","),
        ("T | mv-expand a = Bag to typeof(string)", 22, "to"),
        ("T | top-nested 3 of x by count()", 4, "top"),
        ("T | parse x with y", 4, "parse"),
        ("T | render timechart", 4, "render"),
        ("T | evaluate bag_unpack(Bag)", 4, "evaluate"),
        ("T | fork (count) (take 1)", 4, "fork"),
        ("set notruncation; T", 0, "set"),
        ("T | count; T | take 1", 11, "T"),
        ("let f = (x:int) { x }; T", 8, "("),
        ("let f = () { T }; f()", 8, "("),
        ("let x = toscalar(T | count); T", 19, "|"),
        ("let x = materialize(T | take 1); x", 8, "materialize"),
        ("T | where x in (T | project x)", 18, "|"),
        ("let A = U; T | where SystemAlertId in (A)", 38, "A"),
        ("f(1) | count", 1, "("),
        ("workspace('x').T | count", 9, "("),
        ("db.T | count", 2, "."),
        ("T | where * has 'x'", 10, "*"),
        ("T | sort by Score nulls last", 18, "nulls"),
        ("print x = decimal(1.5)", 10, "decimal"),
        ("print x = dynamic([datetime(2026-01-15)])", 10, "dynamic([datetime(2026-01-15)])"),
        ("print x = 'a\\u0041'", 10, ""),
        ("T | summarize x = count() * 2", 14, ""),
        ("T | summarize round(avg(Score))", 14, "round"),
        ("T | project x = 1, x = 2", 19, "x"),
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
        ("T | take x", "'take' operator: Failed to resolve column or scalar expression named 'x'"),
        ("T | take 'x'", "'take' operator: the number of rows must be an integer"),
        ("let x = 1; x | count", "'count' operator: Failed to resolve table or column expression named 'x'"),
        ("T | join Missing on x", "Failed to resolve table or column expression named 'Missing'"),
        ("T | join U on Owner", "'join' operator: Failed to resolve column or scalar expression named 'Owner'"),
        (
            "T | join U on $left.Score == $right.Owner",
            "'join' operator: cannot join on columns of types real and string",
        ),
        (
            "T | project-away Missing",
            "'project-away' operator: Failed to resolve column or scalar expression named 'Missing'",
        ),
        ("T | mv-expand Score", "'mv-expand' operator: expected a value of type dynamic, found real"),
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
        "where|extend|summarize|by|mv-expand|join|union|on|let|;|T|U|kind=inner|\\$left|project-away|project-rename|count\\(\\)|take|top|order|project|distinct|and|or|in|has|between",
        "AlertSeverity|TimeGenerated|Score|Bag|x|0|1|1d|9999999d|now\\(\\)|/|%|9223372036854775807|1\\.5|\"a\"|\\(|\\)|\\||==|<|\\+|-|,|\\.|\\.\\.|=|\\*|bin\\(|max\\(|ago\\(",
    ], 0..14)) {
        let text = format!("T | {}", words.join(" "));
        let _result = evaluate(&text);
    }
}
