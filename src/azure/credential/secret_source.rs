//! A secret from a setting or from a file.

use secrecy::SecretString;

use super::file;
use super::setting::{Level, Setting, Source};
use crate::azure::error::AuthenticationError;

/// The source of a secret. A file is read at each use, so that pipelines can renew it.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// The secret itself.
    Value(Setting<SecretString>),
    /// The path of a file that contains the secret.
    File(Setting<String>),
}

impl SecretSource {
    /// The source of the setting.
    pub(super) fn source(&self) -> &Source {
        match self {
            Self::Value(setting) => &setting.source,
            Self::File(setting) => &setting.source,
        }
    }

    pub(super) fn level(&self) -> Level {
        self.source().level()
    }

    /// Reads the secret, without changes.
    pub(super) async fn read(&self, method: &'static str) -> Result<SecretString, Box<AuthenticationError>> {
        let setting = match self {
            Self::Value(setting) => return Ok(setting.value.clone()),
            Self::File(setting) => setting,
        };
        let path = setting.value.clone();
        let read = tokio::task::spawn_blocking(move || file::read(&path)).await;
        let content = read.unwrap_or_else(|error| Err(error.to_string()));
        content
            .map(SecretString::from)
            .map_err(|cause| AuthenticationError::local(method, cause, Some(setting.source.to_string())))
    }
}
