//! Look-ups: requests to Azure whose responses operations share, so that twenty resources send one request.

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

/// A request to Azure whose response operations share. Equal look-ups have the same response.
pub trait Lookup: Clone + Eq + Hash + Send + Sync + 'static {
    /// The answer. Operations get clones of it.
    type Answer: Clone + Send + Sync + 'static;

    /// How long an answer holds.
    const CACHE: CachePolicy;

    /// Sends the requests.
    ///
    /// # Errors
    /// What the requests can end with.
    fn fetch(&self, client: &Client, deadline: &Deadline) -> impl Future<Output = Result<Self::Answer, Error>> + Send;

    /// Whether an answer no longer holds because the provider wrote to something at or below `id`. By default it holds.
    fn depends_on(&self, id: &ResourceId) -> bool {
        let _ = id;
        false
    }
}

/// How long an answer holds, unless the provider writes to what it depends on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CachePolicy {
    /// For the rest of the run.
    ForTheRun,
    /// For this long.
    For(Duration),
    /// Only operations that ask at the same time share it.
    InFlight,
}

/// Azure's refusal, or that no answer came in time, as an answer that is kept like any other. For look-ups that many
/// operations ask although they can do without the answer. Other errors are not kept.
///
/// # Errors
/// The request failed otherwise.
pub fn keep_failure<T>(asked: Result<T, Error>) -> Result<Result<T, Error>, Error> {
    match asked {
        Err(error @ (Error::Service(_) | Error::TimedOut { .. })) => Ok(Err(error)),
        asked => asked.map(Ok),
    }
}

/// Which answers an operation may reuse.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reuse {
    /// Those that were kept, and those that are being looked up.
    Kept,
    /// Only those that are being looked up.
    InFlight,
}

/// All answers of a run, by the type of the look-up.
#[derive(Default)]
pub(super) struct Answers(Mutex<HashMap<TypeId, Arc<dyn AnyAnswersOf>>>);

impl Answers {
    pub(super) async fn get<L: Lookup>(
        &self,
        lookup: &L,
        reuse: Reuse,
        client: &Client,
        deadline: &Deadline,
    ) -> Result<L::Answer, Error> {
        let answers = self.of::<L>();
        // Without its type, which would make those of the operations too deep for the compiler.
        let ask = || -> Pin<Box<dyn Future<Output = Result<L::Answer, Error>> + Send + '_>> {
            Box::pin(lookup.fetch(client, deadline))
        };
        let answer = answers.get(lookup, reuse, ask);
        // On the heap, because operations wait for several at the same time. Within the deadline, because another
        // operation with more time may be the one that asks.
        let started = Instant::now();
        match deadline.run(Box::pin(answer)).await {
            Ok(answer) => answer,
            Err(interrupted) => Err(interrupted.into_error(started, deadline)),
        }
    }

    /// Forgets the answers that depend on what was written, including those that are being looked up.
    pub(super) fn forget(&self, written: &ResourceId) {
        for answers in self.0.lock().unwrap_or_else(PoisonError::into_inner).values() {
            answers.forget(written);
        }
    }

    fn of<L: Lookup>(&self) -> Arc<AnswersOf<L>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = all.entry(TypeId::of::<L>()).or_insert_with(|| Arc::new(AnswersOf::<L>::default()));
        let answers: Arc<dyn Any + Send + Sync> = Arc::clone(answers) as _;
        answers.downcast().expect("invariant: the key is the type of the look-up")
    }
}

/// The answers to look-ups of one type. The first operation to ask fills the cell, the others wait for it. After a
/// failure, the next one in line asks again.
struct AnswersOf<L: Lookup>(Mutex<HashMap<L, Cell<L::Answer>>>);

/// An answer, if it came.
struct Cell<A> {
    /// With the time when it came.
    answer: Arc<OnceCell<(Instant, A)>>,
    /// An operation has asked for answers that may be kept.
    is_kept: bool,
}

impl<L: Lookup> AnswersOf<L> {
    async fn get<F, E>(&self, lookup: &L, reuse: Reuse, ask: impl FnOnce() -> F) -> Result<L::Answer, E>
    where
        F: Future<Output = Result<L::Answer, E>>,
    {
        let ask = || async { ask().await.map(|answer| (Instant::now(), answer)) };
        let cell = self.cell(lookup, reuse);
        let answer = cell.get_or_try_init(ask).await.map(|(_, answer)| answer.clone());
        self.drop_unless_kept(lookup, &cell);
        answer
    }

    fn cell(&self, lookup: &L, reuse: Reuse) -> Arc<OnceCell<(Instant, L::Answer)>> {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(L::CACHE, CachePolicy::For(_)) && !cells.contains_key(lookup) {
            cells.retain(|_, cell| cell.answer.get().is_none_or(|(since, _)| L::CACHE.holds(since.elapsed())));
        }
        let cell = cells.entry(lookup.clone()).or_default();
        let is_outdated = |(since, _): &(Instant, _)| reuse == Reuse::InFlight || !L::CACHE.holds(since.elapsed());
        if cell.answer.get().is_some_and(is_outdated) {
            cell.answer = Arc::default();
        }
        cell.is_kept |= reuse == Reuse::Kept && L::CACHE != CachePolicy::InFlight;
        Arc::clone(&cell.answer)
    }

    /// Frees the memory of an answer that no operation will reuse. A thousand lists of connectors take 40 MB.
    fn drop_unless_kept(&self, lookup: &L, answer: &Arc<OnceCell<(Instant, L::Answer)>>) {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cells.get(lookup).is_some_and(|cell| !cell.is_kept && Arc::ptr_eq(&cell.answer, answer)) {
            cells.remove(lookup);
        }
    }
}

impl<A> Default for Cell<A> {
    fn default() -> Self {
        Self { answer: Arc::default(), is_kept: false }
    }
}

impl<L: Lookup> Default for AnswersOf<L> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// [`AnswersOf`] any type of look-up.
trait AnyAnswersOf: Any + Send + Sync {
    fn forget(&self, written: &ResourceId);
}

impl<L: Lookup> AnyAnswersOf for AnswersOf<L> {
    fn forget(&self, written: &ResourceId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|lookup, _| !lookup.depends_on(written));
    }
}

impl CachePolicy {
    /// Whether an answer of this age holds.
    fn holds(self, age: Duration) -> bool {
        match self {
            Self::ForTheRun => true,
            Self::For(limit) => age < limit,
            Self::InFlight => false,
        }
    }
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
