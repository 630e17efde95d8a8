//! Reasons why a click in the portal may show nothing.

use super::connected::connected;
use super::outcome::Outcome;
use super::snapshot::Snapshot;
use crate::framework::Diagnostic;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;
use crate::sentinel::data_connector::{Role, role};
use crate::tenant_connector::contract::CONNECTOR_PAGE;

/// What to know before the click.
pub(super) fn before_the_click(snapshot: &Snapshot) -> Vec<Diagnostic> {
    let connectors = snapshot.connectors();
    let mut warnings = Vec::new();
    let is_xdr_on = connectors.iter().any(|connector| {
        let is_kind = connector.kind.eq_ignore_ascii_case(MICROSOFT_THREAT_PROTECTION);
        is_kind && connector.document().is_on(&["incidents"])
    });
    if is_xdr_on {
        warnings.push(Diagnostic::warning(
            "The Defender XDR connector is already on",
            "The portal then shows the tenant-based Defender for Cloud connector as connected, so there may be no Connect \
             button, and a click may change nothing. To learn what the portal sends, use a workspace where the Defender XDR \
             connector is not connected.",
        ));
    }
    if connected(snapshot).outcome != Outcome::Nothing {
        warnings.push(Diagnostic::warning(
            "The workspace seems to be connected already",
            "A click on Connect may change nothing. `terraform-provider-sentinel contract check` prints which contract the \
             workspace uses. To record a click, select Disconnect in the portal first, and start this command again.",
        ));
    }
    let is_page =
        |name: &str, kind: &str| role(kind) == Role::ConnectorPage && name.eq_ignore_ascii_case(CONNECTOR_PAGE);
    if !connectors.iter().any(|connector| is_page(&connector.name, &connector.kind)) {
        warnings.push(Diagnostic::warning(
            "The connector page is missing",
            "The workspace has no page \"Tenant-based Microsoft Defender for Cloud\". Install the Content Hub solution \
             \"Microsoft Defender for Cloud\" 3.0.0 or newer, which brings the page with the Connect button.",
        ));
    }
    warnings
}
