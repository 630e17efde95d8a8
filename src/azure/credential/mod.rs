//! Authentication: selects one method in a fixed order, and gets its access tokens.
//!
//! Each method has a file such as `client_secret.rs`: `from_settings` reads the settings, and `fetch` requests one
//! token. A method also has a row in `select` and a variant in `method`.

mod application;
mod assertion;
mod availability;
mod azure_cli;
mod caller;
pub mod cleaning;
mod client_certificate;
mod client_secret;
mod dev_cli;
mod entra;
mod environment_token;
pub mod file;
mod managed_identity;
mod method;
pub mod missing_settings;
mod oidc;
mod powershell;
mod program;
mod secret_source;
mod select;
mod setting;
mod settings;
mod token_cache;
mod token_endpoint;
mod token_request;

use std::sync::Arc;

use futures_util::future::try_join_all;

use super::cloud::Cloud;
use super::deadline::Deadline;
use super::error::Error;
use super::error::{NoCredential, UnusedMethod};
use super::http::Http;
use entra::Entra;
use token_cache::{Key, TokenCache};
use token_request::{RejectedToken, TokenRequest};

pub use caller::{Caller, CallerKind};
pub use client_certificate::{CertificateError, CertificateSetting, check_certificate_value, is_same_certificate};
#[cfg(test)]
pub use entra::codes_about_settings;
pub use managed_identity::is_agent_installed as is_arc_agent_installed;
pub use method::Method;
pub use secret_source::SecretSource;
pub use setting::{Interface, Level, Setting, Source, variable};
pub use settings::{IdentityHost, Pipeline, Pod, Settings};
pub use token_cache::AccessToken;

/// The authentication method in use and its access tokens. Clones share the tokens.
#[derive(Clone, Debug)]
pub struct Credential {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    method: Method,
    entra: Entra,
    unused: Vec<UnusedMethod>,
    /// The tenants of `auxiliary_tenant_ids`.
    auxiliary_tenants: Vec<Setting<String>>,
    cache: TokenCache,
}

impl Credential {
    /// Selects a method that is configured completely. Arguments of the provider block take precedence over `ARM_*`
    /// variables, and these over other variables. On the same level, the table in `select` sets the order. As in
    /// azurerm, no other method is tried if authentication fails. Sends and reads nothing yet.
    ///
    /// # Errors
    /// No method is configured completely. The error lists the missing settings of each method.
    pub fn select(settings: &Settings, cloud: &Cloud, http: Http) -> Result<Self, NoCredential> {
        let (method, unused) = select::select(settings)?;
        let entra = Entra::new(http, cloud.authority().clone());
        let auxiliary_tenants = auxiliary_tenants(settings, &method);
        let cache = TokenCache::default();
        Ok(Self { inner: Arc::new(Inner { method, entra, unused, auxiliary_tenants, cache }) })
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

    /// Checks the client certificate before the first token request: its format, password and validity. Reads its file
    /// and sends nothing.
    ///
    /// # Errors
    /// The certificate is unusable.
    pub async fn check(&self) -> Result<(), CertificateError> {
        self.inner.method.check().await
    }

    /// An access token for `scope` that is valid for at least ten seconds. All callers share the token of a scope. It
    /// is renewed when five minutes or less remain. If the renewal fails, the old token is used while it is valid.
    ///
    /// # Errors
    /// [`Error::Authentication`], [`Error::TimedOut`] and [`Error::Cancelled`].
    pub async fn token(&self, scope: &str, deadline: &Deadline) -> Result<AccessToken, Error> {
        self.token_in(scope, None, deadline).await
    }

    /// The tokens of the auxiliary tenants for `scope`, at most three.
    ///
    /// # Errors
    /// As [`Credential::token`], for the first tenant that fails.
    pub async fn auxiliary_tokens(&self, scope: &str, deadline: &Deadline) -> Result<Vec<AccessToken>, Error> {
        let tenants = self.inner.auxiliary_tenants.iter();
        try_join_all(tenants.map(|tenant| self.token_in(scope, Some(tenant), deadline))).await
    }

    async fn token_in(
        &self,
        scope: &str,
        tenant: Option<&Setting<String>>,
        deadline: &Deadline,
    ) -> Result<AccessToken, Error> {
        let inner = &self.inner;
        let fetch = |rejected: Option<RejectedToken>| async move {
            let request = TokenRequest { scope, tenant, rejected: rejected.as_ref() };
            let fetched = inner.method.fetch(request, &inner.entra).await;
            fetched.map_err(|error| error.with_unused(&inner.unused))
        };
        inner.cache.token(&key(scope, tenant), deadline, inner.method.renewal_limit(), fetch).await
    }

    /// Discards a token that Azure rejected. The next token is requested with these claims, if any. The tokens of the
    /// auxiliary tenants are renewed too, because Azure does not report which token it rejected.
    pub fn reject(&self, scope: &str, token: &AccessToken, auxiliary: &[AccessToken], claims: Option<&str>) {
        self.inner.cache.reject(&key(scope, None), token, claims);
        for (tenant, token) in self.inner.auxiliary_tenants.iter().zip(auxiliary) {
            self.inner.cache.reject(&key(scope, Some(tenant)), token, None);
        }
    }
}

fn key(scope: &str, tenant: Option<&Setting<String>>) -> Key {
    Key { scope: scope.to_owned(), tenant: tenant.map(|setting| setting.value.clone()) }
}

/// The auxiliary tenants, each as a setting. Empty if the method cannot request tokens in other tenants.
fn auxiliary_tenants(settings: &Settings, method: &Method) -> Vec<Setting<String>> {
    let Some(Setting { value: tenants, source }) = &settings.auxiliary_tenant_ids else { return Vec::new() };
    if tenants.is_empty() || method.reaches_other_tenants() {
        return tenants.iter().map(|tenant| Setting::new(tenant.clone(), source.clone())).collect();
    }
    let method = method.name();
    tracing::warn!(
        method,
        "auxiliary_tenant_ids has no effect: this authentication method reaches only its own tenant"
    );
    Vec::new()
}

#[cfg(test)]
mod tests;
