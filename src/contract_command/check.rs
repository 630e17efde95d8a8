//! `contract check`: prints the contract of a workspace that is connected already.

use super::arguments::Check;
use super::connected::connected;
use super::mask::Mask;
use super::observe::Observer;
use super::report::Report;
use super::snapshot::Connector;
use super::{Exit, Stop, print};

/// Checks the workspace.
pub(super) async fn check(observer: &Observer<'_>, arguments: &Check) -> Result<Exit, Stop> {
    let (snapshot, versions) = observer.first().await?;
    let properties: Vec<_> = snapshot.connectors().iter().map(Connector::properties).collect();
    let mask = Mask::new(observer.workspace).with_tenants_of(&properties);
    let analysis = connected(&snapshot).unless_masked(&mask);
    let report = Report { is_record: false, analysis, changes: &[], versions: &versions };
    let is_printed = print(&if arguments.json { report.json(mask) } else { report.text(mask) });
    Ok(if is_printed { report.exit() } else { Exit::Error })
}
