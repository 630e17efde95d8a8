//! Derived column names, and duplicate names.

use super::*;

fn names(operators: &str) -> Vec<String> {
    table(&format!("T {operators}")).columns.into_iter().map(|column| column.name).collect()
}

#[test]
fn derives_column_names_from_expressions() {
    for (operators, expected) in [
        ("| project tostring(Bag.Plan), Bag.Tags[0], Bag['x']", vec!["Bag_Plan", "Bag_Tags_0", "Bag_x"]),
        ("| project tolower(AlertSeverity), 1 + 1, toint(Score)", vec!["Column1", "Column2", "Score"]),
        ("| project bin(TimeGenerated, 1d), strlen(AlertSeverity)", vec!["TimeGenerated", "strlen_AlertSeverity"]),
        (
            "| summarize count(), countif(Score > 1), dcount(tostring(Bag.Plan))",
            vec!["count_", "countif_", "dcount_Bag_Plan"],
        ),
        ("| summarize make_set(AlertSeverity), take_any(Score)", vec!["set_AlertSeverity", "Score"]),
        ("| summarize any(Score), sum(Score * 2)", vec!["any_Score", "sum_"]),
        ("| distinct Severity = AlertSeverity, tolower(ResourceId)", vec!["Severity", "Column1"]),
        ("| project Bag | mv-expand Bag.Tags", vec!["Bag", "Bag_Tags"]),
        ("| project Column1 = 1 | extend 2 + 2", vec!["Column1", "Column2"]),
    ] {
        assert_eq!(names(operators), expected, "{operators}");
    }
}

#[test]
fn numbers_duplicate_derived_names() {
    for (operators, expected) in [
        ("| summarize count(), count(), count()", vec!["count_", "count_1", "count_2"]),
        ("| summarize max(Score), max(Score) by max_Score = 1", vec!["max_Score", "max_Score1", "max_Score2"]),
        ("| project Score, toint(Score)", vec!["Score", "Score1"]),
        (
            "| summarize arg_max(TimeGenerated, Score), arg_min(TimeGenerated, Score)",
            vec!["TimeGenerated", "Score", "TimeGenerated1", "Score1"],
        ),
        ("| project A = 1 | join kind=inner (print A = 1, A1 = 2) on A", vec!["A", "A1", "A11"]),
    ] {
        assert_eq!(names(operators), expected, "{operators}");
    }
}

#[test]
fn aggregate_of_all_columns_omits_grouping_columns() {
    let kept = "| project TimeGenerated, SystemAlertId, Score";

    let all = names(&format!("{kept} | summarize arg_max(TimeGenerated, *) by SystemAlertId"));
    let named = names(&format!("{kept} | summarize arg_max(TimeGenerated, SystemAlertId) by SystemAlertId"));

    assert_eq!(all, ["SystemAlertId", "TimeGenerated", "Score"]);
    assert_eq!(named, ["SystemAlertId", "TimeGenerated", "SystemAlertId1"]);
}

#[test]
fn rejects_duplicate_column_names() {
    for (operator, rest, name) in [
        ("project", "x = 1, x = 2", "x"),
        ("project", "Score, Score", "Score"),
        ("extend", "x = 1, x = 2", "x"),
        ("summarize", "x = count(), x = sum(Score)", "x"),
        ("summarize", "Score = max(Score) by Score", "Score"),
        ("distinct", "Score, Score", "Score"),
        ("project-rename", "Bag = Score", "Bag"),
        ("project-rename", "x = Score, x = Bag", "x"),
    ] {
        let message = format!("'{operator}' operator: A column with the name '{name}' is already declared");
        let expected = KqlError::Semantic { code: "SEM0001", message };
        assert_eq!(error(&format!("T | {operator} {rest}")), expected, "{operator} {rest}");
    }
    assert!(matches!(error("print x = 1, x = 2"), KqlError::Semantic { .. }));
}

#[test]
fn renamed_columns_can_swap_names() {
    assert_eq!(names("| project A = 1, B = 2 | project-rename B = A, A = B"), ["B", "A"]);
}

#[test]
fn rejects_a_second_let_for_a_name() {
    for text in ["let x = 1; let x = 2; T", "let x = T; let x = U; x", "let x = 1; let x = T; x"] {
        let message = "Let with the same name was already used in current context: 'x'".to_owned();
        assert_eq!(error(text), KqlError::Semantic { code: "SEM0079", message }, "{text}");
    }
}

#[test]
fn extend_reads_only_columns_of_its_input() {
    assert_eq!(rows("| take 1 | extend Score = 2, Double = Score * 2 | project Score, Double"), json!([[2, 1.0]]));
    let message = "'extend' operator: Failed to resolve column or scalar expression named 'a'".to_owned();
    assert_eq!(error("T | extend a = 1, b = a"), KqlError::Semantic { code: "SEM0100", message });
}
