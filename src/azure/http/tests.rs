//! Tests of the HTTPS client with real sockets. Tests of environment variables run in child processes.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use ::http::StatusCode;
use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::azure::deadline::Deadline;
use crate::azure::error::TransportKind;
use crate::azure::testing::{Reply, Server};

/// The variable with the URL that a child process of these tests reads. The child prints the result.
const CHILD_URL: &str = "SENTINEL_TEST_CHILD_READS";

/// Long enough that a call ends with its own error and not with a timeout.
const LONGER_THAN_ANY_RETRY: Duration = Duration::from_secs(300);

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

async fn get(http: &Http, url: &str, limit: Duration) -> Result<StatusCode, Error> {
    let (call, deadline) = (Call::get(Url::parse(url).expect("an address")), Deadline::lasting(limit));
    send(http, &call, &mut Anonymous, &deadline, |response| Ok(response.status)).await.map(|sent| sent.response)
}

async fn failure(http: &Http, url: &str) -> (TransportKind, String) {
    match get(http, url, LONGER_THAN_ANY_RETRY).await {
        Err(Error::Transport { host, kind, cause }) => (kind, format!("{host}: {cause}")),
        other => panic!("no connection was expected: {other:?}"),
    }
}

/// Runs this test program again with other environment variables, and returns its output.
fn child(url: &str, environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    for name in [
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
    ] {
        command.env_remove(name);
    }
    let output = command
        .args(["--exact", "azure::http::tests::child_process_sends_the_requests", "--nocapture"])
        .env(CHILD_URL, url)
        .envs(environment.iter().copied())
        .output()
        .expect("a child process");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs in the child process of tests that need their own environment variables. Does nothing in the parent.
#[tokio::test]
#[expect(clippy::print_stdout, reason = "the parent reads it")]
async fn child_process_sends_the_requests() {
    let Ok(url) = std::env::var(CHILD_URL) else { return };
    let http = Http::new(&UserAgent::default());
    for _ in 0..2 {
        match get(&http, &url, Duration::from_secs(1)).await {
            Ok(status) => println!("status {}", status.as_u16()),
            Err(error) => println!("error {error:?}"),
        }
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn ssl_cert_file_is_honored() {
    let server = Server::start(|_, _| Reply::text(200, "{}")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("ca.pem");
    std::fs::write(&bundle, &server.ca_pem).expect("a file");

    let output = child(server.endpoint.as_str(), &[("SSL_CERT_FILE", &bundle.display().to_string())]);

    assert!(output.contains("status 200"), "{output}");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn ssl_cert_dir_is_honored() {
    let server = Server::start(|_, _| Reply::text(200, "{}")).await;
    let folder = tempfile::tempdir().expect("a folder");
    // OpenSSL names these files by a hash of the subject. The loader checks only the format of the name.
    std::fs::write(folder.path().join("0a1b2c3d.0"), &server.ca_pem).expect("a file");

    let output = child(server.endpoint.as_str(), &[("SSL_CERT_DIR", &folder.path().display().to_string())]);

    assert!(output.contains("status 200"), "{output}");
}

#[cfg(target_os = "linux")]
#[test]
fn reports_a_bundle_without_certificates() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").expect("a file");

    let output = child("https://127.0.0.1:1/", &[("SSL_CERT_FILE", &empty.display().to_string())]);

    assert!(
        output.contains("error Environment") && output.contains("SSL_CERT_FILE") && output.contains("is empty"),
        "{output}"
    );
}

#[test]
fn reports_an_unreachable_proxy_without_its_password() {
    let proxy = format!("http://user:hidden@127.0.0.1:{}", free_port());

    let output = child("https://management.azure.com/", &[("HTTPS_PROXY", &proxy)]);

    assert!(output.contains("host: \"management.azure.com\"") && output.contains("HTTPS_PROXY"), "{output}");
    assert!(!output.contains("hidden"), "{output}");
}

/// Starts a proxy that sends this response to each request. Returns its address and the number of requests.
async fn proxy(response: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let requests = Arc::new(AtomicUsize::new(0));
    tokio::spawn({
        let requests = Arc::clone(&requests);
        async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                requests.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(response.as_bytes()).await;
            }
        }
    });
    (address, requests)
}

#[tokio::test(flavor = "multi_thread")]
async fn does_not_retry_a_proxy_that_requires_authentication() {
    let (address, requests) = proxy("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n").await;
    let variable = format!("http://user:hidden-password@{address}");

    let output =
        tokio::task::spawn_blocking(move || child("https://management.azure.com/", &[("HTTPS_PROXY", &variable)]));
    let output = output.await.expect("no panic");

    assert!(output.contains("kind: ProxyAuthentication") && !output.contains("hidden-password"), "{output}");
    assert_eq!(output.matches("kind: ProxyAuthentication").count(), 2, "two calls: {output}");
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[test]
fn rejects_an_unsupported_proxy_at_once() {
    let started = Instant::now();

    let output = child("https://management.azure.com/", &[("HTTPS_PROXY", "ftp://127.0.0.1:1080")]);

    assert!(output.contains("error Environment") && output.contains("ftp"), "{output}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

/// Starts a SOCKS 5 proxy (RFC 1928) that requires this user and password.
#[cfg(target_os = "linux")]
async fn socks_proxy(user: &'static str, password: &'static str) -> String {
    async fn read<const N: usize>(stream: &mut tokio::net::TcpStream) -> [u8; N] {
        let mut bytes = [0; N];
        stream.read_exact(&mut bytes).await.expect("a message of SOCKS");
        bytes
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let [_, methods] = read(&mut stream).await;
            let _ = stream.read_exact(&mut vec![0; methods.into()]).await;
            let _ = stream.write_all(&[5, 2]).await;
            let mut given = vec![0; 3 + user.len() + password.len()];
            let _ = stream.read_exact(&mut given).await;
            let is_known = given[2..].starts_with(user.as_bytes()) && given.ends_with(password.as_bytes());
            let _ = stream.write_all(&[1, u8::from(!is_known)]).await;
            if !is_known {
                continue;
            }
            // CONNECT to an IPv4 address and a port.
            let [_, _, _, _, a, b, c, d, high, low] = read(&mut stream).await;
            let target = (std::net::Ipv4Addr::new(a, b, c, d), u16::from_be_bytes([high, low]));
            let mut server = tokio::net::TcpStream::connect(target).await.expect("the server listens");
            let _ = stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await;
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut stream, &mut server).await });
        }
    });
    address
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn reaches_hosts_through_a_socks_proxy() {
    let server = Server::start(|_, _| Reply::text(200, "{}")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("ca.pem");
    std::fs::write(&bundle, &server.ca_pem).expect("a file");
    let (bundle, proxy) = (bundle.display().to_string(), socks_proxy("user", "right-password").await);
    let url = server.endpoint.to_string();
    let through = |proxy: String| {
        let (url, bundle) = (url.clone(), bundle.clone());
        tokio::task::spawn_blocking(move || child(&url, &[("SSL_CERT_FILE", &bundle), ("ALL_PROXY", &proxy)]))
    };

    let accepted = through(format!("socks5h://user:right-password@{proxy}")).await.expect("no panic");
    let rejected = through(format!("socks5://user:wrong-password@{proxy}")).await.expect("no panic");

    assert!(accepted.contains("status 200"), "{accepted}");
    assert!(rejected.contains("kind: ProxyAuthentication") && !rejected.contains("wrong-password"), "{rejected}");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn no_proxy_applies_to_ip_addresses() {
    let server = Server::start(|_, _| Reply::text(200, "{}")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("ca.pem");
    std::fs::write(&bundle, &server.ca_pem).expect("a file");
    let (bundle, proxy) = (bundle.display().to_string(), format!("http://127.0.0.1:{}", free_port()));

    let output =
        child(server.endpoint.as_str(), &[("SSL_CERT_FILE", &bundle), ("HTTPS_PROXY", &proxy), ("NO_PROXY", "*")]);

    assert!(output.contains("status 200"), "{output}");
}

#[tokio::test]
async fn reports_an_untrusted_certificate_at_once() {
    let (server, other) = (Server::start(|_, _| Reply::text(200, "{}")).await, Server::start(|_, _| Reply::Hang).await);
    let started = Instant::now();

    let (kind, text) = failure(&other.http(), server.endpoint.as_str()).await;

    assert_eq!(kind, TransportKind::Tls, "{text}");
    assert!(text.contains("127.0.0.1:") && text.contains("certificate"), "{text}");
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn reports_host_and_cause_of_a_refused_connection() {
    let server = Server::start(|_, _| Reply::Hang).await;
    let nowhere = format!("https://127.0.0.1:{}/", free_port());

    let (kind, text) = failure(&server.http(), &nowhere).await;

    assert_eq!(kind, TransportKind::Connect);
    assert!(text.to_ascii_lowercase().contains("connection refused"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn reports_an_unknown_host_name() {
    let server = Server::start(|_, _| Reply::Hang).await;

    let (kind, text) = failure(&server.http(), "https://sentinel.invalid/").await;

    assert_eq!(kind, TransportKind::Name, "{text}");
    assert!(text.starts_with("sentinel.invalid: "), "{text}");
}
