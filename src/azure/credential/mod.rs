//! Logging in: one method, chosen by a fixed order, and its tokens.
//!
//! Further methods are further files beside `client_secret.rs`: a `consider` that reads the settings, a `fetch` that
//! gets one token, a line in `select` and one in `method`.

mod azure_cli;
mod client_secret;
mod entra;
mod error;
mod method;
mod oidc;
mod secret_source;
mod select;
mod settings;
mod token_cache;

use std::sync::Arc;

use super::cloud::Cloud;
use super::http::Http;
use super::{Deadline, Error};
use entra::Entra;
use method::Method;
use token_cache::TokenCache;

pub use error::{AuthenticationError, AuthenticationProblem};
pub use select::{Considered, NoCredential};
pub use settings::{Setting, Settings};
pub use token_cache::Token;

/// The login in use. Cloning shares its tokens.
#[derive(Clone, Debug)]
pub struct Credential {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    method: Method,
    entra: Entra,
    considered: Vec<Considered>,
    cache: TokenCache,
}

impl Credential {
    /// Chooses the method: certificate, secret, OIDC token, token file, Azure DevOps, GitHub, AKS, managed identity,
    /// Azure CLI. The first that is configured is used and there is no falling through when it fails, as in azurerm.
    /// Asks nobody yet; reads at most the file of the client id.
    ///
    /// # Errors
    /// When no method is left: why each was not chosen.
    pub fn select(settings: &Settings, cloud: &Cloud, http: Http) -> Result<Self, NoCredential> {
        let (method, considered) = select::select(settings)?;
        let entra = Entra::new(http, cloud.authority().clone());
        Ok(Self { inner: Arc::new(Inner { method, entra, considered, cache: TokenCache::default() }) })
    }

    /// The method in use, for people: "client secret".
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.inner.method.name()
    }

    /// The methods that are not in use, and why, in the order they were looked at.
    #[must_use]
    pub fn considered(&self) -> &[Considered] {
        &self.inner.considered
    }

    /// A token for `scope` that is good for at least a moment. Kept per scope, fetched once however many ask, renewed
    /// when five minutes or less are left; a renewal that fails does not matter while the old token is valid.
    ///
    /// # Errors
    /// [`Error::Authentication`] with Entra's own code and text; [`Error::TimedOut`], [`Error::Cancelled`],
    /// [`Error::Setup`].
    pub async fn token(&self, scope: &str, deadline: &Deadline) -> Result<Token, Error> {
        let inner = &self.inner;
        let fetch = || async {
            let fetched = inner.method.fetch(scope, &inner.entra).await;
            fetched.map_err(|error| error.with_considered(&inner.considered))
        };
        inner.cache.token(scope, deadline, fetch).await
    }

    /// Azure refused this token as expired: do not use it again.
    pub fn refuse(&self, scope: &str, token: &Token) {
        self.inner.cache.refuse(scope, token);
    }
}

#[cfg(test)]
mod tests;
