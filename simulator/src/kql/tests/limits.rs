//! Limits of queries and of results.

use proptest::prelude::*;

use super::*;

#[test]
fn rejects_a_long_chain_of_operators() {
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
fn long_and_deep_queries_finish_quickly() {
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
        // A long chain at each level of brackets.
        let _result =
            evaluate(&format!("T | extend a = {}a{}", "(".repeat(60), format!("{})", part.repeat(60)).repeat(60)));
    }
    let nested = format!("{}T{}", "T | union (".repeat(62), ")".repeat(62));
    assert_eq!(table(&nested).rows.len(), 189);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    assert!(matches!(parse(&" ".repeat(MAX_LENGTH + 1)), Err(KqlError::NotSimulated { .. })));
}

#[test]
fn limits_the_rows_of_results() {
    let doubled = "let T1 = union T, T, T, T; ".to_owned()
        + &(2..12).map(|n| format!("let T{n} = union T{p}, T{p}, T{p}, T{p}; ", p = n - 1)).collect::<String>();
    assert!(matches!(error(&format!("{doubled}T11 | count")), KqlError::NotSimulated { .. }));
    let join = "let B = union T, T, T, T; let C = union B, B, B, B, B; let D = union C, C, C, C, C, C, C, C; ";
    assert!(matches!(error(&format!("{join}D | join kind=inner D on SystemAlertId")), KqlError::NotSimulated { .. }));
}

proptest! {
    #[test]
    fn any_text_parses_or_is_an_error(text in "\\PC{0,60}") {
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
