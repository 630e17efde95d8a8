//! The challenge of Azure Arc: the caller proves that it is privileged with a key that only privileged users can read.

use std::path::{Path, PathBuf};

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use secrecy::SecretString;

use crate::azure::credential::file;
use crate::azure::credential::token_endpoint::protected;

/// The maximum length of a key, in bytes. The agent writes no larger keys.
const MAX_KEY_LENGTH: usize = 4096;

/// The folder with the keys of the agent.
pub(super) fn folder() -> PathBuf {
    if cfg!(windows) {
        let data = std::env::var_os("ProgramData").unwrap_or_else(|| r"C:\ProgramData".into());
        PathBuf::from(data).join("AzureConnectedMachineAgent").join("Tokens")
    } else {
        PathBuf::from("/var/opt/azcmagent/tokens")
    }
}

/// Whether the agent is installed on this machine. Checks the same file as the libraries of Microsoft.
#[must_use]
pub fn is_agent_installed() -> bool {
    let program = if cfg!(windows) {
        let programs = std::env::var_os("ProgramFiles").unwrap_or_else(|| r"C:\Program Files".into());
        PathBuf::from(programs).join("AzureConnectedMachineAgent").join("himds.exe")
    } else {
        PathBuf::from("/opt/azcmagent/bin/himds")
    };
    program.exists()
}

/// Reads the key in the file that the challenge names.
///
/// # Errors
/// There is no challenge, it names a file outside `folder`, or this user cannot read the file.
pub(super) async fn read_key(headers: &HeaderMap, folder: &Path) -> Result<SecretString, String> {
    let path = challenge_path(headers, folder)?;
    let read = tokio::task::spawn_blocking(move || file::read(&path)).await;
    let key = read.unwrap_or_else(|error| Err(error.to_string())).map_err(|cause| {
        format!(
            "{cause}; the user who runs Terraform must be a member of the group himds (on Windows: an administrator)"
        )
    })?;
    if key.len() > MAX_KEY_LENGTH {
        return Err("the key of Azure Arc is longer than any key".to_owned());
    }
    Ok(protected(&key))
}

/// Reads the path in `Basic realm=PATH`. Only keys of the agent are allowed, because another process could listen on
/// the port of the agent to get other files.
fn challenge_path(headers: &HeaderMap, folder: &Path) -> Result<String, String> {
    let header = headers.get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(realm) = header.strip_prefix("Basic realm=") else {
        return Err("the response of Azure Arc has no challenge".to_owned());
    };
    let text = realm.trim().trim_matches('"');
    let path = Path::new(text);
    let is_key = path.extension().is_some_and(|extension| extension == "key");
    if path.parent() != Some(folder) || !is_key {
        return Err(format!(
            "the challenge of Azure Arc names the file {text:?}, which is not a key in the folder {}",
            folder.display()
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge(value: &str) -> Result<String, String> {
        let headers = HeaderMap::from_iter([(WWW_AUTHENTICATE, value.parse().expect("a header"))]);
        challenge_path(&headers, Path::new("/keys"))
    }

    #[test]
    fn reads_only_key_files_in_the_folder_of_the_agent() {
        assert_eq!(challenge("Basic realm=/keys/1.key").as_deref(), Ok("/keys/1.key"));
        assert_eq!(challenge("Basic realm=\"/keys/1.key\"").as_deref(), Ok("/keys/1.key"));
        for foreign in [
            "Basic realm=/etc/shadow",
            "Basic realm=/keys/1.txt",
            "Basic realm=/keys/../etc/1.key",
            "Basic realm=/keys/below/1.key",
            "Basic realm=keys/1.key",
            "Basic realm=",
            "Bearer realm=/keys/1.key",
        ] {
            challenge(foreign).expect_err(foreign);
        }
    }
}
