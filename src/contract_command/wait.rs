//! Waits until the administrator selects Connect, and until the data connectors stop changing.

use std::time::Duration;

use tokio::time::Instant;

use super::Stop;
use super::analyze::is_possible_connection;
use super::difference::{Change, difference};
use super::observe::{Observer, Versions};
use super::snapshot::Snapshot;
use super::terminal::{Progress, enter};
use crate::azure::{Deadline, Interrupted};
use crate::framework::Diagnostic;
use crate::sentinel::WorkspaceId;

/// How long a change may take to appear after Enter.
const DELAY: Duration = Duration::from_secs(30);

/// How often the line on the terminal is rewritten.
const TICK: Duration = Duration::from_secs(1);

/// A wait for changes of the data connectors.
pub(super) struct Wait<'a> {
    pub(super) observer: &'a Observer<'a>,
    pub(super) before: &'a Snapshot,
    pub(super) versions: &'a Versions,
    pub(super) interval: Duration,
    pub(super) until: Instant,
}

impl Wait<'_> {
    /// Waits for Enter, then for a change. Returns the changes, which may be none.
    pub(super) async fn for_enter(&self) -> Result<Vec<Change>, Stop> {
        let mut progress = Progress::start();
        let mut pressed = enter();
        loop {
            progress.show("Waiting for Enter");
            let tick = Deadline::lasting(TICK).with_cancellation(self.observer.cancellation.clone());
            match tick.run(&mut pressed).await {
                Ok(_) => break,
                Err(Interrupted::Cancelled) => return Err(Stop::Cancelled),
                Err(Interrupted::TimedOut) if Instant::now() >= self.until => break,
                Err(Interrupted::TimedOut) => {}
            }
        }
        drop(progress);
        let now = Instant::now();
        let until = (now + DELAY).min(self.until.max(now + self.interval * 2));
        self.for_change_until(until, "Waiting for the change to appear").await
    }

    /// Reads the data connectors until a change may be the connection.
    pub(super) async fn for_change(&self) -> Result<Vec<Change>, Stop> {
        self.for_change_until(self.until, "Waiting for Connect").await
    }

    /// Waits until two consecutive snapshots show the same changes, because the portal may send several requests.
    /// Changes that appear just before the end get two more intervals.
    async fn for_change_until(&self, until: Instant, what: &str) -> Result<Vec<Change>, Stop> {
        let mut progress = Progress::start();
        let mut last: Option<Vec<Change>> = None;
        loop {
            progress.show(what);
            let changes = difference(self.before, &self.observer.again(self.versions).await?);
            let (now, is_settled) = (Instant::now(), last.as_ref() == Some(&changes));
            if is_settled && (now >= until || changes.iter().any(is_possible_connection)) {
                return Ok(changes);
            }
            if now >= until + self.interval * 2 {
                return Err(still_changing(self.observer.workspace).into());
            }
            last = Some(changes);
            let left = until.saturating_duration_since(now);
            self.observer.pause(if left.is_zero() { self.interval } else { self.interval.min(left) }).await?;
        }
    }
}

fn still_changing(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        "The data connectors are still changing",
        format!(
            "The data connectors of the workspace {} changed with each reading until the time limit, so the command \
             cannot determine what the Connect button writes. Wait until no other person or process changes them. Then select \
             Disconnect in the portal, and run the command again.",
            workspace.name()
        ),
    )
}

#[cfg(test)]
mod tests {
    use azure_simulator::World;
    use serde_json::json;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::testing::Azure;

    /// Returns the changes that `contract record` finds if `change` runs before each list request. `change` gets the
    /// number of earlier requests.
    async fn recorded(change: impl Fn(&mut World, usize) + Send + 'static) -> Result<Vec<Change>, Stop> {
        let azure = Azure::start_empty().await;
        let (session, workspace, cancellation) = (azure.session(), azure.workspace(), CancellationToken::new());
        let observer = Observer { session: &session, workspace: &workspace, cancellation: &cancellation };
        let Ok((before, versions)) = observer.first().await else { panic!("the lists can be read") };
        let lists = std::sync::atomic::AtomicUsize::new(0);
        azure.before(
            |request| request.path.ends_with("/dataConnectors"),
            move |world| change(world, lists.fetch_add(1, std::sync::atomic::Ordering::Relaxed)),
        );
        let interval = Duration::from_secs(5);
        let until = Instant::now() + interval * 4;
        Wait { observer: &observer, before: &before, versions: &versions, interval, until }.for_change().await
    }

    fn connect(world: &mut World, id: &str, tag: usize) {
        let properties = json!({
            "tenantId": "22222222-2222-4222-8222-222222222222",
            "dataTypes": {"incidents": {"state": "Disabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForCloud", format!("product{tag}")]},
        });
        world.put_document(id, json!({"kind": "MicrosoftThreatProtection", "properties": properties}));
    }

    #[tokio::test(start_paused = true)]
    async fn constant_changes_are_an_error() {
        let id = Azure::start_empty().await.id("dataConnectors/c1");

        let outcome = recorded(move |world, lists| connect(world, &id, lists)).await;

        let Err(Stop::Failed(errors)) = outcome else { panic!("expected an error") };
        assert!(errors.to_string().contains("The data connectors are still changing"), "{errors}");
    }

    #[tokio::test(start_paused = true)]
    async fn returns_a_change_just_before_the_timeout() {
        let id = Azure::start_empty().await.id("dataConnectors/c1");

        let outcome = recorded(move |world, lists| {
            if lists >= 4 * 3 {
                connect(world, &id, 1);
            }
        })
        .await;

        assert_eq!(outcome.ok().map(|changes| changes.len()), Some(1));
    }
}
