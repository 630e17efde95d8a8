//! The startup output, and the folder with the certificate that it refers to.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use azure_simulator::Simulator;
use serde::Serialize;

/// Everything that a client needs to use this simulator.
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

    /// Shell commands that export the environment, `ENDPOINT`, the variables with which Python and Node.js find the CA,
    /// and the ID of each workspace: `LAW_SOC` for `law-soc`.
    pub(crate) fn exports(&self) -> String {
        let ca_file = self.ca_file.display().to_string();
        let fixed = [("ENDPOINT", &self.endpoint), ("REQUESTS_CA_BUNDLE", &ca_file), ("NODE_EXTRA_CA_CERTS", &ca_file)];
        let fixed = fixed.into_iter().map(|(name, value)| (name.to_owned(), value));
        let env = self.env.iter().map(|(name, value)| ((*name).to_owned(), value));
        let workspaces = self.workspaces.iter().map(|(name, id)| (variable_name(name), id));
        env.chain(fixed).chain(workspaces).map(|(name, value)| format!("export {name}={}\n", quoted(value))).collect()
    }

    /// Writes [`Ready::exports`] to `path`. Another process sees the complete file or no file.
    pub(crate) fn write_exports(&self, path: &Path) -> io::Result<()> {
        let partial = PathBuf::from(format!("{}.partial", path.display()));
        std::fs::write(&partial, self.exports())
            .and_then(|()| std::fs::rename(&partial, path))
            .map_err(|error| cannot_write(path, &error))
    }
}

/// The name of a workspace as the name of a shell variable.
fn variable_name(workspace: &str) -> String {
    workspace.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// `value` as a quoted shell word.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

/// The folder for `ca.pem`. A temporary folder is removed on drop.
pub(crate) struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    /// Creates the given folder, or a temporary one.
    pub(crate) fn create(given: Option<&Path>) -> io::Result<Self> {
        let (path, temporary) = match given {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_the_environment_and_the_workspaces_as_shell_commands() {
        let ready = Ready {
            endpoint: "https://127.0.0.1:1".to_owned(),
            ca_file: PathBuf::from("/tmp/it's/ca.pem"),
            env: [("ARM_CLIENT_SECRET", "a'b $c".to_owned())].into(),
            workspaces: [("law-soc".to_owned(), "/subscriptions/s/law-soc".to_owned())].into(),
        };

        assert_eq!(
            ready.exports(),
            r"export ARM_CLIENT_SECRET='a'\''b $c'
export ENDPOINT='https://127.0.0.1:1'
export REQUESTS_CA_BUNDLE='/tmp/it'\''s/ca.pem'
export NODE_EXTRA_CA_CERTS='/tmp/it'\''s/ca.pem'
export LAW_SOC='/subscriptions/s/law-soc'
"
        );
    }
}
