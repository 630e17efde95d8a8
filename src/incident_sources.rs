//! The sources of incidents that the plans of one run enable in a workspace.
//!
//! Defender XDR, the tenant-wide connector and incident creation rules can create incidents for the same alert. A plan
//! can read the existing sources in Azure, but not the plans of other resources in the same run. Therefore, each plan
//! that enables a source announces it here as its last step, and the later plan warns. Terraform plans resources in any
//! order.

use crate::framework::{Config, Diagnostic};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

/// A source of incidents.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IncidentSource {
    /// The Defender XDR connector with enabled incidents.
    DefenderXdr,
    /// The tenant connector. Defender XDR creates incidents for its alerts.
    TenantConnector,
    /// An enabled rule for a product that Defender XDR integrates.
    Rule,
    /// An enabled rule for Defender for Cloud.
    DefenderForCloudRule,
}

/// Announces that a plan enables the source in this workspace, or keeps a rule enabled.
pub fn announce(session: &Session, workspace: &WorkspaceId, source: IncidentSource) {
    session.announce(fact(workspace, source));
}

/// Whether another plan of this run announced the source. A resource that is planned again, identified by `config`,
/// gets the same result as the first time.
#[must_use]
pub fn is_announced(session: &Session, workspace: &WorkspaceId, source: IncidentSource, config: &Config) -> bool {
    let fact = fact(workspace, source);
    session.memoized(fact.clone(), config, || session.is_announced(&fact))
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

fn fact(workspace: &WorkspaceId, source: IncidentSource) -> String {
    format!("{source:?} in {}", workspace.key())
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
    use crate::tenant_connector::TenantConnector;
    use crate::testing::Azure;

    const NAME: Attribute<String> = Attribute::required("name").description("x");

    /// The configuration of a resource with this name.
    fn config(name: &str) -> Config {
        Config::empty(&Schema::new("").attribute(&NAME)).with(&NAME, name.to_owned())
    }

    #[tokio::test]
    async fn announcement_applies_to_one_source_workspace_and_run() {
        let azure = Azure::start().await;
        let (session, soc, config) = (azure.session(), azure.workspace(), config("a"));

        announce(&session, &soc, IncidentSource::Rule);

        assert!(is_announced(&session, &soc, IncidentSource::Rule, &config));
        assert!(!is_announced(&session, &soc, IncidentSource::DefenderForCloudRule, &config));
        assert!(!is_announced(&session, &azure.workspace_named("law-portal"), IncidentSource::Rule, &config));
        assert!(!is_announced(&azure.session(), &soc, IncidentSource::Rule, &config));
    }

    #[tokio::test]
    async fn second_plan_of_a_resource_gets_the_same_result() {
        let azure = Azure::start().await;
        let (session, soc) = (azure.session(), azure.workspace());
        let is_announced_to = |name| is_announced(&session, &soc, IncidentSource::Rule, &config(name));
        assert!(!is_announced_to("first"));

        announce(&session, &soc, IncidentSource::Rule);

        assert!(is_announced_to("second"));
        assert!(!is_announced_to("first"), "another result would change its plan");
    }

    const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id").description("x");
    const DISPLAY_NAME: Attribute<String> = Attribute::required("display_name").description("x");
    const PRODUCT_FILTER: Attribute<String> = Attribute::required("product_filter").description("x");

    #[tokio::test(start_paused = true)]
    async fn failed_plan_announces_nothing() {
        let azure = Azure::start_empty().await;
        let connector = Lifecycle::new(ConnectorAndRule(azure.client()), TenantConnector.type_name());
        let rule = connector.sibling_of_type(IncidentCreationRule.type_name());
        let planned_connector = Config::empty(&TenantConnector.schema()).with(&WORKSPACE_ID, azure.workspace());
        let planned_rule = |name: &str| {
            Config::empty(&IncidentCreationRule.schema())
                .with(&WORKSPACE_ID, azure.workspace())
                .with(&DISPLAY_NAME, name.to_owned())
                .with(&PRODUCT_FILTER, "Microsoft Defender for Cloud".to_owned())
        };
        connector.begin_run().await;

        azure.fault_once("GET", "/dataConnectors", Effect::new().error(400, "BadRequest", "No."));
        assert!(connector.plan_as_read(&planned_connector).await.diagnostics.has_errors());
        assert_eq!(summaries(&rule.plan_as_read(&planned_rule("first")).await.diagnostics), Vec::<String>::new());

        assert!(!connector.plan_as_read(&planned_connector).await.diagnostics.has_errors());
        let warned = rule.plan_as_read(&planned_rule("second")).await.diagnostics;
        assert_eq!(summaries(&warned), ["~Incidents will be created twice in the workspace law-soc"]);
    }

    /// A provider with two resources that announce their incident sources.
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
            vec![resource(TenantConnector), resource(IncidentCreationRule)]
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
