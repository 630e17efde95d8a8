//! Warnings that selecting Connect in the portal may change nothing.

use super::connected::connected;
use super::outcome::Outcome;
use super::snapshot::Snapshot;
use crate::framework::{Diagnostic, Severity};
use crate::sentinel::data_connector::kind::{MICROSOFT_THREAT_PROTECTION, TENANT_CONNECTOR_PAGE, is_connector_page};

/// The warnings to print before the administrator selects Connect.
pub(super) fn before_connect(snapshot: &Snapshot) -> Vec<Diagnostic> {
    let is_xdr_connected = snapshot.connectors().iter().any(|connector| {
        let is_kind = connector.kind.eq_ignore_ascii_case(MICROSOFT_THREAT_PROTECTION);
        is_kind && connector.document().is_enabled(&["incidents"])
    });
    let is_connected = connected(snapshot).outcome != Outcome::Nothing;
    let already = match (is_xdr_connected, is_connected) {
        (true, _) => Some(Diagnostic::warning(
            "The Defender XDR connector is already connected",
            "The portal then shows the tenant-based Defender for Cloud connector as connected, so there may be no Connect \
             button, or selecting it may change nothing. To record a change, use a workspace where the Defender XDR connector is \
             not connected. If this workspace is connected, `terraform-provider-sentinel contract check` prints its contract.",
        )),
        (false, true) => Some(Diagnostic::warning(
            "The workspace seems to be connected already",
            "Selecting Connect may change nothing. `terraform-provider-sentinel contract check` prints which contract the \
             workspace uses. To record a change, select Disconnect in the portal first, and start this command again.",
        )),
        (false, false) => None,
    };
    already.into_iter().chain((!has_page(snapshot)).then(|| missing_page(Severity::Warning))).collect()
}

/// Whether the workspace has the connector page with the Connect button.
pub(super) fn has_page(snapshot: &Snapshot) -> bool {
    snapshot.connectors().iter().any(|connector| {
        is_connector_page(&connector.kind) && connector.name.eq_ignore_ascii_case(TENANT_CONNECTOR_PAGE)
    })
}

/// The diagnostic of a workspace that cannot be connected because it has no connector page.
pub(super) fn missing_page(severity: Severity) -> Diagnostic {
    let next = match severity {
        Severity::Error => "Then run the command again.",
        Severity::Warning => "You can do that while this command waits.",
    };
    let detail = format!(
        "The workspace has no page \"Tenant-based Microsoft Defender for Cloud\", so there is no Connect button. \
         Install the Content Hub solution \"Microsoft Defender for Cloud\" 3.0.0 or newer, which contains the page. {next}"
    );
    Diagnostic { severity, ..Diagnostic::error("The connector page is missing", detail) }
}
