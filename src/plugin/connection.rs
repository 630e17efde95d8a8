//! Connections for the gRPC server: accepts sockets and runs their TLS handshakes concurrently.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::JoinSet;
use tokio_stream::Stream;
use tonic::transport::server::Connected;

use super::listener::{ByteStream, Listener};
use super::tls::TlsServer;

const TLS_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long to wait after a failed accept, for example when the process is out of file descriptors.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);

/// A connection to an authenticated client.
pub(crate) struct Connection(Box<dyn ByteStream>);

/// The authenticated connections of `listener`. Dropping the stream closes the listener.
///
/// Each TLS handshake runs in its own task, so that a silent client does not block others.
pub(crate) fn incoming(listener: Listener, tls: Option<TlsServer>) -> impl Stream<Item = io::Result<Connection>> {
    stream::unfold((listener, tls, JoinSet::new()), async |(listener, tls, mut handshakes)| {
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok(socket) => drop(handshakes.spawn(authenticate(socket, tls.clone()))),
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        tokio::time::sleep(ACCEPT_BACKOFF).await;
                    }
                },
                Some(authenticated) = handshakes.join_next() => {
                    if let Ok(Some(connection)) = authenticated {
                        return Some((Ok(connection), (listener, tls, handshakes)));
                    }
                }
            }
        }
    })
}

/// Runs the TLS handshake. Returns `None` if it fails.
async fn authenticate(socket: Box<dyn ByteStream>, tls: Option<TlsServer>) -> Option<Connection> {
    let Some(tls) = tls else { return Some(Connection(socket)) };
    match tokio::time::timeout(TLS_HANDSHAKE_TIMEOUT, tls.accept(socket)).await {
        Ok(Ok(socket)) => return Some(Connection(socket)),
        Ok(Err(error)) => tracing::warn!(%error, "refused a connection"),
        Err(_) => tracing::warn!("refused a connection: TLS handshake timed out"),
    }
    None
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(cx, bufs)
    }
}
