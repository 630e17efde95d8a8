//! `contract record`: compares the data connectors before and after an administrator selects Connect.

use tokio::time::Instant;

use super::analyze::analyze;
use super::arguments::Record;
use super::mask::Mask;
use super::observe::Observer;
use super::report::{Report, Seen};
use super::wait::Wait;
use super::{Exit, Stop, format_diagnostic, print_to_stderr, terminal, warnings};
use crate::framework::Severity;

/// Runs the command. Stores in `seen` what is reported even if the command stops early.
pub(super) async fn record(observer: &Observer<'_>, arguments: &Record, seen: &mut Seen) -> Result<Exit, Stop> {
    let (before, versions) = observer.first().await?;
    seen.versions = versions;
    print_to_stderr(&format!(
        "Data connectors and their pages in the workspace {}: {}\n\n",
        observer.workspace.name(),
        before.connectors().len()
    ));
    let has_keyboard = terminal::has_keyboard();
    if !has_keyboard && !warnings::has_page(&before) {
        return Err(warnings::missing_page(Severity::Error).into());
    }
    seen.warnings = warnings::before_connect(&before);
    for warning in &seen.warnings {
        print_to_stderr(&format_diagnostic(warning));
    }
    let waits_for_enter = has_keyboard && !arguments.poll;
    print_to_stderr(instructions(waits_for_enter));

    let until = Instant::now() + arguments.timeout;
    let wait = Wait { observer, before: &before, versions: &seen.versions, interval: arguments.interval, until };
    let changes = if waits_for_enter { wait.for_enter().await? } else { wait.for_change().await? };

    let contents = changes.iter().flat_map(|change| [&change.before, &change.after]).flatten();
    let properties: Vec<_> = contents.map(super::snapshot::Connector::properties).collect();
    let mask = Mask::new(observer.workspace).with_tenants_of(&properties);
    let analysis = analyze(&changes).unless_masked(&mask);
    let report = Report { is_record: true, analysis, changes: &changes, seen };
    Ok(report.print(mask, arguments.json))
}

const fn instructions(waits_for_enter: bool) -> &'static str {
    if waits_for_enter {
        "In the Azure portal, open Microsoft Sentinel > Data connectors > Tenant-based Microsoft Defender for Cloud > Open\n\
         connector page, and select Connect. Then press Enter here. Ctrl-C cancels.\n\n"
    } else {
        "In the Azure portal, open Microsoft Sentinel > Data connectors > Tenant-based Microsoft Defender for Cloud > Open\n\
         connector page, and select Connect. This command detects the change. Ctrl-C cancels.\n\n"
    }
}
