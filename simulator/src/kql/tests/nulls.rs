//! Null in comparisons, in functions and in aggregates.

use super::*;

#[test]
fn compares_null_with_values_and_with_null() {
    for (expression, expected) in [
        ("int(null) == 1", json!(false)),
        ("int(null) != 1", json!(true)),
        ("int(null) == int(null)", json!(null)),
        ("int(null) != int(null)", json!(null)),
        ("int(null) < 1", json!(null)),
        ("1 >= int(null)", json!(null)),
        ("not(int(null) < 1)", json!(null)),
        ("int(null) between (1 .. 2)", json!(null)),
        ("int(null) in (1, 2)", json!(false)),
        ("int(null) !in (1, 2)", json!(true)),
        ("int(null) < 1 or true", json!(true)),
        ("iff(int(null) < 1, 'yes', 'no')", json!("no")),
        ("isnull(int(null) < 1)", json!(true)),
        ("tostring(int(null))", json!("")),
        ("coalesce(tolong('x'), tolong('42'), 33)", json!(42)),
    ] {
        assert_eq!(rows_of(&format!("print x = {expression}")), json!([[expected]]), "{expression}");
    }
    assert_eq!(rows("| where not(Score < 1) | count"), json!([[1]]));
}

#[test]
fn arg_max_ignores_null_unless_all_arguments_are_null() {
    let fruits = "union (print Fruit = 'Apple', Color = 'Green', Version = int(null)), \
                  (print Fruit = 'Apple', Color = 'Red', Version = int(1)), \
                  (print Fruit = 'Banana', Color = 'Yellow', Version = int(null)), \
                  (print Fruit = 'Pear', Color = 'Brown', Version = int(1)), \
                  (print Fruit = 'Pear', Color = 'Green', Version = int(2)), \
                  (print Fruit = 'Pear', Color = 'None', Version = int(null))";
    for (function, pear) in [("arg_min", json!(["Pear", 1, "Brown"])), ("arg_max", json!(["Pear", 2, "Green"]))] {
        let found = rows_of(&format!("{fruits} | summarize {function}(Version, *) by Fruit | sort by Fruit asc"));
        assert_eq!(found, json!([["Apple", 1, "Red"], ["Banana", null, "Yellow"], pear]), "{function}");
    }
}

#[test]
fn take_any_prefers_a_value_that_is_not_empty() {
    assert_eq!(
        rows("| sort by TimeGenerated desc | summarize take_any(ResourceId) | where isempty(ResourceId)"),
        json!([])
    );
}
