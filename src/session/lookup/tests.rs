//! Who shares an answer, and for how long.

use std::cell::Cell as Counter;
use std::convert::Infallible;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

macro_rules! lookups {
    ($($name:ident: $keep:expr;)+) => {$(
        /// A look-up of something on this resource.
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        struct $name(ResourceId);

        impl Lookup for $name {
            type Answer = u32;
            const CACHE: CachePolicy = $keep;

            async fn fetch(&self, _: &Client, _: &Deadline) -> Result<u32, Error> {
                unreachable!("these tests answer themselves")
            }

            fn depends_on(&self, id: &ResourceId) -> bool {
                self.0 == *id
            }
        }
    )+};
}

lookups! {
    Kept: CachePolicy::ForTheRun;
    KeptForAMinute: CachePolicy::For(MINUTE);
    Shared: CachePolicy::InFlight;
}

fn id(name: &str) -> ResourceId {
    ResourceId::parse(&format!("/subscriptions/s/resourceGroups/{name}")).expect("an id")
}

/// Answers with the number of the question.
async fn count(asked: &Counter<u32>) -> Result<u32, Infallible> {
    tokio::time::sleep(Duration::from_secs(1)).await;
    asked.set(asked.get() + 1);
    Ok(asked.get())
}

#[tokio::test(start_paused = true)]
async fn concurrent_lookups_share_one_request() {
    let (answers, asked, lookup) = (AnswersOf::default(), Counter::new(0), Shared(id("a")));
    let ask = || answers.get(&lookup, Reuse::InFlight, || count(&asked));

    assert_eq!(tokio::join!(ask(), ask()), (Ok(1), Ok(1)));
    assert_eq!(ask().await, Ok(2), "a later question is asked again");
}

#[tokio::test(start_paused = true)]
async fn keeps_a_response_for_the_lifetime_of_its_lookup() {
    let (forever, minute, shared) = (AnswersOf::default(), AnswersOf::default(), AnswersOf::default());
    let (asked, a, b, c) = (Counter::new(0), Kept(id("a")), KeptForAMinute(id("a")), Shared(id("a")));
    let kept = || forever.get(&a, Reuse::Kept, || count(&asked));
    let for_a_minute = || minute.get(&b, Reuse::Kept, || count(&asked));
    let not_kept = || shared.get(&c, Reuse::Kept, || count(&asked));

    assert_eq!((kept().await, for_a_minute().await, not_kept().await), (Ok(1), Ok(2), Ok(3)));
    assert_eq!((kept().await, for_a_minute().await, not_kept().await), (Ok(1), Ok(2), Ok(4)));
    tokio::time::advance(MINUTE).await;
    assert_eq!((kept().await, for_a_minute().await, not_kept().await), (Ok(1), Ok(5), Ok(6)));
}

#[tokio::test(start_paused = true)]
async fn different_lookups_have_different_responses() {
    let (answers, asked) = (AnswersOf::default(), Counter::new(0));
    let ask = |name| {
        let lookup = Kept(id(name));
        let (answers, asked) = (&answers, &asked);
        async move { answers.get(&lookup, Reuse::Kept, || count(asked)).await }
    };

    assert_eq!((ask("a").await, ask("b").await, ask("A").await), (Ok(1), Ok(2), Ok(1)));
}

#[tokio::test(start_paused = true)]
async fn current_response_replaces_the_cached_one() {
    let (answers, asked, lookup) = (AnswersOf::default(), Counter::new(0), Kept(id("a")));
    let ask = |reuse| answers.get(&lookup, reuse, || count(&asked));

    assert_eq!(ask(Reuse::Kept).await, Ok(1));
    assert_eq!(ask(Reuse::InFlight).await, Ok(2));
    assert_eq!(ask(Reuse::Kept).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn response_shared_only_in_flight_is_not_cached() {
    let (answers, asked, lookup) = (AnswersOf::default(), Counter::new(0), Kept(id("a")));
    let ask = |reuse| answers.get(&lookup, reuse, || count(&asked));

    ask(Reuse::InFlight).await.expect("an answer");
    assert!(answers.0.lock().expect("no panic").is_empty());
    ask(Reuse::Kept).await.expect("an answer");
    assert_eq!(answers.0.lock().expect("no panic").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn next_lookup_frees_an_expired_response() {
    let (answers, asked) = (AnswersOf::default(), Counter::new(0));
    let ask = |name| {
        let lookup = KeptForAMinute(id(name));
        let (answers, asked) = (&answers, &asked);
        async move { answers.get(&lookup, Reuse::Kept, || count(asked)).await }
    };

    ask("a").await.expect("an answer");
    tokio::time::advance(MINUTE).await;
    ask("b").await.expect("an answer");

    assert_eq!(answers.0.lock().expect("no panic").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn failure_is_not_cached() {
    let (answers, lookup) = (AnswersOf::default(), Kept(id("a")));

    assert_eq!(answers.get(&lookup, Reuse::Kept, || async { Err("no") }).await, Err("no"));
    assert_eq!(answers.get(&lookup, Reuse::Kept, || async { Ok::<_, &str>(7) }).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn write_invalidates_dependent_responses_including_those_in_flight() {
    let (answers, asked) = (AnswersOf::default(), Counter::new(0));
    let (changed, unchanged) = (Kept(id("a")), Kept(id("b")));
    let ask = |lookup| answers.get(lookup, Reuse::Kept, || count(&asked));
    let write = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        answers.forget(&id("A"));
        ask(&changed).await
    };

    assert_eq!(ask(&unchanged).await, Ok(1));
    assert_eq!(tokio::join!(ask(&changed), write), (Ok(2), Ok(3)), "asked again, though an answer was on its way");
    assert_eq!((ask(&changed).await, ask(&unchanged).await), (Ok(3), Ok(1)));
}

#[tokio::test(start_paused = true)]
async fn lookups_of_different_types_are_cached_separately() {
    let answers = Answers::default();

    let (kept, shared) = (answers.of::<Kept>(), answers.of::<Shared>());
    kept.get(&Kept(id("a")), Reuse::Kept, || async { Ok::<_, Infallible>(1) }).await.expect("an answer");
    shared.get(&Shared(id("a")), Reuse::Kept, || async { Ok::<_, Infallible>(2) }).await.expect("an answer");

    assert!(Arc::ptr_eq(&kept, &answers.of::<Kept>()));
    answers.forget(&id("a"));
    assert_eq!(kept.get(&Kept(id("a")), Reuse::Kept, || async { Ok::<_, Infallible>(3) }).await, Ok(3));
}
