//! Access tokens by scope and tenant: shared by all callers, and renewed early.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::token_request::RejectedToken;
use crate::azure::deadline::Deadline;
use crate::azure::error::AuthenticationError;
use crate::azure::error::Error;

/// A token is renewed when this much time or less is left.
const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// A token with less time left is not sent: it could expire on the way.
const MIN_REMAINING: Duration = Duration::from_secs(10);

/// How long a caller waits for a renewal by a request while the old token is valid.
pub(super) const RENEWAL_LIMIT: Duration = Duration::from_secs(5);

/// Pause after a failed early renewal while the old token is valid.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// An access token. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct AccessToken {
    value: SecretString,
    expires_on: SystemTime,
    expires_at: Expiry,
}

/// When a token expires, by the monotonic clock. It may stop while the machine sleeps.
type Expiry = Instant;

/// More than any lifetime of a token: Microsoft Entra's longest is 28 hours. A later expiry is taken for this one.
pub(super) const MAX_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl AccessToken {
    pub(super) fn new(value: String, expires_on: SystemTime) -> Self {
        let now = SystemTime::now();
        let lifetime = expires_on.duration_since(now).unwrap_or_default().min(MAX_LIFETIME);
        Self { value: value.into(), expires_on: now + lifetime, expires_at: Expiry::now() + lifetime }
    }

    /// The token itself, only for the `Authorization` header.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.value.expose_secret()
    }

    /// The remaining lifetime. If the machine's clock was set since the login, the shorter one counts.
    fn remaining(&self, now: SystemTime, instant: Expiry) -> Duration {
        let by_date = self.expires_on.duration_since(now).unwrap_or_default();
        by_date.min(self.expires_at.saturating_duration_since(instant))
    }
}

/// The tokens of one credential.
#[derive(Default)]
pub(super) struct TokenCache {
    scopes: Mutex<HashMap<Key, Arc<ScopeEntry>>>,
}

/// What a token is for.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Key {
    pub(super) scope: String,
    /// Another tenant than the one of the login.
    pub(super) tenant: Option<String>,
}

/// What is known about a scope, and the lock of the caller that fetches.
#[derive(Default)]
struct ScopeEntry {
    state: Mutex<ScopeState>,
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct ScopeState {
    token: Option<AccessToken>,
    /// The token that Azure rejected last, and the claims that it asked for.
    rejected: Option<RejectedToken>,
    /// When an early renewal failed.
    renewal_failed: Option<Instant>,
    /// The last failed fetch and when it failed: callers that waited for it share the error.
    failure: Option<(Instant, Box<AuthenticationError>)>,
}

impl TokenCache {
    /// A usable token for `key`, from here or from `fetch`.
    ///
    /// Without a token, all callers wait for the one that fetches. If a token is due for renewal, one caller renews it for
    /// `renewal_limit` at most, and the others use the old one meanwhile. A caller with less than twice this time left does
    /// not renew it.
    pub(super) async fn token<F, R>(
        &self,
        key: &Key,
        deadline: &Deadline,
        renewal_limit: Duration,
        fetch: F,
    ) -> Result<AccessToken, Error>
    where
        F: Fn(Option<RejectedToken>) -> R,
        R: Future<Output = Result<AccessToken, Box<AuthenticationError>>>,
    {
        let asked = Instant::now();
        let scope = self.scope(key);
        let work = async {
            let _turn = match scope.next_step(asked) {
                NextStep::Done(outcome) => return outcome,
                NextStep::Renew(old) => match scope.fetching.try_lock() {
                    Ok(turn) => turn,
                    Err(_) => return Ok(old),
                },
                NextStep::Fetch => scope.fetching.lock().await,
            };
            // Another caller may have fetched in the meantime.
            match scope.next_step(asked) {
                NextStep::Done(outcome) => outcome,
                // The operation keeps half of its time. A renewal that is cut short would only fail, and kill the program that
                // gets the token.
                NextStep::Renew(old) if deadline.remaining() / 2 < renewal_limit => Ok(old),
                NextStep::Renew(old) => Ok(scope.renew(&old, renewal_limit, &fetch).await),
                NextStep::Fetch => scope.fetch(&fetch).await,
            }
        };
        match deadline.run(work).await {
            Ok(outcome) => outcome.map_err(Error::from),
            Err(interrupted) => Err(interrupted.into_error(asked, deadline)),
        }
    }

    /// Forgets `token`, unless a newer one replaced it. The next one needs these claims.
    pub(super) fn reject(&self, key: &Key, token: &AccessToken, claims: Option<&str>) {
        let scope = self.scope(key);
        let mut state = scope.state();
        let is_token = |other: &AccessToken| other.expose() == token.expose();
        // Of several callers with the same token, only some may have got claims.
        let adds_claims = claims.is_some() && state.rejected.as_ref().is_some_and(|rejected| is_token(&rejected.token));
        if state.token.as_ref().is_some_and(is_token) || (state.token.is_none() && adds_claims) {
            state.token = None;
            state.rejected = Some(RejectedToken { token: token.clone(), claims: claims.map(str::to_owned) });
        }
    }

    fn scope(&self, key: &Key) -> Arc<ScopeEntry> {
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(scopes.entry(key.clone()).or_default())
    }
}

enum NextStep {
    /// The result is known.
    Done(Result<AccessToken, Box<AuthenticationError>>),
    /// This token is still valid, but not for long.
    Renew(AccessToken),
    Fetch,
}

impl ScopeEntry {
    fn state(&self) -> MutexGuard<'_, ScopeState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What to do for a caller that `asked` then.
    fn next_step(&self, asked: Instant) -> NextStep {
        let state = self.state();
        let remaining = |token: &AccessToken| token.remaining(SystemTime::now(), Expiry::now());
        let token = state.token.as_ref().filter(|token| remaining(token) > MIN_REMAINING).cloned();
        match (token, &state.failure) {
            (Some(token), _) => {
                let is_paused = state.renewal_failed.is_some_and(|failed| failed.elapsed() < RENEWAL_PAUSE);
                if remaining(&token) > RENEW_BEFORE || is_paused {
                    NextStep::Done(Ok(token))
                } else {
                    NextStep::Renew(token)
                }
            }
            (None, Some((failed, error))) if *failed >= asked => NextStep::Done(Err(error.clone())),
            (None, _) => NextStep::Fetch,
        }
    }

    /// Fetches a token with the claims that Azure asked for last, also if it does so only while this fetch is under way.
    async fn fetch<R>(
        &self,
        fetch: &impl Fn(Option<RejectedToken>) -> R,
    ) -> Result<AccessToken, Box<AuthenticationError>>
    where
        R: Future<Output = Result<AccessToken, Box<AuthenticationError>>>,
    {
        loop {
            let rejected = self.state().rejected.clone();
            let claims = rejected.as_ref().and_then(|rejected| rejected.claims.clone());
            let outcome = fetch(rejected).await;
            let mut state = self.state();
            match &outcome {
                Ok(_)
                    if state
                        .rejected
                        .as_ref()
                        .is_some_and(|newer| newer.claims.is_some() && newer.claims != claims) =>
                {
                    continue;
                }
                Ok(token) => *state = ScopeState { token: Some(token.clone()), ..ScopeState::default() },
                Err(error) => state.failure = Some((Instant::now(), error.clone())),
            }
            return outcome;
        }
    }

    /// Returns the new token, or the old one if the renewal fails or takes too long.
    async fn renew<R>(
        &self,
        old: &AccessToken,
        limit: Duration,
        fetch: &impl Fn(Option<RejectedToken>) -> R,
    ) -> AccessToken
    where
        R: Future<Output = Result<AccessToken, Box<AuthenticationError>>>,
    {
        let why = match tokio::time::timeout(limit, self.fetch(fetch)).await {
            Ok(Ok(token)) => return token,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no response in time".to_owned(),
        };
        tracing::warn!(error = why, "cannot renew the access token; the old one is still valid");
        self.state().renewal_failed = Some(Instant::now());
        old.clone()
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
