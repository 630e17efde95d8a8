//! Where the CLI connects: a unix socket in a private folder, or a loopback TCP port where there are none.

mod tcp;
#[cfg(unix)]
mod unix;

use std::io;
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncWrite};

use super::environment::Environment;

/// A listening socket. Dropping it closes it and removes what it left in the file system.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(tcp::Loopback),
    #[cfg(unix)]
    Unix(unix::PrivateSocket),
}

/// Where a listener is reached, in Go's words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Address {
    /// `unix` or `tcp`.
    pub(crate) network: &'static str,
    /// A path, or `127.0.0.1:PORT`.
    pub(crate) text: String,
}

/// A connection before TLS.
pub(crate) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

/// Why there is nothing to connect to.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// No socket could be made there. `$TMPDIR` (else `/tmp`) or `PLUGIN_UNIX_SOCKET_DIR` has to be writable.
    #[error("cannot make a unix socket in {}: {source}", directory.display())]
    Socket {
        /// The folder that was tried last.
        directory: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// `PLUGIN_UNIX_SOCKET_GROUP` names no group of this machine.
    #[error("PLUGIN_UNIX_SOCKET_GROUP is {group:?}, which is no group here")]
    UnknownGroup {
        /// The value of the variable.
        group: String,
    },
    /// `PLUGIN_MIN_PORT` and `PLUGIN_MAX_PORT` make no range of ports.
    #[error("PLUGIN_MIN_PORT {min:?} and PLUGIN_MAX_PORT {max:?} are no range of ports")]
    PortRange {
        /// The lower bound as given.
        min: String,
        /// The upper bound as given.
        max: String,
    },
    /// Every port of the range is taken, or the loopback interface is closed to us.
    #[error("cannot listen on 127.0.0.1, ports {min} to {max}: {source}")]
    Ports {
        /// First port tried.
        min: u16,
        /// Last port tried.
        max: u16,
        /// What the operating system said about the last one.
        source: io::Error,
    },
}

impl Listener {
    /// Starts to listen as `environment` asks.
    #[cfg(unix)]
    pub(crate) fn bind(environment: &Environment) -> Result<Self, ListenError> {
        match unix::PrivateSocket::bind(environment.socket_directory.as_deref(), environment.socket_group.as_deref()) {
            Ok(socket) => Ok(Self::Unix(socket)),
            // A container without any writable folder still has a loopback interface, and the pinned certificate
            // keeps everybody else out of it. A folder that was asked for is not ours to replace.
            Err(error) if environment.client_certificate.is_some() && environment.socket_directory.is_none() => {
                tracing::warn!(%error, "listening on loopback TCP instead");
                tcp::Loopback::bind(&environment.ports).map(Self::Tcp).map_err(|_| error)
            }
            Err(error) => Err(error),
        }
    }

    /// Starts to listen as `environment` asks.
    #[cfg(not(unix))]
    pub(crate) fn bind(environment: &Environment) -> Result<Self, ListenError> {
        tcp::Loopback::bind(&environment.ports).map(Self::Tcp)
    }

    /// Where to connect to.
    pub(crate) fn address(&self) -> Address {
        match self {
            Self::Tcp(loopback) => Address { network: "tcp", text: loopback.address().to_string() },
            #[cfg(unix)]
            Self::Unix(socket) => Address { network: "unix", text: socket.path().to_owned() },
        }
    }

    /// The next connection.
    pub(crate) async fn accept(&self) -> io::Result<Box<dyn Socket>> {
        Ok(match self {
            Self::Tcp(loopback) => Box::new(loopback.accept().await?),
            #[cfg(unix)]
            Self::Unix(socket) => Box::new(socket.accept().await?),
        })
    }
}
