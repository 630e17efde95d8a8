//! Access tokens, kept per scope: fetched once however many ask, renewed early.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::error::AuthenticationError;
use crate::azure::{Budget, Error};

/// A token with this much left, or less, is renewed.
const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// A token with less left than this is not sent any more: it would expire on the way.
const USABLE: Duration = Duration::from_secs(10);

/// How long a failed early renewal is not tried again while the old token is valid.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// An access token. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct Token {
    value: SecretString,
    expires_on: SystemTime,
}

impl Token {
    pub(super) fn new(value: String, expires_on: SystemTime) -> Self {
        Self { value: value.into(), expires_on }
    }

    /// The token itself, for the `Authorization` header and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.value.expose_secret()
    }

    fn left(&self, now: SystemTime) -> Duration {
        self.expires_on.duration_since(now).unwrap_or_default()
    }
}

/// The tokens of one credential.
#[derive(Default)]
pub(super) struct TokenCache {
    scopes: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Slot>>>>,
}

/// What is known for one scope. Whoever holds its lock may fetch; the others wait for the result.
#[derive(Default)]
struct Slot {
    token: Option<Token>,
    /// The last failure and when it came: those who were waiting for that fetch share it.
    failure: Option<(Instant, Box<AuthenticationError>)>,
}

impl TokenCache {
    /// A usable token for `scope`, from here or from `fetch`.
    pub(super) async fn token<F, R>(&self, scope: &str, budget: &Budget, fetch: F) -> Result<Token, Error>
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<Token, Box<AuthenticationError>>>,
    {
        let asked = Instant::now();
        let slot = self.slot(scope);
        let work = async {
            let mut slot = slot.lock().await;
            match slot.choose(asked, SystemTime::now()) {
                Choice::Use(token) => return Ok(token),
                Choice::Fail(error) => return Err(error),
                Choice::Fetch => {}
            }
            match fetch().await {
                Ok(token) => {
                    slot.failure = None;
                    slot.token = Some(token.clone());
                    Ok(token)
                }
                Err(error) => {
                    slot.failure = Some((Instant::now(), error.clone()));
                    match slot.token.clone().filter(|token| token.left(SystemTime::now()) > USABLE) {
                        Some(token) => {
                            tracing::warn!(error = %error, "renewing the access token failed; the old one is still valid");
                            Ok(token)
                        }
                        None => Err(error),
                    }
                }
            }
        };
        match budget.run(work).await {
            Ok(outcome) => outcome.map_err(Error::from),
            Err(interrupted) => Err(interrupted.into_error(asked)),
        }
    }

    /// Forgets `token`, unless another has taken its place already.
    pub(super) async fn refuse(&self, scope: &str, token: &Token) {
        let slot = self.slot(scope);
        let mut slot = slot.lock().await;
        if slot.token.as_ref().is_some_and(|kept| kept.expose() == token.expose()) {
            slot.token = None;
        }
    }

    fn slot(&self, scope: &str) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(scopes.entry(scope.to_owned()).or_default())
    }
}

enum Choice {
    Use(Token),
    Fail(Box<AuthenticationError>),
    Fetch,
}

impl Slot {
    /// What to do for somebody who `asked` then, now that it is their turn.
    fn choose(&self, asked: Instant, now: SystemTime) -> Choice {
        let token = self.token.as_ref().filter(|token| token.left(now) > USABLE);
        match (token, &self.failure) {
            (Some(token), _) if token.left(now) > RENEW_BEFORE => Choice::Use(token.clone()),
            (Some(token), Some((failed, _))) if failed.elapsed() < RENEWAL_PAUSE => Choice::Use(token.clone()),
            (None, Some((failed, error))) if *failed >= asked => Choice::Fail(error.clone()),
            _ => Choice::Fetch,
        }
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
