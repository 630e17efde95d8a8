//! Tests of shared fetches, early renewal and failures.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

fn token(value: &str, remaining: Duration) -> AccessToken {
    AccessToken::new(value.to_owned(), SystemTime::now() + remaining)
}

fn key() -> Key {
    Key { scope: "s".to_owned(), tenant: None }
}

fn rejected() -> Box<AuthenticationError> {
    AuthenticationError::local("client secret", "rejected".to_owned(), None)
}

fn deadline() -> Deadline {
    Deadline::lasting(MINUTE)
}

async fn give(cache: &TokenCache, value: &str, remaining: Duration) -> Result<String, Error> {
    let fetch = |_| async { Ok(token(value, remaining)) };
    cache.token(&key(), &deadline(), RENEWAL_LIMIT, fetch).await.map(|token| token.expose().to_owned())
}

async fn fail(cache: &TokenCache) -> Result<String, Error> {
    let fetch = |_| async { Err(rejected()) };
    cache.token(&key(), &deadline(), RENEWAL_LIMIT, fetch).await.map(|token| token.expose().to_owned())
}

#[tokio::test(start_paused = true)]
async fn concurrent_callers_share_one_fetch() {
    let (cache, fetched) = (TokenCache::default(), AtomicUsize::new(0));
    let fetch = |_| async {
        fetched.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(token("t", 60 * MINUTE))
    };

    let (deadline, key) = (deadline(), key());
    let all =
        futures_util::future::join_all((0..100).map(|_| cache.token(&key, &deadline, RENEWAL_LIMIT, fetch))).await;

    assert!(all.iter().all(Result::is_ok));
    assert_eq!(fetched.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn waiting_callers_share_the_error_of_a_failed_fetch() {
    let (cache, fetched) = (TokenCache::default(), AtomicUsize::new(0));
    let fetch = |_| async {
        fetched.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(rejected())
    };

    let (deadline, key) = (deadline(), key());
    let all = futures_util::future::join_all((0..20).map(|_| cache.token(&key, &deadline, RENEWAL_LIMIT, fetch))).await;

    assert!(all.iter().all(Result::is_err));
    assert_eq!(fetched.load(Ordering::SeqCst), 1);
    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(give(&cache, "later", 60 * MINUTE).await.expect("a later caller fetches again"), "later");
}

#[tokio::test]
async fn renews_a_token_with_five_minutes_left() {
    let cache = TokenCache::default();

    give(&cache, "old", 5 * MINUTE).await.expect("a token");

    assert_eq!(give(&cache, "new", 60 * MINUTE).await.expect("a token"), "new");
    assert_eq!(give(&cache, "newer", 60 * MINUTE).await.expect("a token"), "new");
}

#[tokio::test]
async fn keeps_a_valid_token_after_a_failed_renewal() {
    let cache = TokenCache::default();
    give(&cache, "old", 4 * MINUTE).await.expect("a token");

    assert_eq!(fail(&cache).await.expect("still valid"), "old");
}

#[tokio::test]
async fn reports_a_failed_renewal_of_an_expired_token() {
    let cache = TokenCache::default();
    give(&cache, "old", Duration::from_secs(5)).await.expect("a token");

    assert!(matches!(fail(&cache).await, Err(Error::Authentication(_))));
}

#[tokio::test]
async fn replaces_a_rejected_token_and_keeps_a_newer_one() {
    let cache = TokenCache::default();
    give(&cache, "old", 60 * MINUTE).await.expect("a token");

    cache.reject(&key(), &token("another", MINUTE), None);
    assert_eq!(give(&cache, "new", 60 * MINUTE).await.expect("a token"), "old");
    cache.reject(&key(), &token("old", MINUTE), None);
    assert_eq!(give(&cache, "new", 60 * MINUTE).await.expect("a token"), "new");
}

#[tokio::test(start_paused = true)]
async fn requests_claims_that_arrive_during_a_renewal() {
    let cache = TokenCache::default();
    give(&cache, "old", 4 * MINUTE).await.expect("a token");
    let fetch = |rejected: Option<RejectedToken>| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let claims = rejected.and_then(|rejected| rejected.claims);
        Ok(token(claims.as_deref().unwrap_or("without claims"), 60 * MINUTE))
    };
    let (deadline, key) = (deadline(), key());

    let (renewed, ()) = tokio::join!(cache.token(&key, &deadline, RENEWAL_LIMIT, fetch), async {
        cache.reject(&key, &token("old", MINUTE), Some("{}"));
    });

    assert_eq!(renewed.expect("a token").expose(), "{}");
    assert_eq!(give(&cache, "new", 60 * MINUTE).await.expect("a token"), "{}");
}

#[tokio::test]
async fn keeps_the_claims_of_a_second_rejection() {
    let cache = TokenCache::default();
    give(&cache, "old", 60 * MINUTE).await.expect("a token");
    let fetch = |rejected: Option<RejectedToken>| async move {
        Ok(token(rejected.and_then(|rejected| rejected.claims).as_deref().unwrap_or("none"), 60 * MINUTE))
    };

    cache.reject(&key(), &token("old", MINUTE), None);
    cache.reject(&key(), &token("old", MINUTE), Some("{}"));
    let new = cache.token(&key(), &deadline(), RENEWAL_LIMIT, fetch).await.expect("a token");

    assert_eq!(new.expose(), "{}");
}

#[tokio::test(start_paused = true)]
async fn other_callers_use_the_old_token_during_a_renewal() {
    let cache = TokenCache::default();
    give(&cache, "old", 4 * MINUTE).await.expect("a token");
    let hang = |_| async { std::future::pending::<Result<AccessToken, Box<AuthenticationError>>>().await };
    let (deadline, started) = (deadline(), Instant::now());

    let key = key();
    let (renewing, other) = tokio::join!(cache.token(&key, &deadline, RENEWAL_LIMIT, hang), async {
        let other = give(&cache, "unused", 60 * MINUTE).await;
        (other, started.elapsed())
    });

    assert_eq!(other.0.expect("a token"), "old");
    assert_eq!(other.1, Duration::ZERO, "it did not wait");
    assert_eq!(renewing.expect("the old one is valid").expose(), "old");
    assert_eq!(started.elapsed(), RENEWAL_LIMIT);
}

#[tokio::test(start_paused = true)]
async fn limits_a_slow_renewal() {
    for (limit, left_for_the_operation, expected) in [(65, 300, "new"), (5, 300, "old"), (65, 50, "old")] {
        let cache = TokenCache::default();
        give(&cache, "old", 4 * MINUTE).await.expect("a token");
        let slow = |_| async {
            tokio::time::sleep(Duration::from_secs(40)).await;
            Ok(token("new", 60 * MINUTE))
        };
        let (limit, deadline) =
            (Duration::from_secs(limit), Deadline::lasting(Duration::from_secs(left_for_the_operation)));

        let renewed = cache.token(&key(), &deadline, limit, slow).await.expect("one of both");

        assert_eq!(renewed.expose(), expected, "{limit:?}, {left_for_the_operation} s");
    }
}

#[tokio::test(start_paused = true)]
async fn does_not_renew_without_enough_time() {
    let (cache, started) = (TokenCache::default(), AtomicUsize::new(0));
    give(&cache, "old", 4 * MINUTE).await.expect("a token");
    let fetch = |_| async {
        started.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<Result<AccessToken, Box<AuthenticationError>>>().await
    };

    let used =
        cache.token(&key(), &deadline(), 65 * Duration::from_secs(1), fetch).await.expect("the old one is valid");

    assert_eq!((used.expose(), started.load(Ordering::SeqCst)), ("old", 0));
}

#[tokio::test(start_paused = true)]
async fn hanging_fetch_ends_at_the_deadline() {
    let cache = TokenCache::default();
    let hang = |_| async { std::future::pending::<Result<AccessToken, Box<AuthenticationError>>>().await };

    let outcome = cache.token(&key(), &Deadline::lasting(Duration::from_secs(3)), RENEWAL_LIMIT, hang).await;

    assert!(matches!(outcome, Err(Error::TimedOut { .. })));
    assert_eq!(give(&cache, "t", 60 * MINUTE).await.expect("a token"), "t");
}

#[test]
fn debug_output_hides_the_token() {
    assert!(!format!("{:?}", token("very-secret", MINUTE)).contains("very-secret"));
}

#[tokio::test]
async fn sends_the_claims_of_a_challenge_only_with_the_next_request() {
    let cache = TokenCache::default();
    let fetch = |rejected: Option<RejectedToken>| async {
        Ok(token(&rejected.and_then(|rejected| rejected.claims).unwrap_or_default(), 60 * MINUTE))
    };
    let deadline = deadline();
    give(&cache, "old", 60 * MINUTE).await.expect("a token");

    cache.reject(&key(), &token("old", MINUTE), Some("claims"));
    let with_claims = cache.token(&key(), &deadline, RENEWAL_LIMIT, fetch).await.expect("a token");
    cache.reject(&key(), &with_claims, None);
    let without = cache.token(&key(), &deadline, RENEWAL_LIMIT, fetch).await.expect("a token");

    assert_eq!((with_claims.expose(), without.expose()), ("claims", ""));
}

#[test]
fn clock_changes_never_extend_the_lifetime_of_a_token() {
    let token = token("t", 60 * MINUTE);
    let (date, instant) = (SystemTime::now(), Instant::now());
    let remaining = |date, instant| token.remaining(date, instant).as_secs_f64().round() / 60.0;

    assert_eq!(remaining(date - 30 * MINUTE, instant), 60.0, "set back");
    assert_eq!(remaining(date + 30 * MINUTE, instant), 30.0, "set ahead, or the machine slept");
    assert_eq!(remaining(date - 30 * MINUTE, instant + 50 * MINUTE), 10.0, "set back in the meantime");
}

#[test]
fn limits_an_excessive_expiry() {
    let far = SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_799);

    assert_eq!(
        AccessToken::new("t".to_owned(), far).remaining(SystemTime::now(), Instant::now()).as_secs() / 86_400,
        29
    );
}
