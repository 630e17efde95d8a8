//! The sources of incidents that the plans of one run enable or disable in a workspace.
//!
//! Defender XDR and incident creation rules can create incidents for the same alert. The tenant-based connector streams
//! only alerts: without Defender XDR incidents, rules are the only source of incidents.
//!
//! A plan can read the existing sources in Azure, but not the plans of other resources in the same run. Therefore, each plan
//! announces its change here as its last step, and the later plan warns. Terraform plans resources in any order.

use crate::defender_xdr::XDR_CONNECTOR;
use crate::framework::{Config, Diagnostic};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

/// What a plan does about incidents.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IncidentChange {
    /// It enables Defender XDR incidents.
    EnablesXdr,
    /// It disables Defender XDR incidents, or keeps them disabled.
    DisablesXdr,
    /// It enables a rule for a product that Defender XDR integrates, or keeps it enabled.
    EnablesRule,
}

/// Announces that a plan makes this change in the workspace.
pub fn announce(session: &Session, workspace: &WorkspaceId, change: IncidentChange) {
    session.announce(fact(workspace, change));
}

/// Whether another plan of this run announced the change. A resource that is planned again, identified by `config`,
/// gets the same result as the first time.
#[must_use]
pub fn is_announced(session: &Session, workspace: &WorkspaceId, change: IncidentChange, config: &Config) -> bool {
    let fact = fact(workspace, change);
    session.memoized(fact.clone(), config, || session.is_announced(&fact))
}

/// Whether Defender XDR incidents will be enabled, according to the plans of this run. `None` if no plan changes them.
#[must_use]
pub fn planned_xdr_incidents(session: &Session, workspace: &WorkspaceId, config: &Config) -> Option<bool> {
    if is_announced(session, workspace, IncidentChange::EnablesXdr, config) {
        return Some(true);
    }
    let fact = fact(workspace, IncidentChange::DisablesXdr);
    let is_connector_destroyed = || session.ownership().is_released(XDR_CONNECTOR, workspace.key());
    let is_disabled = || session.is_announced(&fact) || is_connector_destroyed();
    session.memoized(fact.clone(), config, is_disabled).then_some(false)
}

/// The summary of all warnings about two sources that create the same incidents.
#[must_use]
pub fn created_twice_summary(workspace: &WorkspaceId) -> String {
    format!("Incidents will be created twice in the workspace {}", workspace.name())
}

/// Warns at a connector that a rule creates the same incidents.
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

fn fact(workspace: &WorkspaceId, change: IncidentChange) -> String {
    format!("{change:?} in {}", workspace.key())
}

#[cfg(test)]
mod tests {
    use azure_simulator::Effect;

    use super::*;
    use crate::azure::Client;
    use crate::framework::testing::{Lifecycle, summaries};
    use crate::framework::{
        AnyDataSource, AnyResource, Attribute, Context, Diagnostics, Knowable, Provider, Resource, Schema, resource,
    };
    use crate::incident_rule::IncidentCreationRule;
    use crate::testing::Azure;
    use crate::xdr_connector::XdrConnector;

    const NAME: Attribute<String> = Attribute::required("name").description("x");

    /// The configuration of a resource with this name.
    fn config(name: &str) -> Config {
        Config::empty(&Schema::new("").attribute(&NAME)).with(&NAME, name.to_owned())
    }

    #[tokio::test]
    async fn announcement_applies_to_one_change_workspace_and_run() {
        let azure = Azure::start().await;
        let (session, soc, config) = (azure.session(), azure.workspace(), config("a"));

        announce(&session, &soc, IncidentChange::EnablesRule);

        assert!(is_announced(&session, &soc, IncidentChange::EnablesRule, &config));
        assert!(!is_announced(&session, &soc, IncidentChange::EnablesXdr, &config));
        assert!(!is_announced(&session, &azure.workspace_named("law-portal"), IncidentChange::EnablesRule, &config));
        assert!(!is_announced(&azure.session(), &soc, IncidentChange::EnablesRule, &config));
    }

    #[tokio::test]
    async fn second_plan_of_a_resource_gets_the_same_result() {
        let azure = Azure::start().await;
        let (session, soc) = (azure.session(), azure.workspace());
        let is_announced_to = |name| is_announced(&session, &soc, IncidentChange::EnablesRule, &config(name));
        assert!(!is_announced_to("first"));

        announce(&session, &soc, IncidentChange::EnablesRule);

        assert!(is_announced_to("second"));
        assert!(!is_announced_to("first"), "another result would change its plan");
    }

    const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id").description("x");
    const DISPLAY_NAME: Attribute<String> = Attribute::required("display_name").description("x");
    const PRODUCT_FILTER: Attribute<String> = Attribute::required("product_filter").description("x");
    const INCIDENTS_ENABLED: Attribute<bool> =
        Attribute::optional_with_default("incidents_enabled", || true).description("x");

    #[tokio::test(start_paused = true)]
    async fn failed_plan_announces_nothing() {
        let azure = Azure::start_empty().await;
        let connector = connector(&azure);
        let rule = connector.sibling_of_type(IncidentCreationRule.type_name());
        let (planned_connector, planned_rule) = (planned_connector(&azure), |name| planned_rule(&azure, name));
        connector.begin_run().await;

        azure.fault_once("GET", "/dataConnectors", Effect::new().error(400, "BadRequest", "No."));
        assert!(connector.plan_as_read(&planned_connector).await.diagnostics.has_errors());
        assert_eq!(summaries(&rule.plan_as_read(&planned_rule("first")).await.diagnostics), Vec::<String>::new());

        assert!(!connector.plan_as_read(&planned_connector).await.diagnostics.has_errors());
        let warned = rule.plan_as_read(&planned_rule("second")).await.diagnostics;
        assert_eq!(summaries(&warned), ["~Incidents will be created twice in the workspace law-soc"]);
    }

    #[tokio::test(start_paused = true)]
    async fn no_incident_is_created_twice_if_the_run_disables_those_of_defender_xdr() {
        let azure = Azure::start_empty().await;
        let mut connector = connector(&azure);
        assert!(!connector.apply(&planned_connector(&azure)).await.has_errors());
        let rule = connector.sibling_of_type(IncidentCreationRule.type_name());
        let disabled = planned_connector(&azure).with(&INCIDENTS_ENABLED, false);

        connector.begin_run().await;
        connector.read().await;
        assert_eq!(summaries(&connector.plan_destroy().await.diagnostics), Vec::<String>::new());
        let beside_a_destroy = rule.plan_as_read(&planned_rule(&azure, "first")).await.diagnostics;
        connector.begin_run().await;
        connector.read().await;
        connector.plan_as_read(&disabled).await;
        let beside_an_update = rule.plan_as_read(&planned_rule(&azure, "second")).await.diagnostics;

        assert_eq!(summaries(&beside_a_destroy), Vec::<String>::new());
        assert_eq!(summaries(&beside_an_update), Vec::<String>::new());
    }

    fn connector(azure: &Azure) -> Lifecycle {
        Lifecycle::new(ConnectorAndRule(azure.client()), XdrConnector.type_name())
    }

    fn planned_connector(azure: &Azure) -> Config {
        Config::empty(&XdrConnector.schema()).with(&WORKSPACE_ID, azure.workspace())
    }

    fn planned_rule(azure: &Azure, name: &str) -> Config {
        Config::empty(&IncidentCreationRule.schema())
            .with(&WORKSPACE_ID, azure.workspace())
            .with(&DISPLAY_NAME, name.to_owned())
            .with(&PRODUCT_FILTER, "Microsoft Defender for Cloud".to_owned())
    }

    /// A provider of two resources that announce to each other.
    struct ConnectorAndRule(Client);

    impl Provider for ConnectorAndRule {
        type Client = Session;

        fn name(&self) -> &'static str {
            "sentinel"
        }

        fn schema(&self) -> Schema {
            Schema::new("x")
        }

        async fn configure(&self, _: &Context, _: Config, _: &str) -> Result<Knowable<Session>, Diagnostics> {
            Ok(Knowable::Known(Session::new(self.0.clone())))
        }

        fn resources(&self) -> Vec<AnyResource<Session>> {
            vec![resource(XdrConnector), resource(IncidentCreationRule)]
        }

        fn data_sources(&self) -> Vec<AnyDataSource<Session>> {
            Vec::new()
        }
    }

    #[test]
    fn warning_contains_the_workspace_and_the_remedy() {
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
