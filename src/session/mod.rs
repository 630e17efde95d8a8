//! What every resource and data source works with: the ARM client, shared look-ups, and turns for writing.

mod cache;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use self::cache::{Memo, SingleFlight, TtlCache};
use crate::azure::arm::{Client, Request};
use crate::azure::{Deadline, Error};
use crate::framework::Context;
use crate::ownership::Ledger;
use crate::sentinel::{Onboarding, WorkspaceId, location, onboarding, tenant};

/// See [`Session::deadline`].
const MARGIN: Duration = Duration::from_millis(500);

/// One configured provider's way to Azure.
#[derive(Debug)]
pub struct Session {
    arm: Client,
    tenants: Memo<String, String>,
    locations: Memo<String, String>,
    onboarding: SingleFlight<String, Onboarding>,
    lists: SingleFlight<(String, String), Arc<Vec<Value>>>,
    recent_lists: TtlCache<(String, String), Arc<Vec<Value>>>,
    turns: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    ownership: Ledger,
}

/// The right to write to a workspace, or to one thing on it; ends when dropped.
#[derive(Debug)]
#[must_use = "the turn ends when this is dropped"]
pub struct WriteGuard {
    _turn: OwnedMutexGuard<()>,
}

impl Session {
    /// A session over `arm`. Asks nobody yet.
    #[must_use]
    pub fn new(arm: Client) -> Self {
        Self {
            arm,
            tenants: Memo::default(),
            locations: Memo::default(),
            onboarding: SingleFlight::default(),
            lists: SingleFlight::default(),
            recent_lists: TtlCache::default(),
            turns: Mutex::default(),
            ownership: Ledger::default(),
        }
    }

    /// The Resource Manager client.
    #[must_use]
    pub fn arm(&self) -> &Client {
        &self.arm
    }

    /// What this run has seen of objects of which there can be only one.
    #[must_use]
    pub fn ownership(&self) -> &Ledger {
        &self.ownership
    }

    /// The bounds of an operation. They end a little before the operation's own: at its deadline Terraform's operation is
    /// cancelled as well, and a timeout that names its reason says more than a cancellation.
    #[must_use]
    pub fn deadline(&self, context: &Context) -> Deadline {
        let left = context.deadline().saturating_duration_since(Instant::now());
        let deadline = context.deadline().checked_sub(MARGIN.min(left / 10)).unwrap_or_else(|| context.deadline());
        Deadline::new(deadline, context.cancellation().clone())
    }

    /// The tenant of the workspace's subscription, a GUID in lower case. Asked once a subscription and process: a
    /// subscription does not move during a run.
    ///
    /// # Errors
    /// What the call can end with.
    pub async fn tenant_of(&self, workspace: &WorkspaceId, deadline: &Deadline) -> Result<String, Error> {
        let subscription = workspace.subscription();
        let look_up = tenant::look_up(&self.arm, subscription, deadline);
        self.tenants.get(subscription.to_ascii_lowercase(), look_up).await
    }

    /// The workspace's region, as Azure writes it. Asked once a workspace and process: a workspace does not move.
    ///
    /// # Errors
    /// What the call can end with.
    pub async fn location_of(&self, workspace: &WorkspaceId, deadline: &Deadline) -> Result<String, Error> {
        let look_up = location::look_up(&self.arm, workspace, deadline);
        self.locations.get(workspace.key(), look_up).await
    }

    /// Is Sentinel on the workspace, now? Simultaneous questions share an answer; it is not kept, since the same run
    /// may onboard the workspace.
    ///
    /// # Errors
    /// What the call can end with.
    pub async fn onboarding(&self, workspace: &WorkspaceId, deadline: &Deadline) -> Result<Onboarding, Error> {
        let look_up = onboarding::look_up(&self.arm, workspace, deadline);
        self.onboarding.get(workspace.key(), look_up).await
    }

    /// Every document of a Sentinel collection on the workspace, for example of `contentPackages`. Simultaneous questions
    /// share an answer; it is not kept, since the same run may change the collection.
    ///
    /// # Errors
    /// What the call can end with.
    pub async fn list(
        &self,
        workspace: &WorkspaceId,
        collection: &str,
        api_version: &str,
        deadline: &Deadline,
    ) -> Result<Arc<Vec<Value>>, Error> {
        let request = Request::get(workspace.sentinel(collection), api_version);
        let key = (request.path().to_ascii_lowercase(), api_version.to_owned());
        let look_up = async { self.arm.list(&request, deadline).await.map(Arc::new) };
        self.lists.get(key, look_up).await
    }

    /// As [`Session::list`], but an answer is remembered for some minutes, or until [`Session::changed`]: however many
    /// resources look, the list is read once a run. For plans and refreshes; what is about to be written needs a fresh
    /// look.
    ///
    /// # Errors
    /// What the call can end with. An error is not remembered.
    pub async fn recent_list(
        &self,
        workspace: &WorkspaceId,
        collection: &str,
        api_version: &str,
        deadline: &Deadline,
    ) -> Result<Arc<Vec<Value>>, Error> {
        let path = workspace.sentinel(collection).to_ascii_lowercase();
        let look_up = self.list(workspace, collection, api_version, deadline);
        self.recent_lists.get((path, api_version.to_owned()), look_up).await
    }

    /// Something on the workspace was written, or may have been: what is remembered of its lists does not count any more,
    /// apart from the catalogue, which Microsoft writes.
    pub fn changed(&self, workspace: &WorkspaceId) {
        let below = workspace.sentinel("").to_ascii_lowercase();
        let catalogue = workspace.sentinel("contentProductPackages").to_ascii_lowercase();
        self.recent_lists.forget(|(path, _)| path.starts_with(&below) && *path != catalogue);
    }

    /// Waits until nobody else in this process writes to the workspace's Sentinel documents. Several resources are
    /// slices of one document: taking turns keeps them from making each other's etags stale.
    ///
    /// # Errors
    /// [`Error::TimedOut`] or [`Error::Cancelled`] when the deadline ends first.
    pub async fn lock_workspace(&self, workspace: &WorkspaceId, deadline: &Deadline) -> Result<WriteGuard, Error> {
        self.turn(workspace.key(), deadline).await
    }

    /// As [`Session::lock_workspace`], for one thing on the workspace, such as a solution, that nothing else shares.
    ///
    /// # Errors
    /// [`Error::TimedOut`] or [`Error::Cancelled`] when the deadline ends first.
    pub async fn lock_object(
        &self,
        workspace: &WorkspaceId,
        thing: &str,
        deadline: &Deadline,
    ) -> Result<WriteGuard, Error> {
        self.turn(format!("{}|{}", workspace.key(), thing.to_ascii_lowercase()), deadline).await
    }

    async fn turn(&self, key: String, deadline: &Deadline) -> Result<WriteGuard, Error> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(key).or_default())
        };
        let since = Instant::now();
        let turn = deadline.run(turn.lock_owned()).await.map_err(|interrupted| interrupted.into_error(since))?;
        Ok(WriteGuard { _turn: turn })
    }
}
