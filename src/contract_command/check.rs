//! `contract check`: prints the contract of a workspace that is already connected.

use super::arguments::Check;
use super::connected::connected;
use super::mask::Mask;
use super::observe::Observer;
use super::report::{Report, Seen};
use super::snapshot::Connector;
use super::{Exit, Stop};

/// Runs the command. Stores in `seen` what is reported even if the command stops early.
pub(super) async fn check(observer: &Observer<'_>, arguments: &Check, seen: &mut Seen) -> Result<Exit, Stop> {
    let (snapshot, versions) = observer.first().await?;
    seen.versions = versions;
    let properties: Vec<_> = snapshot.connectors().iter().map(Connector::properties).collect();
    let mask = Mask::new(observer.workspace).with_tenants_of(&properties);
    let analysis = connected(&snapshot).unless_masked(&mask);
    let report = Report { is_record: false, analysis, changes: &[], seen };
    Ok(report.print(mask, arguments.json))
}
