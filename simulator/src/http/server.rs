//! The listener: TLS by rustls, HTTP/1.1 and HTTP/2 by hyper, and connections that a fault breaks.

use std::convert::Infallible;
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use hyper::{Method, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::certificate::Certificates;
use super::{Request, Response};

/// The maximum size of a request body. Resource Manager itself enforces a limit of 4 MiB.
const TRANSPORT_LIMIT: usize = 64 * 1024 * 1024;

/// The delay between the bytes of a truncated response and the end of the connection, so that the bytes reach the
/// client.
const FLUSH: Duration = Duration::from_millis(50);

/// Responds to the requests of a listener.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Processes a request and returns what to send.
    fn handle(&self, request: Request) -> Delivery;

    /// Waits until the simulator's clock has advanced by `delay`.
    fn wait(&self, delay: Duration) -> impl Future<Output = ()> + Send;
}

/// The response to a request, and how to deliver it.
pub(crate) struct Delivery {
    /// None if the connection closes or hangs.
    pub(crate) response: Option<Response>,
    pub(crate) delay: Duration,
    pub(crate) hang: bool,
    pub(crate) disconnect: bool,
    /// Close the connection after this many bytes of the body.
    pub(crate) truncate: Option<usize>,
}

impl Delivery {
    /// Delivers the response immediately.
    pub(crate) fn plain(response: Response) -> Self {
        Self { response: Some(response), delay: Duration::ZERO, hang: false, disconnect: false, truncate: None }
    }
}

/// TLS 1.2 and 1.3 with the given certificate, offering HTTP/2 and HTTP/1.1.
///
/// # Errors
/// If rustls rejects the certificate, which is a bug in `certificate`.
pub(crate) fn acceptor(certificates: &Certificates) -> Result<TlsAcceptor, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates.chain.clone(), certificates.key.clone_key())?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves every connection until `stopping` is canceled, then closes all connections.
pub(crate) async fn accept(
    listener: TcpListener,
    tls: TlsAcceptor,
    handler: Arc<impl Handler>,
    stopping: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.cancelled() => return,
        };
        match accepted {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, tls.clone(), Arc::clone(&handler), stopping.child_token()));
            }
            Err(error) => {
                // The process is probably out of file descriptors. Give other connections time to close.
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Serves one connection until it ends or `broken` is canceled, by a fault or because the simulator stops.
async fn serve(stream: TcpStream, tls: TlsAcceptor, handler: Arc<impl Handler>, broken: CancellationToken) {
    // Each response is one small write, so do not delay it until the client's acknowledgment.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("cannot set TCP_NODELAY: {error}");
    }
    // The first byte of a TLS handshake. No HTTP request starts with it.
    let mut first = [0];
    let is_encrypted = matches!(stream.peek(&mut first).await, Ok(1)) && first[0] == 0x16;
    if !is_encrypted {
        return serve_connection(stream, is_encrypted, handler, broken).await;
    }
    match tls.accept(stream).await {
        Ok(stream) => serve_connection(stream, is_encrypted, handler, broken).await,
        Err(error) => tracing::debug!("TLS handshake failed: {error}"),
    }
}

async fn serve_connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
    is_encrypted: bool,
    handler: Arc<impl Handler>,
    broken: CancellationToken,
) {
    let respond =
        hyper::service::service_fn(|request| respond(request, is_encrypted, Arc::clone(&handler), broken.clone()));
    let builder = auto::Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection(TokioIo::new(stream), respond);
    tokio::select! {
        result = connection => if let Err(error) = result {
            tracing::debug!("connection ended: {error}");
        },
        // Dropping the connection closes the socket without a response and without a TLS close_notify.
        () = broken.cancelled() => {}
    }
}

async fn respond(
    request: hyper::Request<Incoming>,
    is_encrypted: bool,
    handler: Arc<impl Handler>,
    connection: CancellationToken,
) -> Result<hyper::Response<ResponseBody>, Box<dyn Error + Send + Sync>> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, TRANSPORT_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            let response = Response::empty(StatusCode::PAYLOAD_TOO_LARGE);
            return Ok(encode(response, false, None, connection));
        }
        // The client canceled the request. Other requests of an HTTP/2 connection continue.
        Err(error) => return Err(error),
    };
    let request = Request { is_encrypted, ..Request::new(parts.method, &parts.uri, parts.headers, body) };
    let head = request.method == Method::HEAD;
    let Delivery { response, delay, hang, disconnect, truncate } = handler.handle(request);
    if hang {
        std::future::pending::<()>().await;
    }
    if !delay.is_zero() {
        handler.wait(delay).await;
    }
    match response {
        Some(response) if !disconnect => Ok(encode(response, head, truncate, connection)),
        _ => broken(&connection).await,
    }
}

/// Closes the connection without a response.
async fn broken(connection: &CancellationToken) -> Result<hyper::Response<ResponseBody>, Box<dyn Error + Send + Sync>> {
    connection.cancel();
    std::future::pending().await
}

fn encode(
    response: Response,
    head: bool,
    truncate: Option<usize>,
    connection: CancellationToken,
) -> hyper::Response<ResponseBody> {
    let length = response.body.len();
    let (body, then_break) = match truncate {
        Some(bytes) => (response.body.slice(..bytes.min(length)), Some(Cutoff::Armed(connection))),
        None if head => (Bytes::new(), None),
        None => (response.body, None),
    };
    let body = ResponseBody { bytes: Some(body).filter(|bytes| !bytes.is_empty()), then_break };
    let mut encoded = hyper::Response::new(body);
    *encoded.status_mut() = response.status;
    *encoded.headers_mut() = response.headers;
    if length > 0 || !response.status.is_success() {
        encoded.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    encoded
}

/// The body of a response. A truncated body closes the connection after its bytes.
struct ResponseBody {
    bytes: Option<Bytes>,
    then_break: Option<Cutoff>,
}

enum Cutoff {
    Armed(CancellationToken),
    Waiting(Pin<Box<dyn Future<Output = ()> + Send>>),
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if let Some(Cutoff::Armed(connection)) = &self.then_break {
            let connection = connection.clone();
            self.then_break = Some(Cutoff::Waiting(Box::pin(async move {
                tokio::time::sleep(FLUSH).await;
                connection.cancel();
                std::future::pending::<()>().await;
            })));
        }
        match &mut self.then_break {
            Some(Cutoff::Waiting(waiting)) => waiting.as_mut().poll(context).map(|()| None),
            _ => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && self.then_break.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        if self.then_break.is_some() {
            SizeHint::default()
        } else {
            SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
        }
    }
}
