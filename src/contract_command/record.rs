//! `contract record`: compares the data connectors before and after a click in the portal.

use tokio::time::Instant;

use super::analyze::analyze;
use super::arguments::Record;
use super::mask::Mask;
use super::observe::Observer;
use super::report::Report;
use super::wait::Wait;
use super::{Exit, Stop, format_diagnostic, print, print_to_stderr, terminal, warnings};

/// Records the click.
pub(super) async fn record(observer: &Observer<'_>, arguments: &Record) -> Result<Exit, Stop> {
    let (before, versions) = observer.first().await?;
    print_to_stderr(&format!(
        "Data connectors and their pages in the workspace {}: {}\n\n",
        observer.workspace.name(),
        before.connectors().len()
    ));
    for warning in warnings::before_the_click(&before) {
        print_to_stderr(&format_diagnostic(&warning));
    }
    let waits_for_enter = terminal::has_keyboard() && !arguments.poll;
    print_to_stderr(instructions(waits_for_enter));

    let until = Instant::now() + arguments.timeout;
    let wait = Wait { observer, before: &before, versions: &versions, interval: arguments.interval, until };
    let changes = if waits_for_enter { wait.for_enter().await? } else { wait.for_change().await? };

    let contents = changes.iter().flat_map(|change| [&change.before, &change.after]).flatten();
    let properties: Vec<_> = contents.map(super::snapshot::Connector::properties).collect();
    let mask = Mask::new(observer.workspace).with_tenants_of(&properties);
    let analysis = analyze(&changes).unless_masked(&mask);
    let report = Report { is_record: true, analysis, changes: &changes, versions: &versions };
    let is_printed = print(&if arguments.json { report.json(mask) } else { report.text(mask) });
    Ok(if is_printed { report.exit() } else { Exit::Error })
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
