//! The startup output, and the folder with the certificate that it names.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use azure_simulator::Simulator;
use serde::Serialize;

/// All that a client needs to work with this simulator.
#[derive(Serialize)]
pub(crate) struct Ready {
    endpoint: String,
    ca_file: PathBuf,
    env: BTreeMap<&'static str, String>,
    workspaces: BTreeMap<String, String>,
}

impl Ready {
    /// Describes a simulator whose certificate is in `ca_file`.
    pub(crate) fn new(simulator: &Simulator, ca_file: PathBuf) -> Self {
        let endpoint = simulator.endpoint().to_owned();
        let login = simulator.login();
        let host = endpoint.trim_start_matches("https://").to_owned();
        let env = [
            ("ARM_METADATA_HOSTNAME", host),
            ("ARM_TENANT_ID", login.tenant_id),
            ("ARM_CLIENT_ID", login.client_id),
            ("ARM_CLIENT_SECRET", login.client_secret),
            ("ARM_SUBSCRIPTION_ID", login.subscription_id),
            ("SSL_CERT_FILE", ca_file.display().to_string()),
        ];
        Self { endpoint, ca_file, env: env.into(), workspaces: simulator.workspaces() }
    }
}

/// The folder for `ca.pem`. A temporary one is removed on drop.
pub(crate) struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    /// Creates the wanted folder, or a temporary one.
    pub(crate) fn create(wanted: Option<&Path>) -> io::Result<Self> {
        let (path, temporary) = match wanted {
            Some(path) => (std::path::absolute(path)?, false),
            None => (std::env::temp_dir().join(format!("azure-simulator-{}", uuid::Uuid::new_v4().simple())), true),
        };
        std::fs::create_dir_all(&path).map_err(|error| cannot_write(&path, &error))?;
        Ok(Self { path, temporary })
    }

    /// Writes `ca.pem` and returns its path.
    pub(crate) fn write_ca(&self, pem: &str) -> io::Result<PathBuf> {
        let path = self.path.join("ca.pem");
        std::fs::write(&path, pem).map_err(|error| cannot_write(&path, &error))?;
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

fn cannot_write(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write to {}: {error}", path.display()))
}
