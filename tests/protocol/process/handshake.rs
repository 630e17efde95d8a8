//! From exec to the handshake line.

use rustix::process::Signal;

use super::host::{Host, provider};

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-sentinel");

#[tokio::test]
async fn trap_01_started_by_hand_it_says_what_it_is_and_exits_with_1() {
    let temporary = tempfile::tempdir().expect("a temporary folder");

    let output = provider(BINARY, temporary.path()).output().await.expect("it starts");

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let sentence = "This binary is a plugin. These are not meant to be executed directly.\nPlease execute the program \
                    that consumes these plugins, which will\nload any plugins automatically\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), sentence);
}

#[tokio::test]
async fn trap_01_a_wrong_cookie_is_no_cookie() {
    let temporary = tempfile::tempdir().expect("a temporary folder");

    let output =
        provider(BINARY, temporary.path()).env("TF_PLUGIN_MAGIC_COOKIE", "wrong").output().await.expect("it starts");

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
}

#[tokio::test]
async fn trap_02_stdout_holds_the_handshake_line_and_nothing_else() {
    let host = Host::start_with(|command| command.env("TF_LOG", "TRACE")).await;
    assert!(host.handshake.line.starts_with("1|6|unix|/"), "{}", host.handshake.line);

    host.connect().await;
    host.signal(Signal::TERM);

    assert_eq!(host.ended().await.stdout, "");
}

#[tokio::test]
async fn trap_03_the_certificate_is_unpadded_base64_of_der() {
    let host = Host::start().await;

    let fields = &host.handshake.fields;
    assert_eq!(fields.len(), 6);
    assert_eq!(fields[4], "grpc");
    assert!(fields[5].len() > 50, "Go ignores a shorter one");
    assert!(!fields[5].contains('='));
    assert_eq!(host.handshake.certificate()[0], 0x30, "DER starts with a sequence");
}

#[tokio::test]
async fn without_a_client_certificate_there_is_no_tls_and_no_server_certificate() {
    let host = Host::start_with(|command| command.env_remove("PLUGIN_CLIENT_CERT")).await;

    assert_eq!(host.handshake.fields[4..], ["grpc", ""]);
}

#[tokio::test]
async fn a_cli_that_asks_for_multiplexing_is_told_no() {
    let host = Host::start_with(|command| command.env("PLUGIN_MULTIPLEX_GRPC", "true")).await;

    assert_eq!(host.handshake.fields[6..], ["false"]);
}

#[tokio::test]
async fn the_version_is_named_whatever_the_cli_speaks() {
    for offered in ["6,5", "5", "", "5,six,6"] {
        let host = Host::start_with(|command| command.env("PLUGIN_PROTOCOL_VERSIONS", offered)).await;

        assert_eq!(host.handshake.fields[1], "6", "offered {offered:?}");
    }
}

#[tokio::test]
async fn an_entry_that_is_no_version_is_noted_on_stderr() {
    let host = Host::start_with(|command| command.env("PLUGIN_PROTOCOL_VERSIONS", "5,six,6")).await;

    host.signal(Signal::TERM);

    let ended = host.ended().await;
    assert!(ended.stderr.contains("six"), "{}", ended.stderr);
}

#[tokio::test]
async fn a_folder_too_long_for_a_socket_is_not_used() {
    let long = tempfile::Builder::new().prefix(&"long".repeat(30)).tempdir().expect("a temporary folder");
    let host = Host::start_with(|command| command.env("TMPDIR", long.path())).await;

    assert!(host.handshake.socket().starts_with("/tmp"), "{}", host.handshake.line);
    host.connect().await;
    host.signal(Signal::TERM); // A killed one would leave its folder in the real /tmp.
    host.ended().await;
}

#[tokio::test]
async fn the_socket_is_where_the_cli_wants_it() {
    let wanted = tempfile::tempdir().expect("a temporary folder");
    let host = Host::start_with(|command| command.env("PLUGIN_UNIX_SOCKET_DIR", wanted.path())).await;

    assert_eq!(host.handshake.socket().parent(), Some(wanted.path()));
    host.connect().await;
}

#[tokio::test]
async fn without_a_folder_to_write_to_it_listens_on_loopback_with_the_same_tls() {
    let host = Host::start_with(|command| command.env("TMPDIR", "/dev/null")).await;

    assert_eq!(host.handshake.fields[2], "tcp");
    let port: u16 = host.handshake.fields[3].rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    assert!((10_000..=25_000).contains(&port));
    assert!(host.handshake.fields[5].len() > 50);
}

#[tokio::test]
async fn a_client_certificate_that_is_none_ends_the_start_with_the_reason() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let mut command = provider(BINARY, temporary.path());
    command
        .env("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
        .env("PLUGIN_CLIENT_CERT", "not a certificate");

    let output = command.output().await.expect("it starts");

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    assert!(String::from_utf8_lossy(&output.stderr).contains("PLUGIN_CLIENT_CERT does not contain a PEM certificate"));
}
