//! Log lines as the CLI parses them. A field of the wrong type would crash it.

use regex::Regex;
use rustix::process::Signal;
use serde_json::Value;

use super::calls::assert_healthy;
use super::host::Host;
use super::identity;

/// Starts with these variables, causes an event of every kind, and returns what is on stderr.
async fn logged(variables: &[(&str, &str)]) -> String {
    let host = Host::start_with(|command| command.envs(variables.iter().copied())).await;
    // Another client: refused, with a warning.
    let _ = host.connect_with(identity::anonymous(&host.handshake.certificate())).await;
    assert_healthy(&host.connect().await).await;
    host.signal(Signal::TERM);
    host.ended().await.stderr
}

#[tokio::test]
async fn trap_11_every_line_is_one_that_the_cli_can_parse() {
    let stderr = logged(&[("TF_LOG", "TRACE")]).await;

    let timestamp = Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$").expect("a valid pattern");
    assert!(stderr.lines().count() > 0);
    for line in stderr.lines() {
        let parsed: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let text = |key: &str| parsed[key].as_str().unwrap_or_else(|| panic!("{key} is no string: {line}"));
        assert!(timestamp.is_match(text("@timestamp")), "{line}");
        assert!(["trace", "debug", "info", "warn", "error"].contains(&text("@level")), "{line}");
        assert!(!text("@message").is_empty(), "{line}");
        assert!(!text("@module").is_empty(), "{line}");
    }
}

#[tokio::test]
async fn trap_11_nothing_is_logged_by_default() {
    assert_eq!(logged(&[]).await, "");
}

#[tokio::test]
async fn trap_11_the_providers_own_variable_decides() {
    let stderr = logged(&[("TF_LOG", "OFF"), ("TF_LOG_PROVIDER_SENTINEL", "INFO")]).await;

    assert!(stderr.contains(r#""@level":"info""#), "{stderr}");
    assert!(!stderr.contains(r#""@level":"debug""#), "{stderr}");
}

#[tokio::test]
async fn trap_11_other_crates_only_warn() {
    let stderr = logged(&[("TF_LOG", "TRACE")]).await;

    for line in stderr.lines().filter(|line| !line.contains(r#""@module":"sentinel"#)) {
        assert!(line.contains(r#""@level":"warn""#) || line.contains(r#""@level":"error""#), "{line}");
    }
}
