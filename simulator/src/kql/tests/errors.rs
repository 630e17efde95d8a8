//! Rejected queries.

use serde_json::json;

use super::*;

#[test]
fn syntax_error_has_the_position_of_the_token() {
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
fn rejects_unsupported_queries_with_a_position() {
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
        ("T | mv-expand kind=array Bag", 14, "kind"),
        ("T | mv-expand with_itemindex=i Bag", 14, "with_itemindex"),
        ("T | mvexpand Bag", 4, "mvexpand"),
        ("T | take -1", 9, "-1"),
        ("T | top 0 - 1 by Score", 8, "-1"),
        ("T | extend x = extract('a', 0, ResourceId, typeof(long))", 43, "typeof"),
        ("T | where ResourceId matches regex AlertSeverity", 21, ""),
        ("T | extend x = extract(AlertSeverity, 0, ResourceId)", 15, ""),
        ("T | extend x = tolong(TimeGenerated)", 15, "tolong"),
        ("T | extend x = totimespan(5)", 15, "totimespan"),
        ("T | summarize count(Score)", 14, "count"),
        ("T | summarize take_any(Score, Bag)", 14, "take_any"),
        ("T | summarize make_set(Score, 5)", 14, "make_set"),
        ("T | summarize sum(Bag.Score)", 14, "sum"),
        ("T | summarize avg(TimeGenerated)", 14, "avg"),
        ("print x = datetime('12-02-2022')", 10, "datetime('12-02-2022')"),
        ("T | extend (a, b) = Bag", 11, "("),
        ("T | count as N", 10, "as"),
        ("print ```x```", 6, ""),
        ("T | summarize arg_max(TimeGenerated, x = Score)", 39, "="),
        ("T | where TimeGenerated == '2026-11-30'", 24, ""),
        ("T | extend x = Bag.Score + 1", 25, ""),
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
        ("print x = decimal(1.5)", 10, "decimal"),
        ("print x = dynamic([datetime(2026-01-15)])", 10, "dynamic([datetime(2026-01-15)])"),
        ("print x = 'a\\u0041'", 10, ""),
        ("T | summarize x = count() * 2", 14, ""),
        ("T | summarize round(avg(Score))", 14, "round"),
        ("T | where geo_distance(1) > 2", 10, "geo_distance"),
        ("T | summarize percentile(Score, 5)", 14, "percentile"),
    ] {
        let KqlError::NotSimulated { position, token: found, .. } = error(text) else { panic!("{text}") };
        assert_eq!((position.line, position.pos, found.as_str()), (1, pos, token), "{text}");
    }
}

#[test]
fn checks_names_and_types_without_rows() {
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
        (
            "T | where AlertSeverity < 'M'",
            "Cannot compare values of types string and string. Try adding explicit casts",
        ),
        (
            "T | where Bag.Plan > ago(1d)",
            "Cannot compare values of types dynamic and datetime. Try adding explicit casts",
        ),
        ("T | where Bag.Plan == Bag.Tags", "Cannot compare dynamic values without explicit cast"),
        ("T | sort by Bag.Plan", "order operator: key can't be of dynamic type"),
        ("T | top 1 by Bag", "top operator: key can't be of dynamic type"),
        (
            "T | summarize count() by Bag.Plan",
            "Summarize group key 'Bag_Plan' is of a 'dynamic' type. Please use an explicit cast (for example, 'summarize ... by \
             tostring(Bag_Plan)') as grouping by a 'dynamic' type is not supported.",
        ),
        ("T | distinct Bag", "'distinct' operator: column 'Bag' is of a 'dynamic' type. Use an explicit cast"),
        ("T | join T on Bag", "join key 'Bag' is of a 'dynamic' type. Please use an explicit cast"),
        ("T | summarize sum(AlertSeverity)", "sum(): argument #1 is of type string, which has no sum"),
        ("T | extend x = iff(Score > 1, 'x', 1)", "iff(): the results have different types: string, long"),
        ("T | extend x = case(Score > 1, 'x', true, 'y')", "case(): function expects an odd number of arguments."),
        ("T | extend x = coalesce(Score, AlertSeverity)", "coalesce(): the results have different types: real, string"),
        ("T | extend x = array_length(Score)", "array_length(): argument #1 expected to be a dynamic expression"),
        ("T | extend x = extract('a', 0, Bag)", "extract(): argument #3 expected to be a string expression"),
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

#[test]
fn rejects_an_invalid_regular_expression_without_rows() {
    let groups = "(a)".repeat(17);
    for pattern in ["(", "[a", "(?=a)", "a{2,1}", groups.as_str()] {
        let message = format!("Regex pattern is ill-formed: '{pattern}'");
        let expected = KqlError::Semantic { code: "SEM0420", message };
        for query in ["where ResourceId matches regex", "extend x = extract("] {
            let rest = if query.ends_with('(') { ", 0, ResourceId)" } else { "" };
            assert_eq!(error(&format!("T | take 0 | {query} '{pattern}'{rest}")), expected, "{query} {pattern}");
        }
    }
    assert_eq!(rows_of("let p = strcat('^', 'a'); U | where Owner matches regex p | count"), json!([[1]]));
    let most = "(a)".repeat(16);
    assert!(evaluate(&format!("T | where ResourceId matches regex '{most}'")).is_ok());
}
