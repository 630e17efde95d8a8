//! Waits until the administrator has clicked, and until what the click wrote no longer changes.

use std::time::Duration;

use tokio::time::Instant;

use super::Stop;
use super::difference::{Change, difference};
use super::express::is_relevant;
use super::observe::{Observer, Versions};
use super::snapshot::Snapshot;
use super::terminal::{Progress, enter};
use crate::azure::Deadline;

/// How long a change may take to appear after Enter.
const DELAY: Duration = Duration::from_secs(30);

/// How often the line on the terminal is rewritten.
const TICK: Duration = Duration::from_secs(1);

/// The look before the click, and how to look again.
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
                Err(_) if self.observer.cancellation.is_cancelled() => return Err(Stop::Cancelled),
                Err(_) if Instant::now() >= self.until => break,
                Err(_) => {}
            }
        }
        progress.end();
        let now = Instant::now();
        let until = (now + DELAY).min(self.until.max(now + self.interval * 2));
        self.for_change_until(until, "Reading the data connectors").await
    }

    /// Looks until something relevant has changed.
    pub(super) async fn for_change(&self) -> Result<Vec<Change>, Stop> {
        self.for_change_until(self.until, "Waiting for Connect").await
    }

    /// Two looks in a row must show the same change: the portal may send several requests.
    async fn for_change_until(&self, until: Instant, what: &str) -> Result<Vec<Change>, Stop> {
        let mut progress = Progress::start();
        let mut last: Option<Vec<Change>> = None;
        loop {
            progress.show(what);
            let changes = difference(self.before, &self.observer.again(self.versions).await?);
            let is_settled = last.as_ref() == Some(&changes);
            if changes.iter().any(is_relevant) && is_settled || Instant::now() >= until {
                progress.end();
                return Ok(changes);
            }
            last = Some(changes);
            let pause = self.interval.min(until.saturating_duration_since(Instant::now()));
            self.observer.pause(pause.max(Duration::from_millis(1))).await?;
        }
    }
}
