//! Values of expressions, and names that `let` binds.

use serde_json::json;

use super::*;

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
fn literals_have_a_type_and_each_type_has_null() {
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
fn let_binds_scalars_and_tables() {
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
fn out_of_range_times_are_null() {
    for expression in ["1d / 0", "1d * 99999999999999999.5", "ago(9999999d)", "now(9999999d)", "now() + 9999999d"] {
        let value = rows(&format!("| take 1 | extend x = {expression} | project x"));
        assert_eq!(value, json!([[null]]), "{expression}");
    }
}
