//! Connections ready for gRPC: accepted, through TLS, and never waiting for one another.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::JoinSet;
use tokio_stream::Stream;
use tonic::transport::server::Connected;

use super::listener::{Listener, Socket};
use super::tls::Tls;

/// A client that has not finished its TLS handshake by then never will.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);

/// How long to wait when the operating system has no more descriptors for us.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A byte stream to a client that may call us.
pub(crate) struct Connection(Box<dyn Socket>);

/// The connections that `listener` takes. Dropping the stream closes the listener, there and then.
///
/// Each TLS handshake is a task of its own, so that a client which connects and says nothing blocks nobody.
pub(crate) fn incoming(listener: Listener, tls: Option<Tls>) -> impl Stream<Item = io::Result<Connection>> {
    stream::unfold((listener, tls, JoinSet::new()), async |(listener, tls, mut handshakes)| {
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok(socket) => drop(handshakes.spawn(admit(socket, tls.clone()))),
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
                Some(admitted) = handshakes.join_next() => {
                    if let Ok(Some(connection)) = admitted {
                        return Some((Ok(connection), (listener, tls, handshakes)));
                    }
                }
            }
        }
    })
}

/// The connection, if its other end is who may talk to us.
async fn admit(socket: Box<dyn Socket>, tls: Option<Tls>) -> Option<Connection> {
    let Some(tls) = tls else { return Some(Connection(socket)) };
    match tokio::time::timeout(HANDSHAKE_LIMIT, tls.accept(socket)).await {
        Ok(Ok(socket)) => return Some(Connection(socket)),
        Ok(Err(error)) => tracing::warn!(%error, "refused a connection"),
        Err(_) => tracing::warn!("refused a connection: no TLS handshake in time"),
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
