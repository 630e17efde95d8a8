//! `contract check`: which contract a workspace uses that is connected already.

use super::arguments::Check;
use super::connected::connected;
use super::mask::Mask;
use super::observe::Observer;
use super::report::Report;
use super::{Exit, Stop, print};

/// Looks at the workspace.
pub(super) async fn check(observer: &Observer<'_>, arguments: &Check) -> Result<Exit, Stop> {
    let (snapshot, versions) = observer.first().await?;
    let report = Report { is_record: false, verdict: connected(&snapshot), changes: &[], versions: &versions };
    let mask = Mask::new(observer.workspace);
    print(&if arguments.json { report.json(mask) } else { report.text(mask) });
    Ok(report.exit())
}
