//! The socket that Terraform connects to: a Unix socket in a private directory, or a TCP port on the loopback
//! interface.

mod tcp;
#[cfg(unix)]
mod unix;

use std::io;
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncWrite};

use super::launch::LaunchOptions;

/// A listening socket. Dropping it closes it and removes its files.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(tcp::LoopbackListener),
    #[cfg(unix)]
    Unix(unix::PrivateSocket),
}

/// The address of a listener, as in Go's `net.Addr`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Address {
    /// `unix` or `tcp`.
    pub(crate) network: &'static str,
    /// A path, or `127.0.0.1:PORT`.
    pub(crate) text: String,
}

/// A connection without TLS, or the plaintext inside TLS.
pub(crate) trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

/// Why the provider cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Creating the socket failed. `$TMPDIR` (or else `/tmp`) or `PLUGIN_UNIX_SOCKET_DIR` must be writable.
    #[error("cannot create a Unix socket in {}: {source}", directory.display())]
    UnixSocket {
        /// The last directory that the provider tried.
        directory: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// `PLUGIN_UNIX_SOCKET_GROUP` is not a group of this machine.
    #[error("PLUGIN_UNIX_SOCKET_GROUP is {group:?}, but this machine has no such group")]
    UnknownGroup {
        /// The value of the variable.
        group: String,
    },
    /// Without Unix sockets, any user of this machine could connect.
    #[error("PLUGIN_CLIENT_CERT is not set, and on this system only TLS protects the provider from other users")]
    NotPrivate,
    /// `PLUGIN_MIN_PORT` and `PLUGIN_MAX_PORT` are not a range of ports.
    #[error("PLUGIN_MIN_PORT {min:?} and PLUGIN_MAX_PORT {max:?} are not a valid range of ports")]
    InvalidPortRange {
        /// The lower bound as given.
        min: String,
        /// The upper bound as given.
        max: String,
    },
    /// Every port of the range is in use, or the loopback interface cannot be used.
    #[error("cannot listen on any port from {min} to {max} of 127.0.0.1: {source}")]
    NoFreePort {
        /// The first port of the range.
        min: u16,
        /// The last port of the range.
        max: u16,
        /// The operating system's error for the last port.
        source: io::Error,
    },
}

impl Listener {
    /// Starts to listen.
    #[cfg(unix)]
    pub(crate) fn bind(options: &LaunchOptions) -> Result<Self, ListenError> {
        let socket = unix::PrivateSocket::bind(options.socket_directory.as_deref(), options.socket_group.as_deref());
        Self::or_tcp(socket, options)
    }

    /// Falls back to TCP with TLS if there is no Unix socket, for example in a container without a writable directory.
    ///
    /// Returns the error instead if Terraform requires a directory or a group.
    #[cfg(unix)]
    fn or_tcp(socket: Result<unix::PrivateSocket, ListenError>, options: &LaunchOptions) -> Result<Self, ListenError> {
        let is_unconstrained = options.socket_directory.is_none() && options.socket_group.is_none();
        match socket {
            Ok(socket) => Ok(Self::Unix(socket)),
            Err(error) if options.client_certificate.is_some() && is_unconstrained => {
                tracing::warn!(%error, "listening on loopback TCP instead");
                tcp::LoopbackListener::bind(&options.port_range).map(Self::Tcp).map_err(|_| error)
            }
            Err(error) => Err(error),
        }
    }

    /// Starts to listen on a port. Every user of this machine can connect, so the caller needs TLS or a warning.
    #[cfg(not(unix))]
    pub(crate) fn bind(options: &LaunchOptions) -> Result<Self, ListenError> {
        tcp::LoopbackListener::bind(&options.port_range).map(Self::Tcp)
    }

    pub(crate) fn address(&self) -> Address {
        match self {
            Self::Tcp(listener) => Address { network: "tcp", text: listener.address().to_string() },
            #[cfg(unix)]
            Self::Unix(socket) => Address { network: "unix", text: socket.path().to_owned() },
        }
    }

    /// Accepts the next connection.
    pub(crate) async fn accept(&self) -> io::Result<Box<dyn ByteStream>> {
        Ok(match self {
            Self::Tcp(listener) => Box::new(listener.accept().await?),
            #[cfg(unix)]
            Self::Unix(socket) => Box::new(socket.accept().await?),
        })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn no_socket() -> Result<unix::PrivateSocket, ListenError> {
        Err(ListenError::UnixSocket { directory: "/tmp".into(), source: io::ErrorKind::ReadOnlyFilesystem.into() })
    }

    #[tokio::test]
    async fn uses_loopback_tcp_only_with_tls_and_without_another_setting() {
        let tls = LaunchOptions { client_certificate: Some("PEM".to_owned()), ..LaunchOptions::default() };
        let directory = LaunchOptions { socket_directory: Some("/run".into()), ..tls.clone() };
        let group = LaunchOptions { socket_group: Some("soc".to_owned()), ..tls.clone() };

        assert_eq!(Listener::or_tcp(no_socket(), &tls).expect("a free port").address().network, "tcp");
        for options in [LaunchOptions::default(), directory, group] {
            assert!(Listener::or_tcp(no_socket(), &options).is_err(), "{options:?}");
        }
    }
}
