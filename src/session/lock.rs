//! Locks, which let only one operation at a time write to an object.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use crate::azure::resource_id::ResourceId;
use crate::azure::{Deadline, Error};

/// The locks of a run, by object.
#[derive(Debug, Default)]
pub(super) struct Locks(Mutex<HashMap<ResourceId, Arc<tokio::sync::Mutex<()>>>>);

/// The permission to write to an object. Dropping it releases the lock.
#[derive(Debug)]
#[must_use = "dropping the guard releases the lock"]
pub struct WriteGuard {
    _guard: OwnedMutexGuard<()>,
}

impl Locks {
    pub(super) async fn lock(&self, id: &ResourceId, deadline: &Deadline) -> Result<WriteGuard, Error> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(id.clone()).or_default())
        };
        let since = Instant::now();
        let guard =
            deadline.run(lock.lock_owned()).await.map_err(|interrupted| interrupted.into_error(since, deadline))?;
        Ok(WriteGuard { _guard: guard })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn id(name: &str) -> ResourceId {
        ResourceId::parse(&format!("/subscriptions/s/resourceGroups/{name}")).expect("an id")
    }

    #[tokio::test(start_paused = true)]
    async fn locks_only_one_object_until_its_guard_is_dropped() {
        let (locks, soon) = (Locks::default(), Deadline::lasting(Duration::from_secs(1)));
        let guard = locks.lock(&id("one"), &soon).await.expect("no other write");

        let _other = locks.lock(&id("other"), &soon).await.expect("another object");
        let error = locks.lock(&id("ONE"), &soon).await.expect_err("the same object");
        assert!(matches!(error, Error::TimedOut { .. }), "{error}");

        drop(guard);
        let later = Deadline::lasting(Duration::from_secs(1));
        let _again = locks.lock(&id("one"), &later).await.expect("the guard was dropped");
    }
}
