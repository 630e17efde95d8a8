//! A secret given as a value, or as a file that is read whenever it is needed.

use std::io;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncReadExt;

use super::error::AuthenticationError;
use super::settings::{Setting, Settings};

/// No secret and no token comes near this size, in bytes.
const LIMIT: u64 = 64 * 1024;

/// Where a secret comes from. A file is read at every use, so that what a pipeline renews is seen.
#[derive(Clone, Debug)]
pub(super) enum SecretSource {
    Value(Setting<SecretString>),
    File(Setting<String>),
}

impl SecretSource {
    /// The value if there is one, else the file.
    pub(super) fn of(value: &Option<Setting<SecretString>>, file: &Option<Setting<String>>) -> Option<Self> {
        let value = Settings::secret(value).cloned().map(Self::Value);
        value.or_else(|| Settings::text(file).cloned().map(Self::File))
    }

    /// Where the user gave it.
    pub(super) fn argument(&self) -> &str {
        match self {
            Self::Value(setting) => &setting.source,
            Self::File(setting) => &setting.source,
        }
    }

    /// The secret, without white space around it: files end with a newline.
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

/// Reads a file that is one: a pipe could keep us waiting for ever, a device could give for ever.
async fn read(path: &str) -> io::Result<String> {
    if !tokio::fs::metadata(path).await?.is_file() {
        return Err(io::Error::other("it is no regular file"));
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
    async fn what_is_no_file_or_too_large_is_not_read() {
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
