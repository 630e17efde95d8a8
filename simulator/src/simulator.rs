//! Starting and stopping: options, certificates, the world, the listener, and the ready line.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::http::certificate::{self, Certificates};
use crate::http::server;
use crate::service::Service;
use crate::world::{self, World, WorldError};

/// Where to listen, where to keep files, and what exists.
#[derive(clap::Args, Clone, Debug)]
pub struct Options {
    /// Address to listen on; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Folder for `ca.pem`; without it a fresh temporary folder that is removed at exit.
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// World to start from, in the format of `GET /_simulator/state`; without it the default world.
    #[arg(long, value_name = "FILE")]
    pub world: Option<PathBuf>,
}

/// The ready line: all that a client needs to work against this simulator.
#[derive(Clone, Debug, Serialize)]
pub struct Ready {
    /// Base URL of every surface: `https://127.0.0.1:PORT`.
    pub endpoint: String,
    /// Path of the PEM certificate of the authority that signed the simulator's certificate.
    pub ca_file: PathBuf,
    /// Environment for a client: `ARM_*` and `SSL_CERT_FILE`.
    pub env: BTreeMap<&'static str, String>,
    /// ARM ids of the workspaces by name.
    pub workspaces: BTreeMap<String, String>,
}

/// Why the simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The folder for files cannot be made or written.
    #[error("cannot write to {}: {source}", path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The world file is missing or wrong.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The certificates cannot be made.
    #[error("cannot make certificates: {0}")]
    Certificate(String),
}

/// A running simulator. Dropping it without [`Simulator::stop`] leaves its tasks to the runtime.
#[derive(Debug)]
pub struct Simulator {
    ready: Ready,
    stopping: CancellationToken,
    accepting: tokio::task::JoinHandle<()>,
    _folder: Folder,
}

impl Simulator {
    /// Starts to listen. Answers as soon as this returns.
    ///
    /// # Errors
    /// When the address, the folder or the world file cannot be used.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let world = match &options.world {
            Some(path) => World::read(path)?,
            None => world::default_world(),
        };
        let listener = TcpListener::bind(options.listen)
            .await
            .map_err(|source| StartError::Listen { address: options.listen, source })?;
        let address = listener.local_addr().map_err(|source| StartError::Listen { address: options.listen, source })?;
        let folder = Folder::prepare(options.dir.as_deref())?;
        let certificates =
            certificate::issue(address.ip()).map_err(|error| StartError::Certificate(error.to_string()))?;
        let ca_file = folder.write_authority(&certificates)?;
        let ready = Ready::describe(address, ca_file, &world);

        let service = Arc::new(Service::new(ready.endpoint.clone(), world));
        let stopping = CancellationToken::new();
        let tls = server::acceptor(&certificates).map_err(|error| StartError::Certificate(error.to_string()))?;
        let accepting = tokio::spawn(server::accept(listener, tls, service, stopping.clone()));
        Ok(Self { ready, stopping, accepting, _folder: folder })
    }

    /// What the ready line says.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Closes the listener and every connection.
    pub async fn stop(self) {
        self.stopping.cancel();
        // A panic of the accept loop was printed when it happened; there is nothing left to stop then.
        let _finished = self.accepting.await;
    }
}

impl Ready {
    fn describe(address: SocketAddr, ca_file: PathBuf, world: &World) -> Self {
        let login = world.settings.first_login();
        let env = [
            ("ARM_METADATA_HOSTNAME", address.to_string()),
            ("ARM_TENANT_ID", login.tenant_id),
            ("ARM_CLIENT_ID", login.client_id),
            ("ARM_CLIENT_SECRET", login.client_secret),
            ("ARM_SUBSCRIPTION_ID", world.settings.default_subscription.clone()),
            ("SSL_CERT_FILE", ca_file.display().to_string()),
        ];
        Self { endpoint: format!("https://{address}"), ca_file, env: env.into(), workspaces: world.workspaces() }
    }
}

/// The folder for files; a temporary one is removed with everything in it on drop.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    fn prepare(wanted: Option<&Path>) -> Result<Self, StartError> {
        let (path, temporary) = match wanted {
            Some(path) => (std::path::absolute(path).unwrap_or_else(|_| path.to_owned()), false),
            None => (std::env::temp_dir().join(format!("azure-simulator-{}", uuid::Uuid::new_v4().simple())), true),
        };
        std::fs::create_dir_all(&path).map_err(|source| StartError::Folder { path: path.clone(), source })?;
        Ok(Self { path, temporary })
    }

    fn write_authority(&self, certificates: &Certificates) -> Result<PathBuf, StartError> {
        let path = self.path.join("ca.pem");
        std::fs::write(&path, &certificates.authority_pem)
            .map_err(|source| StartError::Folder { path: path.clone(), source })?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!("cannot remove {}: {error}", self.path.display());
        }
    }
}
