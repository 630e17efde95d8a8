//! The access token of a call.

use http::header::HeaderValue;

use crate::azure::credential::{Credential, Token};
use crate::azure::deadline::Deadline;
use crate::azure::error::Error;
use crate::azure::http::Authorization;
use crate::redaction;

/// Authorizes a call with tokens of a credential. If Azure rejects one as expired, there is one new one.
pub(super) struct Bearer<'a> {
    credential: &'a Credential,
    scope: String,
    token: Option<Token>,
    is_renewed: bool,
}

impl<'a> Bearer<'a> {
    pub(super) fn new(credential: &'a Credential, scope: String) -> Self {
        Self { credential, scope, token: None, is_renewed: false }
    }
}

impl Authorization for Bearer<'_> {
    async fn header(&mut self, deadline: &Deadline) -> Result<Option<HeaderValue>, Error> {
        let token = self.token.insert(self.credential.token(&self.scope, deadline).await?);
        redaction::protect(token.expose());
        let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok();
        if let Some(header) = &mut header {
            header.set_sensitive(true);
        }
        Ok(header)
    }

    fn renew(&mut self, error: &Error) -> bool {
        if self.is_renewed || !is_expired_token(error) {
            return false;
        }
        if let Some(token) = self.token.take() {
            self.credential.refuse(&self.scope, &token);
        }
        self.is_renewed = true;
        true
    }
}

/// Whether the error says that the token has expired. A missing license or consent is also 401, but no new token fixes it.
fn is_expired_token(error: &Error) -> bool {
    let Error::Service(error) = error else { return false };
    if error.status != 401 {
        return false;
    }
    match error.code.as_deref() {
        Some("ExpiredAuthenticationToken") => true,
        Some("InvalidAuthenticationToken" | "AuthenticationFailed") | None => {
            error.message.to_ascii_lowercase().contains("expired")
        }
        Some(_) => false,
    }
}
