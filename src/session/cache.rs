//! Answers that several operations wait for together, so that twenty resources ask once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::Instant;

/// Answers that hold for as long as the process lives. The first to ask looks it up, whoever asks meanwhile waits for
/// that; a failure is not kept, and the next in line looks again.
#[derive(Debug)]
pub(super) struct Memo<K, V>(Mutex<HashMap<K, Arc<OnceCell<V>>>>);

/// As [`Memo`], but an answer is forgotten as soon as nobody waits for it: only simultaneous questions share one.
#[derive(Debug)]
pub(super) struct SingleFlight<K, V>(Mutex<HashMap<K, Weak<OnceCell<V>>>>);

/// As [`Memo`], but an answer is kept for a while only, and can be forgotten: of what changes rarely, and then mostly
/// by our own hand.
#[derive(Debug)]
pub(super) struct TtlCache<K, V>(Mutex<HashMap<K, Arc<OnceCell<Dated<V>>>>>);

/// An answer, and when it came.
type Dated<V> = (Instant, V);

/// How long a recent answer is believed.
const RECENT: Duration = Duration::from_secs(5 * 60);

impl<K: Eq + Hash, V: Clone> TtlCache<K, V> {
    pub(super) async fn get<E>(&self, key: K, look_up: impl Future<Output = Result<V, E>>) -> Result<V, E> {
        let cell = {
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            cells.retain(|_, cell| cell.get().is_none_or(|(since, _)| since.elapsed() < RECENT));
            Arc::clone(cells.entry(key).or_default())
        };
        let dated = async { look_up.await.map(|answer| (Instant::now(), answer)) };
        cell.get_or_try_init(|| dated).await.map(|(_, answer)| answer.clone())
    }

    /// Forgets the answers to these questions, also those that are on their way.
    pub(super) fn forget(&self, is_meant: impl Fn(&K) -> bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|key, _| !is_meant(key));
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    pub(super) async fn get<E>(&self, key: K, look_up: impl Future<Output = Result<V, E>>) -> Result<V, E> {
        let cell = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
        cell.get_or_try_init(|| look_up).await.cloned()
    }
}

impl<K: Eq + Hash, V: Clone> SingleFlight<K, V> {
    pub(super) async fn get<E>(&self, key: K, look_up: impl Future<Output = Result<V, E>>) -> Result<V, E> {
        let cell = {
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            cells.retain(|_, cell| cell.strong_count() > 0);
            let waiting = cells.get(&key).and_then(Weak::upgrade);
            waiting.unwrap_or_else(|| {
                let cell = Arc::new(OnceCell::new());
                cells.insert(key, Arc::downgrade(&cell));
                cell
            })
        };
        cell.get_or_try_init(|| look_up).await.cloned()
    }
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K, V> Default for TtlCache<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K, V> Default for SingleFlight<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::convert::Infallible;

    use super::*;

    async fn counted(asked: &Cell<u32>) -> Result<u32, Infallible> {
        tokio::task::yield_now().await;
        asked.set(asked.get() + 1);
        Ok(asked.get())
    }

    #[tokio::test]
    async fn simultaneous_questions_are_asked_once() {
        let (asked, in_flight) = (Cell::new(0), SingleFlight::default());

        let both = tokio::join!(in_flight.get("k", counted(&asked)), in_flight.get("k", counted(&asked)));

        assert_eq!(both, (Ok(1), Ok(1)));
    }

    #[tokio::test]
    async fn a_later_question_is_asked_again_unless_the_answer_is_remembered() {
        let (asked, in_flight, remembered) = (Cell::new(0), SingleFlight::default(), Memo::default());

        assert_eq!(in_flight.get("k", counted(&asked)).await, Ok(1));
        assert_eq!(in_flight.get("k", counted(&asked)).await, Ok(2));
        assert_eq!(remembered.get("k", counted(&asked)).await, Ok(3));
        assert_eq!(remembered.get("k", counted(&asked)).await, Ok(3));
    }

    #[tokio::test]
    async fn a_failure_is_not_remembered() {
        let remembered = Memo::<&str, u32>::default();

        assert_eq!(remembered.get("k", async { Err("no") }).await, Err("no"));
        assert_eq!(remembered.get("k", async { Ok::<_, &str>(7) }).await, Ok(7));
    }
}
