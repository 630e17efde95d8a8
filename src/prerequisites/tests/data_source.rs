//! The reports of the data source for identities with different roles.

use azure_simulator::Effect;
use serde_json::{Value, json};

use super::{give_role, group};
use crate::framework::{Context, DataSource, Diagnostics, State};
use crate::prerequisites::PrerequisitesDataSource;
use crate::prerequisites::check::ShownCheck;
use crate::prerequisites::data_source::{CHECKS, FAILED, READY, WORKSPACE_ID};
use crate::sentinel::WorkspaceId;
use crate::testing::Azure;

/// The report of the data source about a workspace.
struct Report {
    ready: Option<bool>,
    failed: Vec<String>,
    checks: Vec<ShownCheck>,
}

impl Report {
    async fn read(azure: &Azure, workspace: &str) -> Result<Self, Diagnostics> {
        let config =
            State::empty(&PrerequisitesDataSource.schema()).with(&WORKSPACE_ID, azure.workspace_named(workspace));
        let state = PrerequisitesDataSource.read(&Context::for_tests(), &azure.session(), config).await?;
        Ok(Self { ready: state.get(&READY)?, failed: state.get(&FAILED)?, checks: state.get(&CHECKS)? })
    }

    async fn of(azure: &Azure, workspace: &str) -> Self {
        Self::read(azure, workspace).await.expect("a report")
    }

    fn check(&self, name: &str) -> (&str, &str) {
        let check = self.checks.iter().find(|check| check.name == name).expect("the check");
        (check.status.as_str(), check.detail.as_str())
    }

    fn named(&self, status: &str) -> Vec<&str> {
        self.checks.iter().filter(|check| check.status == status).map(|check| check.name.as_str()).collect()
    }
}

/// Changes the application that the identity belongs to.
fn change_application(azure: &Azure, member: &str, value: Value) {
    let mut applications = azure.simulator.state()["world"]["applications"].clone();
    applications[0][member] = value;
    azure.simulator.patch_world(json!({"applications": applications}));
}

#[tokio::test(start_paused = true)]
async fn a_contributor_with_a_tenant_role_is_ready() {
    let azure = Azure::start().await;

    let report = Report::of(&azure, "law-soc").await;

    assert_eq!(report.ready, Some(true));
    assert_eq!(report.named("passed").len(), report.checks.len());
    assert_eq!(report.failed, Vec::<String>::new());
    let names: Vec<&str> = report.checks.iter().map(|check| check.name.as_str()).collect();
    let described = "provider_registration onboarded workspace_permissions deployment_permissions solution_version \
                     tenant_match tenant_role license xdr_connector subscription_connectors incident_rules";
    assert_eq!(names, described.split(' ').collect::<Vec<_>>());
    let methods = azure.methods("");
    assert_eq!((methods.matches("GET").count(), methods.matches("POST").count()), (10, 3), "{methods}");
    assert_eq!(azure.methods("/token"), "POST POST", "one token for each audience");
}

#[tokio::test(start_paused = true)]
async fn a_reader_fails_only_the_permissions() {
    let azure = Azure::start().await;
    give_role(&azure, &json!({"actions": ["*/read"]}), &group(&azure));

    let report = Report::of(&azure, "law-soc").await;

    assert_eq!(
        (report.ready, report.failed.as_slice()),
        (Some(false), ["workspace_permissions".to_owned()].as_slice())
    );
    assert!(report.check("workspace_permissions").1.contains("dataConnectors/write"));
    // The solution is installed.
    assert_eq!(report.check("deployment_permissions").0, "warning");
    // A role on the resource group does not allow reading the registration, but a response of Microsoft Sentinel proves
    // it.
    assert_eq!(report.check("provider_registration").0, "passed");
}

#[tokio::test(start_paused = true)]
async fn evaluates_a_custom_role_with_wildcards_and_exclusions() {
    let azure = Azure::start().await;
    let role = json!({
        "actions": ["Microsoft.SecurityInsights/*", "Microsoft.Resources/deployments/*", "*/read"],
        "not_actions": ["Microsoft.SecurityInsights/*/delete"],
    });
    give_role(&azure, &role, &group(&azure));

    let report = Report::of(&azure, "law-soc").await;

    let (status, detail) = report.check("workspace_permissions");
    assert_eq!(status, "warning");
    assert!(detail.contains("dataConnectors/delete") && !detail.contains("dataConnectors/write"), "{detail}");
    assert_eq!(report.check("deployment_permissions").0, "passed");
}

#[tokio::test(start_paused = true)]
async fn without_consent_for_graph_the_tenant_role_is_unknown() {
    for (permissions, part) in
        [(json!([]), "Authorization_RequestDenied"), (json!(["Application.Read.All"]), "does not say which ones")]
    {
        let azure = Azure::start().await;
        change_application(&azure, "graph_permissions", permissions);

        let report = Report::of(&azure, "law-soc").await;

        assert_eq!(report.ready, None, "{part}");
        assert_eq!(report.named("unknown"), ["tenant_role"]);
        assert!(report.check("tenant_role").1.contains(part), "{}", report.check("tenant_role").1);
        let remedy = report.checks[6].remedy.as_deref().unwrap_or_default();
        assert!(remedy.contains("Directory.Read.All"), "{remedy}");
        assert_eq!(Report::of(&azure, "law-soc").await.checks, report.checks, "no request IDs and no times");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_graph_suggests_a_retry() {
    let azure = Azure::start().await;
    azure.fault("GET", "^/graph/", Effect::new().status(503));

    let report = Report::of(&azure, "law-soc").await;

    assert_eq!(report.named("unknown"), ["tenant_role"]);
    let remedy = report.checks[6].remedy.as_deref().unwrap_or_default();
    assert!(remedy.starts_with("Try again later."), "{remedy}");
}

#[tokio::test(start_paused = true)]
async fn an_identity_without_a_tenant_role_fails() {
    let azure = Azure::start().await;
    azure.simulator.patch_world(json!({"directory_roles": []}));

    let report = Report::of(&azure, "law-soc").await;

    assert_eq!(report.failed, ["tenant_role"]);
    assert!(report.check("tenant_role").1.contains("client ID 0d7e5a31"), "{}", report.check("tenant_role").1);
}

#[tokio::test(start_paused = true)]
async fn an_identity_of_another_tenant_fails_the_tenant_match_and_the_rest_is_unknown() {
    let azure = Azure::start().await;
    let id = azure.workspace().subscription().to_owned();
    let subscription = json!({"subscriptionId": id, "tenantId": "c0a8f1d2-7e43-4b6a-8f95-3d2e1c0b9a87"});
    azure.simulator.put_document(&format!("/subscriptions/{id}"), subscription);

    let report = Report::of(&azure, "law-soc").await;

    assert_eq!((report.ready, report.failed.as_slice()), (Some(false), ["tenant_match".to_owned()].as_slice()));
    assert_eq!(report.named("unknown").len(), report.checks.len() - 1);
    for check in &report.checks {
        assert!(check.detail.len() < 180, "{}: {}", check.name, check.detail);
        assert!(check.remedy.as_deref().unwrap_or_default().starts_with("Set `tenant_id`"), "{check:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn with_lighthouse_the_tenants_differ_and_the_roles_are_unknown() {
    let azure = Azure::start().await;
    let own = azure.tenant();
    let subscription = format!("/subscriptions/{}", azure.workspace().subscription());
    azure.simulator.put_document(
        &subscription,
        json!({
            "id": subscription,
            "subscriptionId": azure.workspace().subscription(),
            "tenantId": "c0a8f1d2-7e43-4b6a-8f95-3d2e1c0b9a87",
            "managedByTenants": [{"tenantId": own}],
            "displayName": "managed",
            "state": "Enabled",
        }),
    );

    let report = Report::of(&azure, "law-soc").await;

    assert_eq!(report.ready, None);
    assert_eq!(report.check("tenant_match").0, "warning");
    assert!(report.check("tenant_match").1.contains("Azure Lighthouse"));
    assert_eq!(report.named("unknown"), ["tenant_role"]);
    assert!(report.check("tenant_role").1.contains(&own), "{}", report.check("tenant_role").1);
}

#[tokio::test(start_paused = true)]
async fn reports_a_workspace_that_is_not_onboarded() {
    let azure = Azure::start().await;

    let report = Report::of(&azure, "law-fresh").await;

    assert_eq!((report.ready, report.failed.as_slice()), (Some(false), ["onboarded".to_owned()].as_slice()));
    assert!(report.check("license").1.contains("is not onboarded"), "{}", report.check("license").1);
}

#[tokio::test(start_paused = true)]
async fn finds_old_solution_missing_license_and_duplicates() {
    let azure = Azure::start().await;
    let invalid = json!({"authorizationState": "Valid", "licenseState": "Invalid"});
    azure.simulator.patch_world(json!({"behaviors": {"requirements": {"MicrosoftThreatProtection": invalid}}}));

    assert_eq!(Report::of(&azure, "law-outdated").await.failed, ["solution_version", "license"]);
    let portal = Report::of(&azure, "law-portal").await;
    assert_eq!(portal.failed, ["license"]);
    assert_eq!(portal.named("warning"), ["subscription_connectors", "incident_rules"]);
    assert!(portal.check("xdr_connector").1.contains("already streams"));
}

#[tokio::test(start_paused = true)]
async fn a_failed_read_affects_only_its_checks() {
    let azure = Azure::start().await;
    for path in ["/permissions", "/contentProductPackages", "/alertRules", "/onboardingStates"] {
        azure.fault("GET", path, Effect::new().error(403, "AuthorizationFailed", "No."));
    }
    azure.fault("POST", "/dataConnectorsCheckRequirements", Effect::new().hang(azure_simulator::Moment::Before));

    let report = Report::of(&azure, "law-soc").await;

    assert_eq!(report.ready, None);
    let unknown = [
        "onboarded",
        "workspace_permissions",
        "deployment_permissions",
        "solution_version",
        "license",
        "incident_rules",
    ];
    assert_eq!(report.named("unknown"), unknown);
    assert!(report.check("incident_rules").1.contains("403 AuthorizationFailed: No."));
}

#[tokio::test(start_paused = true)]
async fn a_missing_workspace_is_an_error_on_workspace_id() {
    let azure = Azure::start().await;
    let id = azure.workspace().resource_id().to_string();
    let subscription = azure.workspace().subscription().to_owned();
    let group = id.split('/').nth(4).expect("a resource group").to_owned();
    for (part, other, summary) in [
        (subscription.as_str(), "00000000-0000-4000-8000-000000000000", "Subscription not found"),
        (&group, "rg-gone", "Resource group not found"),
        ("law-soc", "law-gone", "Resource not found"),
    ] {
        let config = State::empty(&PrerequisitesDataSource.schema())
            .with(&WORKSPACE_ID, WorkspaceId::parse(&id.replace(part, other)).expect("a workspace ID"));

        let read = PrerequisitesDataSource.read(&Context::for_tests(), &azure.session(), config).await;

        let errors = read.err().unwrap_or_default().to_string();
        assert!(errors.starts_with(&format!("workspace_id: {summary}: Failed while looking up")), "{errors}");
        assert!(!errors.contains("law-gone does not exist"), "it may also be hidden: {errors}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_identity_without_read_access_gets_the_reasons() {
    let azure = Azure::start().await;
    for id in ["law-soc", "law-gone"] {
        give_role(&azure, &json!({"actions": ["Microsoft.Insights/alertRules/read"]}), &group(&azure));
        let config = State::empty(&PrerequisitesDataSource.schema()).with(
            &WORKSPACE_ID,
            WorkspaceId::parse(&azure.workspace().resource_id().to_string().replace("law-soc", id)).expect("an ID"),
        );

        let read = PrerequisitesDataSource.read(&Context::for_tests(), &azure.session(), config).await;

        let checks = read.expect("a report").get(&CHECKS).expect("checks");
        let onboarded = checks.iter().find(|check| check.name == "onboarded").expect("the check");
        assert_eq!(onboarded.status, "unknown");
        assert!(onboarded.detail.contains("403 AuthorizationFailed"), "{}", onboarded.detail);
    }
}

#[tokio::test(start_paused = true)]
async fn missing_actions_are_unknown_without_the_catalog() {
    let azure = Azure::start().await;
    give_role(&azure, &json!({"actions": ["*/read"]}), &group(&azure));
    azure.fault("GET", "/contentProductPackages", Effect::new().error(403, "AuthorizationFailed", "No."));

    let report = Report::of(&azure, "law-soc").await;

    assert_eq!(report.check("solution_version").0, "unknown");
    assert_eq!(report.check("deployment_permissions").0, "unknown");
    assert!(report.check("deployment_permissions").1.contains("deployments/write"));
}

#[tokio::test(start_paused = true)]
async fn a_404_does_not_prove_the_registration() {
    let azure = Azure::start().await;
    for path in ["/onboardingStates", "/contentProductPackages", "/dataConnectors"] {
        azure.fault("GET", path, Effect::new().error(404, "ResourceNotFound", "No."));
    }
    azure.fault("GET", "/providers/Microsoft.SecurityInsights", Effect::new().error(403, "AuthorizationFailed", "No."));

    let report = Report::of(&azure, "law-soc").await;

    assert_eq!(report.check("provider_registration").0, "unknown");
}

#[tokio::test(start_paused = true)]
async fn retries_the_requirements_check_like_a_read() {
    let azure = Azure::start().await;
    let once = Effect::new().error(503, "ServiceUnavailable", "Try again.");
    azure.fault_once("POST", "/dataConnectorsCheckRequirements", once);

    let report = Report::of(&azure, "law-soc").await;

    assert_eq!(report.check("license").0, "passed");
    assert_eq!(azure.methods("/dataConnectorsCheckRequirements"), "POST POST");
}

#[tokio::test(start_paused = true)]
async fn published_role_needs_to_read_the_workspace_only_to_install() {
    let azure = Azure::start().await;
    let contributor = azure.simulator.state()["world"]["roles"]["Microsoft Sentinel Contributor"].clone();
    give_role(&azure, &contributor, &group(&azure));

    let denied = Report::of(&azure, "law-outdated").await;
    assert_eq!(denied.check("workspace_permissions").0, "passed");
    let (status, detail) = denied.check("deployment_permissions");
    assert!(status == "failed" && detail.ends_with("cannot install the solution."), "{status}: {detail}");
    assert!(detail.contains("Microsoft.OperationalInsights/workspaces/read. "), "{detail}");

    azure.fault("GET", "/workspaces/law-outdated\\?", Effect::new().json(json!({"location": "westeurope"})));
    let allowed = Report::of(&azure, "law-outdated").await;
    assert_eq!(allowed.check("deployment_permissions").0, "passed");
}

#[tokio::test(start_paused = true)]
async fn a_canceled_read_is_an_error() {
    let azure = Azure::start().await;
    let (context, session) = (Context::for_tests(), azure.session());
    let cancellation = context.cancellation().clone();
    azure.before(|request| request.path.contains("/dataConnectorsCheckRequirements"), move |_| cancellation.cancel());
    let config = State::empty(&PrerequisitesDataSource.schema()).with(&WORKSPACE_ID, azure.workspace());

    let read = PrerequisitesDataSource.read(&context, &session, config).await;

    let errors = read.expect_err("no report of a canceled read").to_string();
    assert!(errors.contains("Failed while checking the prerequisites"), "{errors}");
}

#[tokio::test(start_paused = true)]
async fn a_second_read_in_the_same_run_sends_requests_again() {
    let azure = Azure::start().await;
    let session = azure.session();
    let mut requests = Vec::new();

    for _ in 0..2 {
        let config = State::empty(&PrerequisitesDataSource.schema()).with(&WORKSPACE_ID, azure.workspace());
        PrerequisitesDataSource.read(&Context::for_tests(), &session, config).await.expect("a report");
        let sent = azure.simulator.requests();
        let mut paths: Vec<_> = sent.iter().map(|request| request.path.clone()).collect();
        paths.retain(|path| path.starts_with("/subscriptions/"));
        paths.sort();
        requests.push(paths);
        azure.simulator.clear_requests();
    }

    assert_eq!(requests[0], requests[1]);
}
