//! The session of a configured provider. The operations of a run share its client, cached look-ups, locks and ownership
//! ledger.
//!
//! - `lookup.rs` caches the responses of look-ups, and shares them between concurrent operations. Each look-up defines
//!   its requests and its cache policy.
//! - `lock.rs` lets only one operation at a time write to an object.
//! - `plan_memo.rs` keeps plans repeatable if they depend on other plans of the run.
//! - `preflight.rs` contains the values of the provider argument `preflight`.

mod lock;
mod lookup;
mod plan_memo;
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
pub use lookup::{CachePolicy, Lookup, cache_failure};
pub use preflight::PreflightMode;

/// The time between the deadline of the requests and the deadline of Terraform's operation.
const MARGIN: Duration = Duration::from_millis(500);

/// The session of a configured provider, for one run.
#[derive(Debug)]
pub struct Session {
    arm: Client,
    cache: lookup::Cache,
    locks: lock::Locks,
    ownership: Ledger,
    preflight: PreflightMode,
    reported: Mutex<HashSet<String>>,
    plan_memo: plan_memo::PlanMemo,
    announced: Mutex<HashSet<String>>,
}

impl Session {
    /// Creates a session with this client of Resource Manager. Sends no request.
    #[must_use]
    pub fn new(arm: Client) -> Self {
        Self {
            arm,
            cache: lookup::Cache::default(),
            locks: lock::Locks::default(),
            ownership: Ledger::default(),
            preflight: PreflightMode::default(),
            reported: Mutex::default(),
            plan_memo: plan_memo::PlanMemo::default(),
            announced: Mutex::default(),
        }
    }

    /// Sets the preflight mode. By default, plans do not check prerequisites.
    #[must_use]
    pub fn with_preflight(self, preflight: PreflightMode) -> Self {
        Self { preflight, ..self }
    }

    /// The preflight mode.
    #[must_use]
    pub fn preflight(&self) -> PreflightMode {
        self.preflight
    }

    /// The client of Resource Manager.
    #[must_use]
    pub fn arm(&self) -> &Client {
        &self.arm
    }

    /// The ownership ledger of the run.
    #[must_use]
    pub fn ownership(&self) -> &Ledger {
        &self.ownership
    }

    /// Whether this is the first report of a fact in this run. For refreshes and destroys; plans use
    /// [`Session::is_reporter`].
    pub fn is_first_report(&self, fact: String) -> bool {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner).insert(fact)
    }

    /// Whether the resource with this configuration is the first one in this run that reports the fact. For plans.
    pub fn is_reporter(&self, fact: String, config: &Config) -> bool {
        self.memoized(format!("report of {fact}"), config, || self.is_first_report(fact))
    }

    /// Announces a fact about a planned change to the other plans of this run. Call it last, when the plan can no
    /// longer fail.
    pub fn announce(&self, fact: String) {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).insert(fact);
    }

    /// Whether a plan of this run has announced the fact. Plans must call it within [`Session::memoized`].
    pub fn is_announced(&self, fact: &str) -> bool {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).contains(fact)
    }

    /// Returns the value that was computed first for this key and configuration. A plan that depends on other plans of
    /// this run stays repeatable if it reads their facts this way.
    pub fn memoized(&self, key: String, config: &Config, compute: impl FnOnce() -> bool) -> bool {
        self.plan_memo.get(key, config, compute)
    }

    /// Returns the response of a look-up, from the cache or from Azure. For plans and refreshes.
    ///
    /// # Errors
    /// The errors of the look-up, which are not cached.
    pub async fn look_up<L: Lookup>(&self, lookup: &L, deadline: &Deadline) -> Result<L::Response, Error> {
        self.cache.get(lookup, lookup::Reuse::Cached, &self.arm, deadline).await
    }

    /// Returns the current response of a look-up, which only concurrent operations share. For decisions about writes.
    ///
    /// # Errors
    /// The errors of the look-up.
    pub async fn look_up_now<L: Lookup>(&self, lookup: &L, deadline: &Deadline) -> Result<L::Response, Error> {
        self.cache.get(lookup, lookup::Reuse::InFlight, &self.arm, deadline).await
    }

    /// Removes cached responses that depend on this ID, after a write at or below it that has or may have succeeded.
    pub fn invalidate(&self, id: &ResourceId) {
        self.cache.invalidate(id);
    }

    /// Waits until no other operation of this run writes to the object with this ID.
    ///
    /// # Errors
    /// [`Error::TimedOut`] or [`Error::Cancelled`] if the deadline ends first.
    pub async fn lock(&self, id: &ResourceId, deadline: &Deadline) -> Result<WriteGuard, Error> {
        self.locks.lock(id, deadline).await
    }
}

/// The deadline for the requests of a create. The same run may have assigned the required role recently, so requests
/// are retried for two minutes if a role is missing.
#[must_use]
pub fn deadline_of_create(context: &Context) -> Deadline {
    deadline(context).with_role_grace_period()
}

/// The deadline for the requests of an operation. It is a little earlier than the deadline of the operation, so that
/// the requests report a timeout with its reason before the framework cancels the operation.
#[must_use]
pub fn deadline(context: &Context) -> Deadline {
    let left = context.deadline().saturating_duration_since(Instant::now());
    let at = context.deadline().checked_sub(MARGIN.min(left / 10)).unwrap_or_else(|| context.deadline());
    Deadline::of_operation(at, context.time(), context.cancellation().clone())
}
