//! Logging in: one method, chosen in a fixed order, and its access tokens.
//!
//! A login method is a file like `client_secret.rs`: `consider` reads the settings, `fetch` requests one token. It also
//! needs a row in `select` and a variant in `method`.

mod access_token;
mod application;
mod assertion;
mod azure_cli;
mod caller;
mod client_secret;
mod entra;
pub mod file;
mod managed_identity;
mod method;
mod oidc;
mod secret_source;
mod select;
mod setting;
mod settings;
mod token_cache;
mod token_service;
mod verdict;

use std::sync::Arc;

use super::cloud::Cloud;
use super::deadline::Deadline;
use super::error::Error;
use super::error::{NoCredential, UnusedMethod};
use super::http::Http;
use entra::Entra;
use method::Method;
use token_cache::TokenCache;

pub use caller::{Caller, CallerKind};
pub use secret_source::SecretSource;
pub use setting::{Level, Setting, Source};
pub use settings::{IdentityHost, Pod, Settings};
pub use token_cache::Token;

/// The login in use. Clones share its tokens.
#[derive(Clone, Debug)]
pub struct Credential {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    method: Method,
    entra: Entra,
    unused: Vec<UnusedMethod>,
    cache: TokenCache,
}

impl Credential {
    /// Chooses a method that is configured completely. The provider block decides before `ARM_*` variables, and these
    /// before others. On the same level, the order is: certificate, secret, OIDC token, Azure DevOps, GitHub, AKS, managed
    /// identity, access token. The Azure CLI is last. As in azurerm, no other method is tried if its login fails. Sends and reads
    /// nothing yet.
    ///
    /// # Errors
    /// No method is configured; the error lists what each one misses.
    pub fn select(settings: &Settings, cloud: &Cloud, http: Http) -> Result<Self, NoCredential> {
        let (method, unused) = select::select(settings)?;
        let entra = Entra::new(http, cloud.authority().clone());
        Ok(Self { inner: Arc::new(Inner { method, entra, unused, cache: TokenCache::default() }) })
    }

    /// The method in use, for example "client secret".
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.inner.method.name()
    }

    /// The methods that are not in use, in the order of precedence.
    #[must_use]
    pub fn unused(&self) -> &[UnusedMethod] {
        &self.inner.unused
    }

    /// A token for `scope` that is valid for at least some seconds. The token of a scope is shared by all callers and
    /// renewed when five minutes or less are left. A failed renewal does not matter while the old token is valid.
    ///
    /// # Errors
    /// [`Error::Authentication`] with Entra's code and message; [`Error::TimedOut`], [`Error::Cancelled`],
    /// [`Error::Setup`].
    pub async fn token(&self, scope: &str, deadline: &Deadline) -> Result<Token, Error> {
        let inner = &self.inner;
        let fetch = |claims: Option<String>| async move {
            let fetched = inner.method.fetch(scope, claims.as_deref(), &inner.entra).await;
            fetched.map_err(|error| error.with_unused(&inner.unused))
        };
        inner.cache.token(scope, deadline, fetch).await
    }

    /// Azure rejected this token: it is not used again. The next one is requested with these claims, if any.
    pub fn refuse(&self, scope: &str, token: &Token, claims: Option<&str>) {
        self.inner.cache.refuse(scope, token, claims);
    }
}

#[cfg(test)]
mod tests;
