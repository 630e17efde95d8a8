//! The access token of a call.

use http::header::HeaderValue;

use crate::azure::credential::{AccessToken, Credential};
use crate::azure::deadline::Deadline;
use crate::azure::error::{Error, ServiceError};
use crate::azure::http::{Authorization, AuthorizationHeaders};
use crate::redaction;

/// The access tokens of a call. After Azure rejects a token, the call is sent once more with a new token.
pub(super) struct Bearer<'a> {
    credential: &'a Credential,
    scope: String,
    /// Whether the service is Azure Resource Manager, which accepts tokens of auxiliary tenants.
    is_arm: bool,
    token: Option<AccessToken>,
    auxiliary: Vec<AccessToken>,
    /// The token that Azure rejected.
    rejected: Option<AccessToken>,
}

impl<'a> Bearer<'a> {
    pub(super) fn new(credential: &'a Credential, scope: String, is_arm: bool) -> Self {
        Self { credential, scope, is_arm, token: None, auxiliary: Vec::new(), rejected: None }
    }

    /// Whether the credential has returned another token since Azure rejected one. The Azure CLI may return the same
    /// token.
    fn is_new(&self) -> bool {
        match (&self.rejected, &self.token) {
            (Some(rejected), Some(token)) => rejected.expose() != token.expose(),
            _ => false,
        }
    }
}

impl Authorization for Bearer<'_> {
    async fn headers(&mut self, deadline: &Deadline) -> Result<AuthorizationHeaders, Error> {
        let token = self.token.insert(self.credential.token(&self.scope, deadline).await?);
        if self.is_arm {
            self.auxiliary = self.credential.auxiliary_tokens(&self.scope, deadline).await?;
        }
        Ok(AuthorizationHeaders {
            authorization: header(std::slice::from_ref(token))?,
            auxiliary: header(&self.auxiliary)?,
        })
    }

    fn renew(&mut self, error: &mut Error) -> bool {
        let Error::Service(error) = error else { return false };
        if error.status != 401 {
            return false;
        }
        error.authentication_method = Some(self.credential.method());
        if self.rejected.is_some() {
            error.is_new_token = self.is_new();
            return false;
        }
        if !requires_a_new_token(error) {
            return false;
        }
        let claims = error.challenge.as_ref().and_then(|challenge| challenge.claims.as_deref());
        if let Some(token) = self.token.take() {
            tracing::info!(with_claims = claims.is_some(), "Azure asks for a new access token");
            self.credential.reject(&self.scope, &token, &self.auxiliary, claims);
            self.rejected = Some(token);
        }
        true
    }
}

/// The value of the header: "Bearer one, Bearer two".
fn header(tokens: &[AccessToken]) -> Result<Option<HeaderValue>, Error> {
    if tokens.is_empty() {
        return Ok(None);
    }
    let bearer = |token: &AccessToken| {
        redaction::protect_token(token.expose());
        format!("Bearer {}", token.expose())
    };
    let mut header = HeaderValue::from_str(&tokens.iter().map(bearer).collect::<Vec<_>>().join(", "))
        .map_err(|_| Error::Setup { cause: "the access token has characters that no token has".to_owned() })?;
    header.set_sensitive(true);
    Ok(Some(header))
}

/// Whether the error reports an expired token or the claims that a new token needs. A missing license or consent is
/// also 401, but a new token does not fix it.
fn requires_a_new_token(error: &ServiceError) -> bool {
    if error.challenge.as_ref().is_some_and(|challenge| challenge.claims.is_some()) {
        return true;
    }
    match error.code.as_deref() {
        // The second code is the one of Log Analytics.
        Some("ExpiredAuthenticationToken" | "InvalidTokenError") => true,
        Some("InvalidAuthenticationToken" | "AuthenticationFailed") | None => {
            error.message.to_ascii_lowercase().contains("expired")
        }
        Some(_) => false,
    }
}
