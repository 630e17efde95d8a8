//! The endpoints from the provider block and environment variables.

use super::*;
use crate::provider::endpoint::Endpoint;

#[test]
fn each_endpoint_comes_from_the_argument_or_the_environment() {
    let given = Endpoint { resource_manager_endpoint: Some("https://arm.example".to_owned()), ..Endpoint::default() };
    let block = block().with(&ENDPOINT, Some(given));

    let variables = [
        ("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", "https://login.example"),
        ("SENTINEL_LOG_ANALYTICS_ENDPOINT", "https://logs.example"),
        ("SENTINEL_LOG_ANALYTICS_AUDIENCE", "https://logs.audience.example"),
        ("SENTINEL_MICROSOFT_GRAPH_ENDPOINT", "https://graph.example"),
        ("SENTINEL_MICROSOFT_GRAPH_AUDIENCE", "https://graph.audience.example"),
    ];
    let cloud = read(&block, &variables).cloud;

    assert_eq!(
        value_and_source(cloud.resource_manager.endpoint).1,
        "the argument `endpoint.resource_manager_endpoint`"
    );
    assert_eq!(
        value_and_source(cloud.active_directory_authority_host).1,
        "the environment variable ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"
    );
    let (logs, graph) = (cloud.log_analytics, cloud.microsoft_graph);
    let values =
        [logs.endpoint, logs.audience, graph.endpoint, graph.audience].map(|setting| value_and_source(setting).0);
    assert_eq!(values, [variables[1].1, variables[2].1, variables[3].1, variables[4].1]);
    assert!(cloud.resource_manager.audience.is_none());
}

#[test]
fn validates_each_endpoint_in_the_provider_block() {
    let summary = |text: &str| {
        let given = Endpoint { log_analytics_endpoint: Some(text.to_owned()), ..Endpoint::default() };
        let diagnostics = ProviderSettings::validate(&block().with(&ENDPOINT, Some(given)));
        let shown =
            |error: &Diagnostic| format!("{}: {}", error.path.clone().unwrap_or_else(Path::root), error.summary);
        diagnostics.iter().map(shown).collect::<Vec<_>>()
    };

    assert_eq!(summary("https://logs.example"), Vec::<String>::new());
    for invalid in ["x", "http://logs.example"] {
        assert_eq!(summary(invalid), ["endpoint.log_analytics_endpoint: Invalid endpoint"], "{invalid}");
    }
}
