//! A secret given as a value or as a file.

use std::io;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncReadExt;

use super::settings::{Setting, Settings};
use crate::azure::error::AuthenticationError;

/// In bytes. No secret and no token comes close to this size.
const LIMIT: u64 = 64 * 1024;

/// Where a secret comes from. A file is read at each use, so that pipelines can renew it.
#[derive(Clone, Debug)]
pub(super) enum SecretSource {
    Value(Setting<SecretString>),
    File(Setting<String>),
}

impl SecretSource {
    /// The value if it is set, else the file.
    pub(super) fn from_settings(value: &Option<Setting<SecretString>>, file: &Option<Setting<String>>) -> Option<Self> {
        let value = Settings::secret(value).cloned().map(Self::Value);
        value.or_else(|| Settings::text(file).cloned().map(Self::File))
    }

    /// The setting that it comes from.
    pub(super) fn argument(&self) -> &str {
        match self {
            Self::Value(setting) => &setting.source,
            Self::File(setting) => &setting.source,
        }
    }

    /// The secret without surrounding white space: files end with a newline.
    pub(super) async fn read(&self, method: &'static str) -> Result<SecretString, Box<AuthenticationError>> {
        match self {
            Self::Value(setting) => Ok(setting.value.expose_secret().trim().into()),
            Self::File(setting) => {
                let fail = |cause: String| AuthenticationError::local(method, cause, Some(setting.source.clone()));
                let path = &setting.value;
                let content =
                    read(path).await.map_err(|error| fail(format!("the file {path:?} cannot be read: {error}")))?;
                match content.trim() {
                    "" => Err(fail(format!("the file {path:?} is empty"))),
                    secret => Ok(secret.into()),
                }
            }
        }
    }
}

/// Reads a regular file only: reading a pipe or a device might never end.
async fn read(path: &str) -> io::Result<String> {
    if !tokio::fs::metadata(path).await?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut content = String::new();
    let file = tokio::fs::File::open(path).await?;
    let read = file.take(LIMIT + 1).read_to_string(&mut content).await?;
    if read as u64 > LIMIT {
        return Err(io::Error::other("it is larger than any secret or token"));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reads_only_regular_files_of_moderate_size() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("secret"), "s3cret\n").expect("it is writable");
        std::fs::write(path("large"), vec![b'a'; 70_000]).expect("it is writable");

        assert_eq!(read(&path("secret")).await.expect("a secret"), "s3cret\n");
        assert!(read(&path("large")).await.is_err());
        assert!(read(&folder.path().display().to_string()).await.is_err());
        assert!(read("/dev/zero").await.is_err());
    }
}
