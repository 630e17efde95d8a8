//! The cache of access tokens by scope and tenant. All callers share a token, and it is renewed early.

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

/// A token is renewed when its remaining lifetime is this or less.
const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// The minimum remaining lifetime of a token that is used: it could expire on the way to Azure.
const MIN_REMAINING: Duration = Duration::from_secs(10);

/// How long a caller waits for a renewal while the old token is valid, if the method sends requests.
pub(super) const RENEWAL_LIMIT: Duration = Duration::from_secs(5);

/// The pause after a failed renewal while the old token is valid.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// An access token. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct AccessToken {
    value: SecretString,
    /// The expiry by the clock of the machine, which can be set.
    expires_on: SystemTime,
    /// The expiry by the monotonic clock, which may stop while the machine sleeps.
    expires_at: Instant,
}

/// The maximum lifetime of a token. Longer lifetimes are reduced to it. The longest lifetime of Microsoft Entra is 28
/// hours.
pub(super) const MAX_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl AccessToken {
    pub(super) fn new(value: String, expires_on: SystemTime) -> Self {
        let now = SystemTime::now();
        let lifetime = expires_on.duration_since(now).unwrap_or_default().min(MAX_LIFETIME);
        Self { value: value.into(), expires_on: now + lifetime, expires_at: Instant::now() + lifetime }
    }

    /// The token itself, only for the `Authorization` header.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.value.expose_secret()
    }

    /// The remaining lifetime: the shorter one by the two clocks.
    fn remaining(&self, now: SystemTime, instant: Instant) -> Duration {
        let by_date = self.expires_on.duration_since(now).unwrap_or_default();
        by_date.min(self.expires_at.saturating_duration_since(instant))
    }
}

/// The tokens of one credential.
#[derive(Default)]
pub(super) struct TokenCache {
    scopes: Mutex<HashMap<Key, Arc<ScopeEntry>>>,
}

/// The scope and tenant of a token.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Key {
    pub(super) scope: String,
    /// The auxiliary tenant. `None` for the tenant of the identity.
    pub(super) tenant: Option<String>,
}

/// The state of one scope and tenant.
#[derive(Default)]
struct ScopeEntry {
    state: Mutex<ScopeState>,
    /// Held by the caller that fetches a token.
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct ScopeState {
    token: Option<AccessToken>,
    /// The last token that Azure rejected, and the claims of the challenge.
    rejected: Option<RejectedToken>,
    /// When the last renewal failed.
    renewal_failed: Option<Instant>,
    /// When the last fetch failed, and its error. Callers that waited for that fetch share the error.
    failure: Option<(Instant, Box<AuthenticationError>)>,
}

impl TokenCache {
    /// Returns a valid token for `key`, from the cache or from `fetch`.
    ///
    /// Without a token, one caller fetches, and the others wait for it. If the token is due for renewal, one caller
    /// renews it within `renewal_limit`, and the others use the old token meanwhile. A caller with less than twice
    /// `renewal_limit` left does not renew.
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
        let started = Instant::now();
        let scope = self.scope(key);
        let work = async {
            let _guard = match scope.next_step(started) {
                NextStep::Done(outcome) => return outcome,
                NextStep::Renew(old) => match scope.fetching.try_lock() {
                    Ok(guard) => guard,
                    Err(_) => return Ok(old),
                },
                NextStep::Fetch => scope.fetching.lock().await,
            };
            // Another caller may have fetched in the meantime.
            match scope.next_step(started) {
                NextStep::Done(outcome) => outcome,
                // The operation keeps half of its time. A renewal that is interrupted only fails, and kills the program
                // that gets the token.
                NextStep::Renew(old) if deadline.remaining() / 2 < renewal_limit => Ok(old),
                NextStep::Renew(old) => Ok(scope.renew(&old, renewal_limit, &fetch).await),
                NextStep::Fetch => scope.fetch(&fetch).await,
            }
        };
        match deadline.run(work).await {
            Ok(outcome) => outcome.map_err(Error::from),
            Err(interrupted) => Err(interrupted.into_error(started, deadline)),
        }
    }

    /// Discards `token`, unless a newer token has replaced it. The next token is requested with these claims.
    pub(super) fn reject(&self, key: &Key, token: &AccessToken, claims: Option<&str>) {
        let scope = self.scope(key);
        let mut state = scope.state();
        let is_token = |other: &AccessToken| other.expose() == token.expose();
        // Several callers may report the same token, and not all of them have claims.
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

/// The next step for a caller.
enum NextStep {
    /// Return this result.
    Done(Result<AccessToken, Box<AuthenticationError>>),
    /// Renew this token, which is still valid.
    Renew(AccessToken),
    /// Fetch a token.
    Fetch,
}

impl ScopeEntry {
    fn state(&self) -> MutexGuard<'_, ScopeState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next step for a caller that started at `started`.
    fn next_step(&self, started: Instant) -> NextStep {
        let state = self.state();
        let remaining = |token: &AccessToken| token.remaining(SystemTime::now(), Instant::now());
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
            (None, Some((failed, error))) if *failed >= started => NextStep::Done(Err(error.clone())),
            (None, _) => NextStep::Fetch,
        }
    }

    /// Fetches a token with the claims of the last challenge. Fetches again if a challenge arrives meanwhile.
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
