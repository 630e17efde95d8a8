//! Tests of the start of the process and of its handshake line.

use rustix::process::Signal;

use super::host::{COOKIE, Host, provider};

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-sentinel");

#[tokio::test]
async fn explains_a_manual_start_and_exits_with_1() {
    let temporary = tempfile::tempdir().expect("a temporary directory");

    let output = provider(BINARY, temporary.path()).output().await.expect("it starts");

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let text = "This binary is a plugin. These are not meant to be executed directly.\nPlease execute the program \
                    that consumes these plugins, which will\nload any plugins automatically\n\nRun it yourself only with \
                    a command: `contract record` or `contract check`. The option --help describes them.\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), text);
}

#[tokio::test]
async fn exits_with_1_if_the_cookie_is_wrong() {
    let temporary = tempfile::tempdir().expect("a temporary directory");

    let output =
        provider(BINARY, temporary.path()).env("TF_PLUGIN_MAGIC_COOKIE", "wrong").output().await.expect("it starts");

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
}

#[tokio::test]
async fn stdout_has_only_the_handshake_line() {
    let host = Host::start_with(|command| command.env("TF_LOG", "TRACE")).await;
    assert!(host.handshake.line.starts_with("1|6|unix|/"), "{}", host.handshake.line);
    assert!(host.handshake.socket().starts_with(host.temporary.path()));

    host.connect().await;
    host.signal(Signal::TERM);

    assert_eq!(host.ended().await.stdout, "");
}

#[tokio::test]
async fn certificate_is_base64_of_der_without_padding() {
    let host = Host::start().await;

    let fields = &host.handshake.fields;
    assert_eq!(fields.len(), 6);
    assert_eq!(fields[4], "grpc");
    assert!(fields[5].len() > 50, "Go ignores shorter certificates");
    assert!(!fields[5].contains('='));
    assert_eq!(host.handshake.certificate()[0], 0x30, "DER starts with a sequence");
}

#[tokio::test]
async fn serves_without_tls_if_there_is_no_client_certificate() {
    let host = Host::start_with(|command| command.env_remove("PLUGIN_CLIENT_CERT")).await;

    assert_eq!(host.handshake.fields[4..], ["grpc", ""]);
}

#[tokio::test]
async fn declines_multiplexing() {
    let host = Host::start_with(|command| command.env("PLUGIN_MULTIPLEX_GRPC", "true")).await;

    assert_eq!(host.handshake.fields[6..], ["false"]);
}

#[tokio::test]
async fn serves_version_6_if_terraform_does_not_support_it() {
    for supported in ["5", ""] {
        let host = Host::start_with(|command| command.env("PLUGIN_PROTOCOL_VERSIONS", supported)).await;

        assert_eq!(host.handshake.fields[1], "6", "supported: {supported:?}");
    }
}

#[tokio::test]
async fn warns_about_an_invalid_protocol_version() {
    let host = Host::start_with(|command| command.env("PLUGIN_PROTOCOL_VERSIONS", "5,six,6")).await;

    assert_eq!(host.handshake.fields[1], "6");
    host.signal(Signal::TERM);

    let ended = host.ended().await;
    assert!(ended.stderr.contains("six"), "{}", ended.stderr);
}

#[tokio::test]
async fn uses_tmp_if_tmpdir_is_not_usable() {
    let module = tempfile::tempdir().expect("a temporary directory");
    let long = tempfile::Builder::new().prefix(&"long".repeat(30)).tempdir().expect("a temporary directory");
    let long = long.path().to_str().expect("text");
    for unusable in [long, "", "relative", "/nonexistent/tmp", "/dev/null"] {
        let host = Host::start_with(|command| command.env("TMPDIR", unusable).current_dir(module.path())).await;

        assert!(host.handshake.socket().starts_with("/tmp"), "{unusable:?}: {}", host.handshake.line);
        host.connect().await;
        assert_eq!(
            std::fs::read_dir(module.path()).expect("it is there").count(),
            0,
            "{unusable:?}: the user's module"
        );
        host.signal(Signal::TERM); // A killed process would not remove its directory in /tmp.
        host.ended().await;
    }
}

#[tokio::test]
async fn rejects_a_group_that_does_not_exist() {
    let temporary = tempfile::tempdir().expect("a temporary directory");
    let mut command = provider(BINARY, temporary.path());
    command.env("TF_PLUGIN_MAGIC_COOKIE", COOKIE).env("PLUGIN_UNIX_SOCKET_GROUP", "no-such-group");

    let output = command.output().await.expect("it starts");

    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no such group"));
}

#[tokio::test]
async fn creates_the_socket_below_the_given_directory() {
    let wanted = tempfile::tempdir().expect("a temporary directory");
    let host = Host::start_with(|command| command.env("PLUGIN_UNIX_SOCKET_DIR", wanted.path())).await;

    assert!(host.handshake.socket().starts_with(wanted.path()), "{:?}", host.handshake.socket());
    host.connect().await;
}

#[tokio::test]
async fn reports_an_invalid_client_certificate() {
    let temporary = tempfile::tempdir().expect("a temporary directory");
    let mut command = provider(BINARY, temporary.path());
    command.env("TF_PLUGIN_MAGIC_COOKIE", COOKIE).env("PLUGIN_CLIENT_CERT", "not a certificate");

    let output = command.output().await.expect("it starts");

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    assert!(String::from_utf8_lossy(&output.stderr).contains("PLUGIN_CLIENT_CERT does not contain a PEM certificate"));
}
