//! The listener: TLS by rustls, HTTP/1.1 and HTTP/2 by hyper, and connections that a fault breaks on purpose.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use hyper::{Method, Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::answer::Answer;
use super::call::Call;
use super::certificate::Certificates;
use crate::service::{Delivery, Service};

/// Resource Manager's limit of a request body (4 MiB), which a simulated service answers; the transport only
/// guards itself against much more.
const TRANSPORT_LIMIT: usize = 64 * 1024 * 1024;

/// How long the first bytes of a truncated answer get to reach the client before the connection closes.
const FLUSH: Duration = Duration::from_millis(50);

/// TLS 1.2 and 1.3 with the given certificate, offering HTTP/2 and HTTP/1.1.
///
/// # Errors
/// When rustls refuses the certificate, which would be a defect of `certificate`.
pub(crate) fn acceptor(certificates: &Certificates) -> Result<TlsAcceptor, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates.chain.clone(), certificates.key.clone_key())?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves every connection until `stopping`, then closes all of them.
pub(crate) async fn accept(
    listener: TcpListener,
    tls: TlsAcceptor,
    service: Arc<Service>,
    stopping: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.cancelled() => return,
        };
        match accepted {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, tls.clone(), Arc::clone(&service), stopping.child_token()));
            }
            Err(error) => {
                // Out of file descriptors, most likely: give the others a moment to close theirs.
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Serves one connection until it ends or `broken` is cancelled, by a fault or because the simulator stops.
async fn serve(stream: TcpStream, tls: TlsAcceptor, service: Arc<Service>, broken: CancellationToken) {
    // Answers are small and one write each: never hold one back for the client's acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("cannot set TCP_NODELAY: {error}");
    }
    let stream = match tls.accept(stream).await {
        Ok(stream) => stream,
        Err(error) => {
            tracing::debug!("TLS handshake failed: {error}");
            return;
        }
    };
    let respond = hyper::service::service_fn(|request| respond(request, Arc::clone(&service), broken.clone()));
    let builder = auto::Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection(TokioIo::new(stream), respond);
    tokio::select! {
        result = connection => if let Err(error) = result {
            tracing::debug!("connection ended: {error}");
        },
        // Dropping the connection closes the socket without an answer and without a TLS goodbye.
        () = broken.cancelled() => {}
    }
}

async fn respond(
    request: Request<Incoming>,
    service: Arc<Service>,
    connection: CancellationToken,
) -> Result<Response<AnswerBody>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, TRANSPORT_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => {
            // The client went away in mid-sentence, or sends without end: nothing to answer.
            tracing::debug!(too_long = error.is::<LengthLimitError>(), "request body not read: {error}");
            return broken(&connection).await;
        }
    };
    let call = Call::new(parts.method, &parts.uri, parts.headers, body);
    let head = call.method == Method::HEAD;
    let Delivery { answer, delay, disconnect, truncate } = service.deliver(&call);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match answer {
        Some(answer) if !disconnect => Ok(response(answer, head, truncate, connection)),
        _ => broken(&connection).await,
    }
}

/// Never answers: closes the connection under the request.
async fn broken(connection: &CancellationToken) -> Result<Response<AnswerBody>, Infallible> {
    connection.cancel();
    std::future::pending().await
}

fn response(
    answer: Answer,
    head: bool,
    truncate: Option<usize>,
    connection: CancellationToken,
) -> Response<AnswerBody> {
    let length = answer.body.len();
    let (body, then_break) = match truncate {
        Some(bytes) => (answer.body.slice(..bytes.min(length)), Some(Break::Armed(connection))),
        None if head => (Bytes::new(), None),
        None => (answer.body, None),
    };
    let mut response = Response::new(AnswerBody { bytes: Some(body).filter(|bytes| !bytes.is_empty()), then_break });
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    if length > 0 || !answer.status.is_success() {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

/// The bytes of an answer, after which a truncated one breaks the connection.
struct AnswerBody {
    bytes: Option<Bytes>,
    then_break: Option<Break>,
}

enum Break {
    Armed(CancellationToken),
    Waiting(Pin<Box<dyn Future<Output = ()> + Send>>),
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if let Some(Break::Armed(connection)) = &self.then_break {
            let connection = connection.clone();
            self.then_break = Some(Break::Waiting(Box::pin(async move {
                tokio::time::sleep(FLUSH).await;
                connection.cancel();
                std::future::pending::<()>().await;
            })));
        }
        match &mut self.then_break {
            Some(Break::Waiting(waiting)) => waiting.as_mut().poll(context).map(|()| None),
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
