//! A secret given as a value, or as a file that is read whenever it is needed.

use secrecy::{ExposeSecret, SecretString};

use super::error::AuthenticationError;
use super::settings::{Setting, Settings};

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
                let content = tokio::fs::read_to_string(path)
                    .await
                    .map_err(|error| fail(format!("the file {path:?} cannot be read: {error}")))?;
                match content.trim() {
                    "" => Err(fail(format!("the file {path:?} is empty"))),
                    secret => Ok(secret.into()),
                }
            }
        }
    }
}
