//! The data source `sentinel_log_query`: rows, partial results, and errors in the query.

use serde_json::{Value, json};
use terraform_driver::plan::Action;

use crate::support::{Scene, assert_says};

const DATA: &str = "data.sentinel_log_query.this";

scenarios![
    returns_columns_and_rows,
    returns_at_most_max_rows,
    timespan_limits_the_rows,
    shows_the_position_of_a_query_error,
    reports_an_operator_that_the_simulator_does_not_support,
    returns_values_of_every_type,
    queries_the_configured_endpoint,
    error_names_a_missing_table,
    rejects_invalid_arguments,
    runs_at_apply_if_the_query_is_unknown,
    reports_a_missing_workspace,
    every_query_of_the_guides_runs,
];

fn returns_columns_and_rows(scene: Scene) {
    let found = look_up(&scene, "project AlertName, IsIncident, ConfidenceScore | order by AlertName asc", "");

    assert_eq!(
        found["columns"],
        json!([
            {"name": "AlertName", "type": "string"},
            {"name": "IsIncident", "type": "bool"},
            {"name": "ConfidenceScore", "type": "real"},
        ])
    );
    assert_eq!(found["rows"].as_array().map(Vec::len), Some(3));
    assert_eq!(found["rows"][0], json!({"AlertName": "One", "IsIncident": "false", "ConfidenceScore": null}));
    let rows: Value = serde_json::from_str(found["rows_json"].as_str().expect("text")).expect("JSON");
    assert_eq!(rows[0], json!({"AlertName": "One", "IsIncident": false, "ConfidenceScore": null}));
    assert_eq!(found["is_partial"], false);
    scene.assert_no_changes();
}

fn returns_at_most_max_rows(scene: Scene) {
    raise(&scene);
    scene.configure(&query(&scene, "SecurityAlert | project AlertName", "max_rows = 2"));

    let finished = scene.apply();

    assert_says(&finished, &["The query returned more rows than max_rows", "The query returned 3 rows."]);
    let found = found(&scene);
    assert_eq!((found["rows"].as_array().map(Vec::len), &found["is_partial"]), (Some(2), &json!(true)));
}

fn timespan_limits_the_rows(scene: Scene) {
    let found = look_up(&scene, "count", "timespan = \"2020-01-01T00:00:00Z/P1W\"");

    assert_eq!(found["rows"], json!([{"Count": "0"}]));
}

fn shows_the_position_of_a_query_error(scene: Scene) {
    raise(&scene);
    scene.configure(&query(&scene, "SecurityAlert\\n| wher AlertName == 1", ""));

    let finished = scene.apply_fails(&["Invalid query", "Query could not be parsed at 'wher'", "Line 2, column 3:"]);

    let shown: String = finished.stderr.lines().map(|line| line.trim_start_matches('│')).collect::<Vec<_>>().join("\n");
    assert!(shown.contains("  | wher AlertName == 1\n    ^"), "the place is marked");
    assert_says(&finished, &["query = \"SecurityAlert"]);
    scene.configure(&query(&scene, "SecurityAlert | where Nope == 1", ""));
    scene.apply_fails(&["Failed to resolve column or scalar expression named 'Nope'"]);
}

fn reports_an_operator_that_the_simulator_does_not_support(scene: Scene) {
    raise(&scene);
    scene.configure(&query(&scene, "SecurityAlert | make-series count() on TimeGenerated step 1d", ""));

    scene.apply_fails(&["The simulator does not evaluate make-series", "Line 1, column 17:"]);
}

fn returns_values_of_every_type(scene: Scene) {
    let text = "print b = true, i = int(null), l = 9007199254740993, r = real(nan), f = real(-inf), \
                t = datetime(2026-01-15 09:30:00.1234567), s = time(1.02:03:04), g = guid(null), d = dynamic([1]), e = ''";
    scene.configure(&query(&scene, text, ""));

    scene.apply();

    let found = found(&scene);
    assert_eq!(
        found["rows"][0],
        json!({"b": "true", "i": null, "l": "9007199254740993", "r": "NaN", "f": "-Infinity",
            "t": "2026-01-15T09:30:00.1234567Z", "s": "1.02:03:04", "g": null, "d": "[1]", "e": ""})
    );
    let types = found["columns"].as_array().expect("columns").iter().map(|column| column["type"].as_str());
    let expected = ["bool", "int", "long", "real", "real", "datetime", "timespan", "guid", "dynamic", "string"];
    assert!(types.eq(expected.map(Some)), "{found}");
}

fn queries_the_configured_endpoint(mut scene: Scene) {
    let endpoint = format!("https://{}", scene.variable("ARM_METADATA_HOSTNAME"));
    scene.unset("ARM_METADATA_HOSTNAME");
    raise(&scene);
    let provider = format!(
        "provider \"sentinel\" {{\n  environment = \"custom\"\n  endpoint = {{\n    \
         resource_manager_endpoint = \"{endpoint}\"\n    active_directory_authority_host = \"{endpoint}\"\n    \
         log_analytics_endpoint = \"{endpoint}/loganalytics\"\n    log_analytics_audience = \"{endpoint}/loganalytics\"\n  \
         }}\n}}\n\n"
    );
    scene.configure(&(provider + &query(&scene, "SecurityAlert | count", "")));

    scene.apply();

    assert_eq!(found(&scene)["rows"], json!([{"Count": "3"}]));
}

fn error_names_a_missing_table(scene: Scene) {
    scene.configure(&query(&scene, "Heartbeat | count", ""));

    scene.apply_fails(&["The query refers to something that does not exist", "no table or function `Heartbeat`"]);
}

fn rejects_invalid_arguments(scene: Scene) {
    for (arguments, expected) in [
        ("max_rows = 0", "from 1 to 30000"),
        ("max_rows = 30001", "from 1 to 30000"),
        ("timespan = \"7d\"", "Not an ISO 8601 duration or interval"),
        ("timespan = \"2026-01-08/2026-01-01\"", "The time range is empty"),
        ("timespan = \"P0D\"", "must be longer than zero"),
        ("timespan = \"P999999999D\"", "too long for Log Analytics"),
        ("timeouts {\n  read = \"0s\"\n  }", "must be longer than zero"),
    ] {
        scene.configure(&query(&scene, "SecurityAlert", arguments));
        scene.fail(&["validate", "-no-color"], &[expected]);
    }
    scene.configure(&query(&scene, " ", ""));
    scene.fail(&["validate", "-no-color"], &["Must not be blank"]);
}

fn runs_at_apply_if_the_query_is_unknown(scene: Scene) {
    raise(&scene);
    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&format!(
        "resource \"terraform_data\" \"upstream\" {{\n  input = \"SecurityAlert | count\"\n}}\n\n\
         data \"sentinel_log_query\" \"this\" {{\n  workspace_id = \"{workspace}\"\n  \
         query = terraform_data.upstream.output\n}}\n"
    ));

    scene.assert_plans([("terraform_data.upstream", Action::Create)]);
    let requests = scene.azure.requests();
    assert!(!requests.all().iter().any(|request| request.path.contains("/query")), "nothing is queried in the plan");
    scene.apply();

    assert_eq!(found(&scene)["rows"], json!([{"Count": "3"}]));
}

fn reports_a_missing_workspace(scene: Scene) {
    let text = query(&scene, "SecurityAlert", "").replace("law-portal", "law-none");
    scene.configure(&text);

    scene.apply_fails(&["Resource not found", "law-none"]);
}

fn every_query_of_the_guides_runs(scene: Scene) {
    raise(&scene);
    let workspace = scene.azure.workspace("law-portal");
    let guides = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guides")).expect("there are guides");
    let pages = guides.flatten().map(|guide| std::fs::read_to_string(guide.path()).expect("a guide"));
    let blocks = |page: String| {
        let blocks = page.split("```kusto\n").skip(1).filter_map(|rest| rest.split_once("```"));
        blocks.map(|(block, _)| block.to_owned()).collect::<Vec<_>>()
    };
    let queries: Vec<String> = pages.flat_map(blocks).collect();
    assert!(queries.len() >= 6, "{queries:#?}");
    let data = queries.iter().enumerate().map(|(number, text)| {
        format!(
            "data \"sentinel_log_query\" \"number_{number}\" {{\n  workspace_id = \"{workspace}\"\n  \
             query = <<-EOT\n{text}EOT\n}}\n"
        )
    });
    scene.configure(&data.collect::<String>());

    scene.apply();
}

/// Raises three alerts. Each arrives only once, because the second subscription has no subscription-based connector.
fn raise(scene: &Scene) {
    let subscription = "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";
    let alert = |name: &str| json!({"subscription_id": subscription, "display_name": name});
    scene.azure.raise(&["One", "Two", "Three"].into_iter().map(alert).collect());
}

fn query(scene: &Scene, text: &str, arguments: &str) -> String {
    let workspace = scene.azure.workspace("law-portal");
    format!(
        "data \"sentinel_log_query\" \"this\" {{\n  workspace_id = \"{workspace}\"\n  query = \"{text}\"\n  \
         {arguments}\n}}\n"
    )
}

fn found(scene: &Scene) -> Value {
    scene.state().attributes(DATA).expect("it was read").clone()
}

/// Applies a query over three alerts and returns the attributes.
fn look_up(scene: &Scene, operators: &str, arguments: &str) -> Value {
    raise(scene);
    scene.configure(&query(scene, &format!("SecurityAlert | {operators}"), arguments));
    scene.apply();
    found(scene)
}
