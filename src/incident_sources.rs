//! Sources of incidents that the plans of one run turn on in a workspace.
//!
//! Defender XDR, the tenant-wide connector and incident creation rules can create an incident for the same alert. A plan
//! sees in Azure what exists, but not what the same run plans for another resource. So each plan that turns on a source
//! announces it here, and the plan that comes second warns. Terraform plans resources in no particular order.

use crate::framework::Diagnostic;
use crate::sentinel::WorkspaceId;
use crate::session::Session;

/// Something that creates incidents.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IncidentSource {
    /// The incidents of the Defender XDR connector are turned on.
    DefenderXdr,
    /// The tenant connector is created, whose alerts come from Defender XDR with their incidents.
    TenantConnector,
    /// A rule is on for a product that Defender XDR integrates.
    Rule,
    /// A rule is on for Defender for Cloud.
    DefenderForCloudRule,
}

/// A plan turns on the source in this workspace, or keeps a rule on.
pub fn announce(session: &Session, workspace: &WorkspaceId, source: IncidentSource) {
    session.announce(fact(workspace, source));
}

/// Whether a plan of this run has announced the source.
#[must_use]
pub fn is_announced(session: &Session, workspace: &WorkspaceId, source: IncidentSource) -> bool {
    session.is_announced(&fact(workspace, source))
}

/// The summary of each warning that two sources will create the same incidents.
#[must_use]
pub fn created_twice_summary(workspace: &WorkspaceId) -> String {
    format!("Incidents will be created twice in the workspace {}", workspace.name())
}

/// The warning of a connector whose incidents a rule will create a second time.
#[must_use]
pub fn created_twice(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::warning(
        created_twice_summary(workspace),
        format!(
            "With this connector, Defender XDR creates incidents in the workspace {}. A sentinel_incident_creation_rule of \
             this configuration creates incidents from the same alerts. Remove the rule, or set `enabled = false` in it.",
            workspace.name()
        ),
    )
}

fn fact(workspace: &WorkspaceId, source: IncidentSource) -> String {
    format!("{source:?} in {}", workspace.key())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Azure;

    #[tokio::test]
    async fn announcement_applies_to_one_source_workspace_and_run() {
        let azure = Azure::start().await;
        let (session, soc) = (azure.session(), azure.workspace());

        announce(&session, &soc, IncidentSource::Rule);

        assert!(is_announced(&session, &soc, IncidentSource::Rule));
        assert!(!is_announced(&session, &soc, IncidentSource::DefenderForCloudRule));
        assert!(!is_announced(&session, &azure.workspace_named("law-portal"), IncidentSource::Rule));
        assert!(!is_announced(&azure.session(), &soc, IncidentSource::Rule));
    }

    #[test]
    fn the_warning_names_the_workspace_and_the_remedy() {
        let workspace = WorkspaceId::parse(
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/\
             Microsoft.OperationalInsights/workspaces/law-soc",
        )
        .expect("a workspace");

        let warning = created_twice(&workspace);

        assert_eq!(warning.summary, "Incidents will be created twice in the workspace law-soc");
        assert!(warning.detail.contains("`enabled = false`"), "{}", warning.detail);
    }
}
