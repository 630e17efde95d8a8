//! Who may talk to the provider: the CLI that started it, over HTTP/2, and nobody else.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;

use super::calls::assert_healthy;
use super::host::{Host, within};
use super::identity::{self, Identity};

#[tokio::test]
async fn trap_04_http2_is_negotiated() {
    let host = Host::start().await;
    let tls = TlsConnector::from(Arc::new(host.identity.trusting(&host.handshake.certificate())));
    let stream = UnixStream::connect(host.handshake.socket()).await.expect("it listens");

    let stream = within(tls.connect(localhost(), stream)).await.expect("the handshake works");

    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
}

#[tokio::test]
async fn trap_05_the_cli_that_started_it_is_let_in() {
    let host = Host::start().await;

    assert_healthy(&host.connect().await).await;
}

#[tokio::test]
async fn trap_05_client_without_certificate_is_refused() {
    let host = Host::start().await;

    assert!(is_refused(&host, identity::anonymous(&host.handshake.certificate())).await);

    assert_healthy(&host.connect().await).await;
}

#[tokio::test]
async fn trap_05_client_with_another_certificate_is_refused() {
    let host = Host::start().await;

    assert!(is_refused(&host, Identity::new().trusting(&host.handshake.certificate())).await);
}

#[tokio::test]
async fn trap_05_the_right_certificate_without_its_key_is_refused() {
    let host = Host::start().await;
    let thief = host.identity.with_key_of(&Identity::new());

    assert!(is_refused(&host, thief.trusting(&host.handshake.certificate())).await);
}

#[tokio::test]
async fn trap_05_plaintext_is_refused() {
    let host = Host::start().await;
    let mut stream = UnixStream::connect(host.handshake.socket()).await.expect("it listens");

    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.expect("it can be sent");

    let mut answer = Vec::new();
    // A reset connection is as good an answer as a closed one.
    let _ = within(stream.read_to_end(&mut answer)).await;
    assert!(!answer.windows(2).any(|frame| frame == [0x04, 0x00]), "no HTTP/2 settings come back");
}

#[tokio::test]
async fn trap_05_a_client_that_says_nothing_blocks_nobody() {
    let host = Host::start().await;
    let _silent = UnixStream::connect(host.handshake.socket()).await.expect("it listens");

    assert_healthy(&host.connect().await).await;
}

#[tokio::test]
async fn only_the_owner_reaches_the_socket() {
    let host = Host::start().await;

    let socket = host.handshake.socket();
    let mode = |path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(socket.as_path()), 0o600);
    assert_eq!(mode(socket.parent().expect("it is in a folder")), 0o700);
    assert!(socket.starts_with(host.temporary.path()));
}

/// In TLS 1.3 the client is done before the server has looked at its certificate: the refusal comes on first use.
async fn is_refused(host: &Host, tls: ClientConfig) -> bool {
    let stream = UnixStream::connect(host.handshake.socket()).await.expect("it listens");
    let Ok(mut stream) = within(TlsConnector::from(Arc::new(tls)).connect(localhost(), stream)).await else {
        return true;
    };
    within(stream.read_u8()).await.is_err()
}

fn localhost() -> ServerName<'static> {
    ServerName::try_from("localhost").expect("a name")
}
