//! Look-ups: requests to Azure with cached responses, so that many resources send only one request.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error};

/// One or more requests to Azure whose response operations share. Equal look-ups have the same response.
pub trait Lookup: Clone + Eq + Hash + Send + Sync + 'static {
    /// The response. Operations receive clones of it.
    type Response: Clone + Send + Sync + 'static;

    /// How long the response is cached.
    const CACHE: CachePolicy;

    /// Sends the requests.
    ///
    /// # Errors
    /// The errors of the requests.
    fn fetch(&self, client: &Client, deadline: &Deadline)
    -> impl Future<Output = Result<Self::Response, Error>> + Send;

    /// Whether a write at or below `id` invalidates the response. By default, no write does.
    fn depends_on(&self, id: &ResourceId) -> bool {
        let _ = id;
        false
    }
}

/// How long a response is cached, unless a write invalidates it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CachePolicy {
    /// For the rest of the run.
    ForTheRun,
    /// For this duration.
    For(Duration),
    /// Not at all: only concurrent operations share the response.
    InFlight,
}

/// Makes Azure's error response or a timeout part of the look-up's response, so that it is cached as well. For look-ups
/// of many operations that do not require the response.
///
/// # Errors
/// Other errors, which are not cached.
pub fn cache_failure<T>(result: Result<T, Error>) -> Result<Result<T, Error>, Error> {
    match result {
        Err(error @ (Error::Service(_) | Error::TimedOut { .. })) => Ok(Err(error)),
        result => result.map(Ok),
    }
}

/// The responses that an operation may reuse.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reuse {
    /// Cached responses, and responses of requests in flight.
    Cached,
    /// Only responses of requests in flight.
    InFlight,
}

/// All cached responses of a run, by the type of the look-up.
#[derive(Default)]
pub(super) struct Cache(Mutex<HashMap<TypeId, Arc<dyn AnyCache>>>);

impl Cache {
    pub(super) async fn get<L: Lookup>(
        &self,
        lookup: &L,
        reuse: Reuse,
        client: &Client,
        deadline: &Deadline,
    ) -> Result<L::Response, Error> {
        let responses = self.of::<L>();
        // Boxed, because the nested types of the operations' futures would be too deep for the compiler.
        let fetch = || -> Pin<Box<dyn Future<Output = Result<L::Response, Error>> + Send + '_>> {
            Box::pin(lookup.fetch(client, deadline))
        };
        let response = responses.get(lookup, reuse, fetch);
        // Boxed, because operations wait for several look-ups at the same time. This operation's deadline applies even
        // if another operation with a later deadline sends the request.
        let started = Instant::now();
        match deadline.run(Box::pin(response)).await {
            Ok(response) => response,
            Err(interrupted) => Err(interrupted.into_error(started, deadline)),
        }
    }

    /// Removes the responses that depend on a written object, including those of requests in flight.
    pub(super) fn invalidate(&self, written: &ResourceId) {
        for responses in self.0.lock().unwrap_or_else(PoisonError::into_inner).values() {
            responses.invalidate(written);
        }
    }

    fn of<L: Lookup>(&self) -> Arc<CacheOf<L>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let responses = all.entry(TypeId::of::<L>()).or_insert_with(|| Arc::new(CacheOf::<L>::default()));
        let responses: Arc<dyn Any + Send + Sync> = Arc::clone(responses) as _;
        responses.downcast().expect("invariant: the key is the type of the look-up")
    }
}

/// The cached responses to look-ups of one type. The first operation sends the request, and concurrent operations wait
/// for its response. After a failure, the next waiting operation sends the request again.
struct CacheOf<L: Lookup>(Mutex<HashMap<L, Entry<L::Response>>>);

/// The cache entry of a look-up.
struct Entry<R> {
    /// The response with the time of its arrival. Empty while the request is in flight.
    response: Arc<OnceCell<(Instant, R)>>,
    /// Whether an operation that accepts cached responses has used the entry.
    is_cached: bool,
}

impl<L: Lookup> CacheOf<L> {
    async fn get<F, E>(&self, lookup: &L, reuse: Reuse, fetch: impl FnOnce() -> F) -> Result<L::Response, E>
    where
        F: Future<Output = Result<L::Response, E>>,
    {
        let fetch = || async { fetch().await.map(|response| (Instant::now(), response)) };
        let cell = self.cell(lookup, reuse);
        let response = cell.get_or_try_init(fetch).await.map(|(_, response)| response.clone());
        self.drop_unless_cached(lookup, &cell);
        response
    }

    fn cell(&self, lookup: &L, reuse: Reuse) -> Arc<OnceCell<(Instant, L::Response)>> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(L::CACHE, CachePolicy::For(_)) && !entries.contains_key(lookup) {
            entries.retain(|_, entry| entry.response.get().is_none_or(|(since, _)| L::CACHE.is_fresh(since.elapsed())));
        }
        let entry = entries.entry(lookup.clone()).or_default();
        let is_outdated = |(since, _): &(Instant, _)| reuse == Reuse::InFlight || !L::CACHE.is_fresh(since.elapsed());
        if entry.response.get().is_some_and(is_outdated) {
            entry.response = Arc::default();
        }
        entry.is_cached |= reuse == Reuse::Cached && L::CACHE != CachePolicy::InFlight;
        Arc::clone(&entry.response)
    }

    /// Frees the memory of a response that no operation will reuse. A thousand lists of connectors take 40 MB.
    fn drop_unless_cached(&self, lookup: &L, response: &Arc<OnceCell<(Instant, L::Response)>>) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.get(lookup).is_some_and(|entry| !entry.is_cached && Arc::ptr_eq(&entry.response, response)) {
            entries.remove(lookup);
        }
    }
}

impl<R> Default for Entry<R> {
    fn default() -> Self {
        Self { response: Arc::default(), is_cached: false }
    }
}

impl<L: Lookup> Default for CacheOf<L> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// [`CacheOf`] with the type of the look-up erased.
trait AnyCache: Any + Send + Sync {
    fn invalidate(&self, written: &ResourceId);
}

impl<L: Lookup> AnyCache for CacheOf<L> {
    fn invalidate(&self, written: &ResourceId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|lookup, _| !lookup.depends_on(written));
    }
}

impl CachePolicy {
    /// Whether a response of this age may be used.
    fn is_fresh(self, age: Duration) -> bool {
        match self {
            Self::ForTheRun => true,
            Self::For(limit) => age < limit,
            Self::InFlight => false,
        }
    }
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
