//! What the operations of a run share: the client, answers to look-ups, locks, and ownership claims.
//!
//! `lookup.rs` keeps answers and shares them between operations; what to ask and how long an answer holds is stated by
//! each look-up where it belongs. `lock.rs` lets one operation at a time write to an object. `first_answers.rs` keeps the
//! plan of a resource repeatable if it depends on other plans of the run. `preflight.rs` is the provider argument `preflight`.

mod first_answers;
mod lock;
mod lookup;
mod preflight;

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error};
use crate::framework::{Config, Context};
use crate::ownership::Ledger;

pub use lock::WriteGuard;
pub use lookup::{CachePolicy, Lookup, keep_failure};
pub use preflight::PreflightMode;

/// How much earlier than Terraform's operation the deadline of its requests is.
const MARGIN: Duration = Duration::from_millis(500);

/// A run of a configured provider.
#[derive(Debug)]
pub struct Session {
    arm: Client,
    answers: lookup::Answers,
    locks: lock::Locks,
    ownership: Ledger,
    preflight: PreflightMode,
    reported: Mutex<HashSet<String>>,
    first_answers: first_answers::FirstAnswers,
    announced: Mutex<HashSet<String>>,
}

impl Session {
    /// A session with this client of Resource Manager. Sends nothing yet.
    #[must_use]
    pub fn new(arm: Client) -> Self {
        Self {
            arm,
            answers: lookup::Answers::default(),
            locks: lock::Locks::default(),
            ownership: Ledger::default(),
            preflight: PreflightMode::default(),
            reported: Mutex::default(),
            first_answers: first_answers::FirstAnswers::default(),
            announced: Mutex::default(),
        }
    }

    /// The same with this preflight of plans. Without it, plans check nothing in advance.
    #[must_use]
    pub fn with_preflight(self, preflight: PreflightMode) -> Self {
        Self { preflight, ..self }
    }

    /// What plans do about prerequisites that are not met.
    #[must_use]
    pub fn preflight(&self) -> PreflightMode {
        self.preflight
    }

    /// The client of Resource Manager.
    #[must_use]
    pub fn arm(&self) -> &Client {
        &self.arm
    }

    /// What this run has seen of objects of which there can be only one.
    #[must_use]
    pub fn ownership(&self) -> &Ledger {
        &self.ownership
    }

    /// Whether this is the first report of a fact in this run. For refreshes and destroys. Plans use [`Session::is_reporter`].
    pub fn is_first_report(&self, fact: String) -> bool {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner).insert(fact)
    }

    /// Whether the planned resource with this configuration reports the fact: it is the first one that found it in this run.
    pub fn is_reporter(&self, fact: String, config: &Config) -> bool {
        let question = format!("report of {fact}");
        self.first_answer(question, config, || self.is_first_report(fact))
    }

    /// Announces a fact about a planned change to the other plans of this run. Call it when nothing else of the plan can fail.
    pub fn announce(&self, fact: String) {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).insert(fact);
    }

    /// Whether a plan of this run has announced the fact. For plans, ask within [`Session::first_answer`].
    pub fn is_announced(&self, fact: &str) -> bool {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).contains(fact)
    }

    /// The answer about other plans of this run that the planned resource with this configuration got first. It gets the same one
    /// each time it is planned, so its plan is repeatable.
    pub fn first_answer(&self, question: String, config: &Config, answer: impl FnOnce() -> bool) -> bool {
        self.first_answers.get(question, config, answer)
    }

    /// The answer to a look-up, from Azure or from earlier in this run. For plans and refreshes.
    ///
    /// # Errors
    /// Those of the look-up. An error is not kept.
    pub async fn look_up<L: Lookup>(&self, lookup: &L, deadline: &Deadline) -> Result<L::Answer, Error> {
        self.answers.get(lookup, lookup::Reuse::Kept, &self.arm, deadline).await
    }

    /// The current answer to a look-up. It is shared only with operations that ask at the same time. For decisions
    /// about writes.
    ///
    /// # Errors
    /// Those of the look-up.
    pub async fn look_up_now<L: Lookup>(&self, lookup: &L, deadline: &Deadline) -> Result<L::Answer, Error> {
        self.answers.get(lookup, lookup::Reuse::InFlight, &self.arm, deadline).await
    }

    /// Something at or below this id was written, or may have been: answers that depend on it no longer hold.
    pub fn written(&self, id: &ResourceId) {
        self.answers.forget(id);
    }

    /// Waits until no other operation of this run writes to the object with this id.
    ///
    /// # Errors
    /// [`Error::TimedOut`] or [`Error::Cancelled`] if the deadline ends first.
    pub async fn lock(&self, id: &ResourceId, deadline: &Deadline) -> Result<WriteGuard, Error> {
        self.locks.lock(id, deadline).await
    }
}

/// The deadline for the requests of a create. The same run may have assigned the role for it recently, so a missing
/// role is no reason to give up for two minutes.
#[must_use]
pub fn deadline_of_create(context: &Context) -> Deadline {
    deadline(context).with_role_grace_period()
}

/// The deadline for the requests of an operation. It is a little earlier than that of the operation, at which Terraform
/// cancels everything: a timeout that names its reason says more than a cancellation.
#[must_use]
pub fn deadline(context: &Context) -> Deadline {
    let left = context.deadline().saturating_duration_since(Instant::now());
    let at = context.deadline().checked_sub(MARGIN.min(left / 10)).unwrap_or_else(|| context.deadline());
    Deadline::of_operation(at, context.time(), context.cancellation().clone())
}
