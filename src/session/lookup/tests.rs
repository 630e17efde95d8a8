//! Tests of the cache of look-ups.

use std::cell::Cell;
use std::convert::Infallible;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

macro_rules! lookups {
    ($($name:ident: $policy:expr;)+) => {$(
        /// A look-up with this cache policy. A write to its resource invalidates the response.
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        struct $name(ResourceId);

        impl Lookup for $name {
            type Response = u32;
            const CACHE: CachePolicy = $policy;

            async fn fetch(&self, _: &Client, _: &Deadline) -> Result<u32, Error> {
                unreachable!("these tests send no requests")
            }

            fn depends_on(&self, id: &ResourceId) -> bool {
                self.0 == *id
            }
        }
    )+};
}

lookups! {
    Cached: CachePolicy::ForTheRun;
    CachedForAMinute: CachePolicy::For(MINUTE);
    Shared: CachePolicy::InFlight;
}

fn id(name: &str) -> ResourceId {
    ResourceId::parse(&format!("/subscriptions/s/resourceGroups/{name}")).expect("an id")
}

/// Sends a request. Its response is the number of the request.
async fn send(requests: &Cell<u32>) -> Result<u32, Infallible> {
    tokio::time::sleep(Duration::from_secs(1)).await;
    requests.set(requests.get() + 1);
    Ok(requests.get())
}

#[tokio::test(start_paused = true)]
async fn concurrent_lookups_share_one_request() {
    let (cache, requests, lookup) = (CacheOf::default(), Cell::new(0), Shared(id("a")));
    let fetch = || cache.get(&lookup, Reuse::InFlight, || send(&requests));

    assert_eq!(tokio::join!(fetch(), fetch()), (Ok(1), Ok(1)));
    assert_eq!(fetch().await, Ok(2), "a later look-up sends a new request");
}

#[tokio::test(start_paused = true)]
async fn caches_a_response_for_the_duration_of_its_policy() {
    let (forever, minute, shared) = (CacheOf::default(), CacheOf::default(), CacheOf::default());
    let (requests, a, b, c) = (Cell::new(0), Cached(id("a")), CachedForAMinute(id("a")), Shared(id("a")));
    let cached = || forever.get(&a, Reuse::Cached, || send(&requests));
    let for_a_minute = || minute.get(&b, Reuse::Cached, || send(&requests));
    let not_cached = || shared.get(&c, Reuse::Cached, || send(&requests));

    assert_eq!((cached().await, for_a_minute().await, not_cached().await), (Ok(1), Ok(2), Ok(3)));
    assert_eq!((cached().await, for_a_minute().await, not_cached().await), (Ok(1), Ok(2), Ok(4)));
    tokio::time::advance(MINUTE).await;
    assert_eq!((cached().await, for_a_minute().await, not_cached().await), (Ok(1), Ok(5), Ok(6)));
}

#[tokio::test(start_paused = true)]
async fn different_lookups_have_different_responses() {
    let (cache, requests) = (CacheOf::default(), Cell::new(0));
    let fetch = |name| {
        let lookup = Cached(id(name));
        let (cache, requests) = (&cache, &requests);
        async move { cache.get(&lookup, Reuse::Cached, || send(requests)).await }
    };

    assert_eq!((fetch("a").await, fetch("b").await, fetch("A").await), (Ok(1), Ok(2), Ok(1)));
}

#[tokio::test(start_paused = true)]
async fn current_response_replaces_the_cached_one() {
    let (cache, requests, lookup) = (CacheOf::default(), Cell::new(0), Cached(id("a")));
    let fetch = |reuse| cache.get(&lookup, reuse, || send(&requests));

    assert_eq!(fetch(Reuse::Cached).await, Ok(1));
    assert_eq!(fetch(Reuse::InFlight).await, Ok(2));
    assert_eq!(fetch(Reuse::Cached).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn response_shared_only_in_flight_is_not_cached() {
    let (cache, requests, lookup) = (CacheOf::default(), Cell::new(0), Cached(id("a")));
    let fetch = |reuse| cache.get(&lookup, reuse, || send(&requests));

    fetch(Reuse::InFlight).await.expect("a response");
    assert!(cache.0.lock().expect("no panic").is_empty());
    fetch(Reuse::Cached).await.expect("a response");
    assert_eq!(cache.0.lock().expect("no panic").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn next_lookup_frees_an_expired_response() {
    let (cache, requests) = (CacheOf::default(), Cell::new(0));
    let fetch = |name| {
        let lookup = CachedForAMinute(id(name));
        let (cache, requests) = (&cache, &requests);
        async move { cache.get(&lookup, Reuse::Cached, || send(requests)).await }
    };

    fetch("a").await.expect("a response");
    tokio::time::advance(MINUTE).await;
    fetch("b").await.expect("a response");

    assert_eq!(cache.0.lock().expect("no panic").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn failure_is_not_cached() {
    let (cache, lookup) = (CacheOf::default(), Cached(id("a")));

    assert_eq!(cache.get(&lookup, Reuse::Cached, || async { Err("no") }).await, Err("no"));
    assert_eq!(cache.get(&lookup, Reuse::Cached, || async { Ok::<_, &str>(7) }).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn write_invalidates_dependent_and_in_flight_responses() {
    let (cache, requests) = (CacheOf::default(), Cell::new(0));
    let (changed, unchanged) = (Cached(id("a")), Cached(id("b")));
    let fetch = |lookup| cache.get(lookup, Reuse::Cached, || send(&requests));
    let write = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        cache.invalidate(&id("A"));
        fetch(&changed).await
    };

    assert_eq!(fetch(&unchanged).await, Ok(1));
    assert_eq!(tokio::join!(fetch(&changed), write), (Ok(2), Ok(3)), "a write invalidates the request in flight");
    assert_eq!((fetch(&changed).await, fetch(&unchanged).await), (Ok(3), Ok(1)));
}

#[tokio::test(start_paused = true)]
async fn lookups_of_different_types_are_cached_separately() {
    let cache = Cache::default();

    let (cached, shared) = (cache.of::<Cached>(), cache.of::<Shared>());
    cached.get(&Cached(id("a")), Reuse::Cached, || async { Ok::<_, Infallible>(1) }).await.expect("a response");
    shared.get(&Shared(id("a")), Reuse::Cached, || async { Ok::<_, Infallible>(2) }).await.expect("a response");

    assert!(Arc::ptr_eq(&cached, &cache.of::<Cached>()));
    cache.invalidate(&id("a"));
    assert_eq!(cached.get(&Cached(id("a")), Reuse::Cached, || async { Ok::<_, Infallible>(3) }).await, Ok(3));
}
