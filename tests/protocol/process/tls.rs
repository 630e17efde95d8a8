//! Tests of mutual TLS: only the client that started the provider can connect.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;

use super::calls::assert_healthy;
use super::certificate::{ClientCertificate, without_certificate};
use super::host::{Host, within};

#[tokio::test]
async fn negotiates_http2() {
    let host = Host::start().await;
    let tls = TlsConnector::from(Arc::new(host.certificate.trusting(&host.handshake.certificate())));
    let stream = UnixStream::connect(host.handshake.socket()).await.expect("it listens");

    let stream = within(tls.connect(localhost(), stream)).await.expect("the handshake works");

    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
}

#[tokio::test]
async fn rejects_a_client_without_certificate() {
    let host = Host::start().await;

    assert!(is_rejected(&host, without_certificate(&host.handshake.certificate())).await);

    assert_healthy(&host.connect().await).await;
}

#[tokio::test]
async fn rejects_another_certificate() {
    let host = Host::start().await;

    assert!(is_rejected(&host, ClientCertificate::generate().trusting(&host.handshake.certificate())).await);
}

#[tokio::test]
async fn rejects_the_right_certificate_with_another_key() {
    let host = Host::start().await;
    let wrong_key = host.certificate.with_key_of(&ClientCertificate::generate());

    assert!(is_rejected(&host, wrong_key.trusting(&host.handshake.certificate())).await);
}

#[tokio::test]
async fn rejects_plaintext() {
    let host = Host::start().await;
    let mut stream = UnixStream::connect(host.handshake.socket()).await.expect("it listens");

    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.expect("it can be sent");

    let mut received = Vec::new();
    // The connection may be reset or closed.
    let _ = within(stream.read_to_end(&mut received)).await;
    assert!(!received.windows(2).any(|frame| frame == [0x04, 0x00]), "no HTTP/2 settings frame");
}

#[tokio::test]
async fn silent_client_does_not_block_others() {
    let host = Host::start().await;
    let _silent = UnixStream::connect(host.handshake.socket()).await.expect("it listens");

    assert_healthy(&host.connect().await).await;
}

/// Whether the server rejects the connection. With TLS 1.3, the client's handshake ends before the server verifies the
/// certificate, so this function also reads.
async fn is_rejected(host: &Host, tls: ClientConfig) -> bool {
    let stream = UnixStream::connect(host.handshake.socket()).await.expect("it listens");
    let Ok(mut stream) = within(TlsConnector::from(Arc::new(tls)).connect(localhost(), stream)).await else {
        return true;
    };
    within(stream.read_u8()).await.is_err()
}

fn localhost() -> ServerName<'static> {
    ServerName::try_from("localhost").expect("a name")
}
