//! Tests of the log format that Terraform parses. A field of the wrong type would crash Terraform.

use regex::Regex;
use rustix::process::Signal;
use serde_json::Value;

use super::calls::assert_healthy;
use super::certificate::without_certificate;
use super::host::Host;

/// The log of a provider with these variables, which rejects a connection, serves a call and shuts down.
async fn log(variables: &[(&str, &str)]) -> String {
    let host = Host::start_with(|command| command.envs(variables.iter().copied())).await;
    let _ = host.connect_with(without_certificate(&host.handshake.certificate())).await;
    assert_healthy(&host.connect().await).await;
    host.signal(Signal::TERM);
    host.ended().await.stderr
}

#[tokio::test]
async fn logs_in_hclog_format_and_only_warnings_of_other_crates() {
    let log = log(&[("TF_LOG", "TRACE")]).await;

    let timestamp = Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$").expect("a valid pattern");
    assert!(log.lines().count() > 0);
    for line in log.lines() {
        let parsed: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let text = |key: &str| parsed[key].as_str().unwrap_or_else(|| panic!("{key} is not a string: {line}"));
        assert!(timestamp.is_match(text("@timestamp")), "{line}");
        assert!(["trace", "debug", "info", "warn", "error"].contains(&text("@level")), "{line}");
        assert!(!text("@message").is_empty(), "{line}");
        assert!(!text("@module").is_empty(), "{line}");
        if !text("@module").starts_with("sentinel") {
            assert!(["warn", "error"].contains(&text("@level")), "{line}");
        }
    }
}

#[tokio::test]
async fn logs_nothing_by_default() {
    assert_eq!(log(&[]).await, "");
}

#[tokio::test]
async fn provider_specific_variable_sets_the_level() {
    let log = log(&[("TF_LOG", "OFF"), ("TF_LOG_PROVIDER_SENTINEL", "INFO")]).await;

    assert!(log.contains(r#""@level":"info""#), "{log}");
    assert!(!log.contains(r#""@level":"debug""#), "{log}");
}
