//! Waits until the administrator has clicked, and until what the click wrote no longer changes.

use std::time::Duration;

use tokio::time::Instant;

use super::Stop;
use super::analyze::is_possible_click;
use super::difference::{Change, difference};
use super::observe::{Observer, Versions};
use super::snapshot::Snapshot;
use super::terminal::{Progress, enter};
use crate::azure::{Deadline, Interrupted};

/// How long a change may take to appear after Enter.
const DELAY: Duration = Duration::from_secs(30);

/// How often the line on the terminal is rewritten.
const TICK: Duration = Duration::from_secs(1);

/// The snapshot before the click, and how to take another one.
pub(super) struct Wait<'a> {
    pub(super) observer: &'a Observer<'a>,
    pub(super) before: &'a Snapshot,
    pub(super) versions: &'a Versions,
    pub(super) interval: Duration,
    pub(super) until: Instant,
}

impl Wait<'_> {
    /// Waits for Enter, then for a change. Returns what has changed, possibly nothing.
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
        self.for_change_until(until, "Reading the data connectors").await
    }

    /// Reads the data connectors until a change may be the click.
    pub(super) async fn for_change(&self) -> Result<Vec<Change>, Stop> {
        self.for_change_until(self.until, "Waiting for Connect").await
    }

    /// Two snapshots in a row must show the same change: the portal may send several requests.
    async fn for_change_until(&self, until: Instant, what: &str) -> Result<Vec<Change>, Stop> {
        let mut progress = Progress::start();
        let mut last: Option<Vec<Change>> = None;
        loop {
            progress.show(what);
            let changes = difference(self.before, &self.observer.again(self.versions).await?);
            let is_settled = last.as_ref() == Some(&changes);
            if changes.iter().any(is_possible_click) && is_settled || Instant::now() >= until {
                return Ok(changes);
            }
            last = Some(changes);
            let pause = self.interval.min(until.saturating_duration_since(Instant::now()));
            self.observer.pause(pause.max(Duration::from_millis(1))).await?;
        }
    }
}
