//! Requests that share an HTTP/2 connection.

use std::sync::Arc;

use bytes::Bytes;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;

use crate::harness::Azure;

/// One connection, served in the background.
async fn connect(azure: &Azure) -> h2::client::SendRequest<Bytes> {
    let mut roots = rustls::RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(azure.simulator.ca_pem().as_bytes()).expect("a certificate");
    roots.add(authority).expect("a root");
    let mut config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let address = azure.endpoint().trim_start_matches("https://").to_owned();
    let stream = TcpStream::connect(&address).await.expect("a connection");
    let name = ServerName::try_from("localhost").expect("a name");
    let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("TLS");
    let (client, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
    tokio::spawn(connection);
    client.ready().await.expect("a connection")
}

fn request(azure: &Azure, method: &str, path: &str) -> hyper::Request<()> {
    let uri = format!("{}{path}", azure.endpoint());
    hyper::Request::builder().method(method).uri(uri).body(()).expect("a request")
}

#[tokio::test]
async fn canceled_request_keeps_its_connection_open() {
    let azure = Azure::start().await;
    let mut client = connect(&azure).await;
    let (canceled, mut body) = client.send_request(request(&azure, "PUT", "/subscriptions"), false).expect("a stream");
    body.send_data(Bytes::from_static(b"{"), false).expect("a part of the body");
    body.send_reset(h2::Reason::CANCEL);
    assert!(canceled.await.is_err());
    let (response, _) = client
        .send_request(request(&azure, "GET", "/metadata/endpoints?api-version=2022-09-01"), true)
        .expect("the connection is open");
    assert_eq!(response.await.expect("a response").status(), 200);
}
