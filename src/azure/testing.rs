//! A small HTTPS server for tests of the Azure client. It sends scripted responses and can close a connection early.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use reqwest::Url;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::client::{Client, Correlation};
use super::cloud::Cloud;
use super::credential::{Credential, SecretSource, Setting, Settings, Source};
use super::deadline::Deadline;
use super::http::Http;

/// A JSON Web Token with these claims and an invalid signature.
pub(crate) fn jwt(claims: &Value) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.c2lnbmF0dXJl", encode(&json!({"alg": "RS256"})), encode(claims))
}

/// One request as the server received it.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn is_token_request(&self) -> bool {
        self.target.ends_with("/oauth2/v2.0/token")
    }
}

/// How the server responds to a request.
pub(crate) enum Reply {
    Response {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// Closes the connection without a response.
    Disconnect,
    /// Announces a longer body than it sends, then closes the connection.
    Truncated {
        body: Vec<u8>,
        promised: usize,
    },
    /// Never responds.
    Hang,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::Response { status, headers: Vec::new(), body: body.to_string().into_bytes() }
    }

    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self::Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Response { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// A token response of Microsoft Entra, valid for an hour.
    pub(crate) fn token(value: &str) -> Self {
        Self::json(
            200,
            &json!({"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600, "access_token": value}),
        )
    }

    /// An error response in Azure's format, with a `Retry-After` of 10 ms.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, &json!({"error": {"code": code, "message": message}})).header("retry-after-ms", "10")
    }
}

/// A running server. It ends with the runtime of the test.
pub(crate) struct Server {
    pub(crate) endpoint: Url,
    pub(crate) ca_pem: String,
    seen: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// Starts a server. `respond` gets each request and the number of earlier requests with the same method and target.
    pub(crate) async fn start(respond: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a CA");
        let key = KeyPair::generate().expect("a key");
        let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
        let leaf = leaf.signed_by(&key, &ca).expect("a certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = rustls::ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![leaf.der().clone()], key).expect("a matching key");
        let acceptor = TlsAcceptor::from(Arc::new(config));

        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (respond, log) = (Arc::new(respond), Arc::clone(&seen));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, respond, log) = (acceptor.clone(), Arc::clone(&respond), Arc::clone(&log));
                tokio::spawn(async move { serve(stream, acceptor, &*respond, &log).await });
            }
        });
        let endpoint = Url::parse(&format!("https://127.0.0.1:{port}")).expect("an address");
        Self { endpoint, ca_pem: ca.pem(), seen }
    }

    /// Starts a server that issues a token for every token request. `respond` gets only the other requests.
    pub(crate) async fn arm(respond: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(move |request, before| {
            if request.is_token_request() { Reply::token(&format!("token-{before}")) } else { respond(request, before) }
        })
        .await
    }

    /// All requests so far, including token requests.
    pub(crate) fn seen(&self) -> Vec<Received> {
        self.seen.lock().expect("not poisoned").clone()
    }

    /// The requests so far without token requests, as "METHOD target".
    pub(crate) fn calls(&self) -> Vec<String> {
        let seen = self.seen();
        let calls = seen.iter().filter(|request| !request.is_token_request());
        calls.map(|request| format!("{} {}", request.method, request.target)).collect()
    }

    pub(crate) fn token_requests(&self) -> usize {
        self.seen().iter().filter(|request| request.is_token_request()).count()
    }

    pub(crate) fn http(&self) -> Http {
        Http::trusting(reqwest::Certificate::from_pem(self.ca_pem.as_bytes()).expect("a certificate"))
    }

    pub(crate) fn cloud(&self) -> Cloud {
        Cloud::custom(self.endpoint.as_str(), self.endpoint.as_str(), None).expect("a cloud")
    }

    /// A client that authenticates with a client secret.
    pub(crate) fn client(&self) -> Client {
        let credential = Credential::select(&secret(), &self.cloud(), self.http()).expect("a credential");
        Client::new(self.http(), self.cloud(), credential, Correlation::given("run-1"))
    }
}

/// Settings for authentication with a client secret.
pub(crate) fn secret() -> Settings {
    let text = |value: &str, name: &str| Some(Setting::new(value.to_owned(), Source::argument(name)));
    Settings {
        tenant_id: text("11111111-1111-1111-1111-111111111111", "tenant_id"),
        client_id: text("22222222-2222-2222-2222-222222222222", "client_id"),
        client_secret: Some(SecretSource::Value(Setting::new(
            "the-secret-itself".into(),
            Source::argument("client_secret"),
        ))),
        ..Settings::default()
    }
}

/// A deadline that no test reaches unless it hangs.
pub(crate) fn deadline() -> Deadline {
    Deadline::lasting(Duration::from_secs(30))
}

async fn serve(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    respond: &(dyn Fn(&Received, usize) -> Reply + Send + Sync),
    log: &Mutex<Vec<Received>>,
) {
    // The paused clock advances while a test waits for the kernel. So there are no delayed segments, and each response
    // is one write.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let mut stream = BufReader::new(stream);
    while let Some(request) = receive(&mut stream).await {
        let before = {
            let mut log = log.lock().expect("not poisoned");
            let same = |other: &&Received| other.method == request.method && other.target == request.target;
            let before = log.iter().filter(same).count();
            log.push(request.clone());
            before
        };
        let response = match respond(&request, before) {
            Reply::Response { status, headers, body } => {
                let mut head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n", body.len());
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                [head.as_bytes(), b"\r\n", &body].concat()
            }
            Reply::Truncated { body, promised } => {
                let head = format!("HTTP/1.1 200 x\r\ncontent-length: {promised}\r\n\r\n");
                let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
                let _ = stream.shutdown().await;
                return;
            }
            Reply::Disconnect => return,
            Reply::Hang => return std::future::pending().await,
        };
        if stream.write_all(&response).await.is_err() {
            return;
        }
        let _ = stream.flush().await;
    }
}

async fn receive(stream: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Received> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Received { method, target, headers, body: String::from_utf8_lossy(&body).into_owned() })
}
