//! The requests and reports of the preflight.

use std::time::Duration;

use azure_simulator::Effect;
use serde_json::json;

use super::{give_role, group};
use crate::azure::testing::deadline;
use crate::framework::testing::summaries;
use crate::framework::{Attribute, Config, Context, Diagnostics, Schema};
use crate::prerequisites::{Needs, preflight, preflight_after_rejection};
use crate::sentinel::{PlannedCreation, WorkspaceId};
use crate::session::{PreflightMode, Session};
use crate::testing::{Azure, not_onboarded};

const TENANT_CONNECTOR: Needs<'static> =
    Needs { xdr_of_tenant: Some("5f3c1d8e-6b0a-4c57-9d1e-2a7b8c9d0e1f"), solution: true };

/// The configuration of a resource. `name` distinguishes the resources.
fn config(name: &str) -> Config {
    const NAME: Attribute<String> = Attribute::required("name").description("x");
    Config::empty(&Schema::new("").attribute(&NAME)).with(&NAME, name.to_owned())
}

/// Plans a tenant connector.
async fn check_in_plan(session: &Session, azure: &Azure, workspace: &str) -> (Context, Result<(), Diagnostics>) {
    check_in_plan_of("connector", session, &azure.workspace_named(workspace)).await
}

/// Plans the tenant connector with this name.
async fn check_in_plan_of(
    name: &str,
    session: &Session,
    workspace: &WorkspaceId,
) -> (Context, Result<(), Diagnostics>) {
    let (ctx, config, deadline) = (Context::for_tests(), config(name), deadline());
    let creation = PlannedCreation { ctx: &ctx, session, workspace, config: &config, deadline: &deadline };
    let result = preflight(&creation, TENANT_CONNECTOR).await;
    (ctx, result)
}

/// Plans a connector after Azure rejected the list of data connectors.
async fn check_after_refusal(
    name: &str,
    session: &Session,
    workspace: &WorkspaceId,
) -> (Context, Result<bool, Diagnostics>) {
    let (ctx, config, deadline) = (Context::for_tests(), config(name), deadline());
    let listed = crate::sentinel::data_connector::list(session, workspace, "2025-10-01-preview", &deadline).await;
    let refusal = listed.expect_err("refused");
    let creation = PlannedCreation { ctx: &ctx, session, workspace, config: &config, deadline: &deadline };
    let result = preflight_after_rejection(&creation, &refusal, "looking").await;
    (ctx, result)
}

/// Plans a rule in a workspace that is not onboarded.
async fn check_rule(session: &Session, workspace: &WorkspaceId) -> (Context, Result<(), Diagnostics>) {
    let (ctx, config, deadline) = (Context::for_tests(), config("rule"), deadline());
    let creation = PlannedCreation { ctx: &ctx, session, workspace, config: &config, deadline: &deadline };
    let result = creation.report_missing_onboarding().await;
    (ctx, result)
}

#[tokio::test(start_paused = true)]
async fn reads_three_times_for_all_resources_of_a_workspace() {
    let azure = Azure::start().await;
    let session = azure.session().with_preflight(PreflightMode::Warn);

    for _ in 0..10 {
        let (context, result) = check_in_plan(&session, &azure, "law-soc").await;
        assert!(result.is_ok() && context.warnings().is_empty());
        // A plan of many resources takes minutes.
        tokio::time::advance(Duration::from_secs(120)).await;
    }

    let requests = azure.simulator.requests();
    let paths: Vec<&str> = requests.iter().map(|request| request.path.rsplit('/').next().unwrap_or_default()).collect();
    assert_eq!(paths.iter().filter(|path| **path != "token").count(), 3, "{paths:?}");
    assert_eq!(azure.methods("/graph"), "");
}

#[tokio::test(start_paused = true)]
async fn a_hundred_workspaces_take_three_reads_each_and_one_token() {
    let azure = Azure::start().await;
    let own = azure.workspace().resource_id().to_string();
    let state = azure.simulator.state();
    let documents = state.as_object().expect("a world").iter().filter(|(id, _)| id.contains("/workspaces/law-soc"));
    let documents: Vec<(&str, String)> = documents.map(|(id, value)| (id.as_str(), value.to_string())).collect();
    let names: Vec<String> = (1..=100).map(|number| format!("law-{number:03}")).collect();
    for (name, (id, document)) in names.iter().flat_map(|name| documents.iter().map(move |document| (name, document))) {
        let document = serde_json::from_str(&document.replace("law-soc", name)).expect("JSON");
        azure.simulator.put_document(&id.replace("law-soc", name), document);
    }
    let workspaces: Vec<WorkspaceId> =
        names.iter().map(|name| WorkspaceId::parse(&own.replace("law-soc", name)).expect("an ID")).collect();
    let session = azure.session().with_preflight(PreflightMode::Error);

    let plans = workspaces.iter().flat_map(|workspace| ["tenant", "xdr", "subscription"].map(|name| (workspace, name)));
    let plans = plans.map(|(workspace, name)| check_in_plan_of(name, &session, workspace));
    let results = futures_util::future::join_all(plans).await;

    assert!(
        results.iter().all(|(_, result)| result.is_ok()),
        "{:?}",
        results.iter().find(|(_, result)| result.is_err())
    );
    assert_eq!(azure.methods("/workspaces/").split(' ').count(), 300);
    assert_eq!(azure.methods("").split(' ').count(), 301);
    assert_eq!(azure.methods("/token"), "POST");
}

#[tokio::test(start_paused = true)]
async fn keeps_an_error_like_a_response() {
    let azure = Azure::start().await;
    for method in ["GET", "POST"] {
        azure.fault(method, "/subscriptions/", Effect::new().error(403, "AuthorizationFailed", "No."));
    }
    let session = azure.session().with_preflight(PreflightMode::Warn);

    for _ in 0..10 {
        check_in_plan(&session, &azure, "law-soc").await.1.expect("nothing is known to be missing");
        tokio::time::advance(Duration::from_secs(120)).await;
    }

    assert_eq!(azure.methods("/subscriptions/").split(' ').count(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_unresponsive_service_delays_the_plans_once() {
    let azure = Azure::start().await;
    for method in ["GET", "POST"] {
        azure.fault(method, "/subscriptions/", Effect::new().hang(azure_simulator::Moment::Before));
    }
    let session = azure.session().with_preflight(PreflightMode::Warn);
    let started = tokio::time::Instant::now();

    for _ in 0..10 {
        let (context, result) = check_in_plan(&session, &azure, "law-soc").await;
        assert!(result.is_ok() && context.warnings().is_empty());
    }

    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!(azure.methods("/subscriptions/").split(' ').count(), 3);
}

#[tokio::test(start_paused = true)]
async fn reads_the_onboarding_state_once_after_a_rejection() {
    let azure = Azure::start().await;
    let session = azure.session().with_preflight(PreflightMode::Warn);
    let workspace = azure.workspace_named("law-fresh");
    azure.fault("GET", "/dataConnectors", not_onboarded());

    for _ in 0..5 {
        let (context, result) = check_after_refusal("connector", &session, &workspace).await;
        assert_eq!(result, Ok(true));
        assert!(context.warnings().to_string().contains("is not onboarded"));
        tokio::time::advance(Duration::from_secs(120)).await;
    }

    assert_eq!(azure.methods("/onboardingStates"), "GET");
    assert_eq!(azure.methods("/permissions"), "GET");
}

#[tokio::test(start_paused = true)]
async fn disabled_preflight_reads_nothing() {
    let azure = Azure::start().await;

    let (context, result) = check_in_plan(&azure.session(), &azure, "law-outdated").await;

    assert!(result.is_ok() && context.warnings().is_empty());
    assert_eq!(azure.methods(""), "");
}

#[tokio::test(start_paused = true)]
async fn findings_are_warnings_or_errors() {
    let azure = Azure::start().await;
    give_role(&azure, &json!({"actions": ["*/read"]}), &group(&azure));

    let (context, result) =
        check_in_plan(&azure.session().with_preflight(PreflightMode::Warn), &azure, "law-outdated").await;
    let warnings = context.warnings().to_string();
    assert!(result.is_ok() && warnings.contains("Missing permission on the workspace law-outdated"));
    assert!(
        warnings.contains("solution missing or outdated in law-outdated") && warnings.contains("`depends_on`"),
        "{warnings}"
    );
    assert!(warnings.contains("you can ignore this warning"), "{warnings}");

    let (context, result) =
        check_in_plan(&azure.session().with_preflight(PreflightMode::Error), &azure, "law-outdated").await;
    let errors = result.expect_err("not met").to_string();
    assert!(
        context.warnings().is_empty() && errors.contains("solution missing or outdated in law-outdated"),
        "{errors}"
    );
    assert_eq!(errors.matches("SENTINEL_PREFLIGHT").count(), 2, "{errors}");
    for part in ["ignore this warning", "plan continues", "-refresh=false"] {
        assert!(!errors.contains(part), "{errors}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_read_is_not_a_finding() {
    let azure = Azure::start().await;
    azure.fault("GET", "/subscriptions/", Effect::new().error(403, "AuthorizationFailed", "No."));
    azure.fault("POST", "/subscriptions/", Effect::new().error(403, "AuthorizationFailed", "No."));

    let (context, result) =
        check_in_plan(&azure.session().with_preflight(PreflightMode::Error), &azure, "law-soc").await;

    assert!(result.is_ok() && context.warnings().is_empty(), "{}", context.warnings());
}

#[tokio::test(start_paused = true)]
async fn reports_a_rejected_list_once_in_the_configured_mode() {
    let forbidden = || Effect::new().error(403, "AuthorizationFailed", "No.");
    for (effect, summary) in [
        (not_onboarded(), "law-fresh is not onboarded to Microsoft Sentinel:"),
        (forbidden(), "Missing permission on the workspace law-fresh:"),
    ] {
        let azure = Azure::start().await;
        azure.fault("GET", "/dataConnectors", effect);
        let workspace = azure.workspace_named("law-fresh");
        for (mode, is_error) in
            [(PreflightMode::Off, false), (PreflightMode::Warn, false), (PreflightMode::Error, true)]
        {
            let session = azure.session().with_preflight(mode);

            let (context, result) = check_after_refusal("one", &session, &workspace).await;
            let (other, others) = check_after_refusal("other", &session, &workspace).await;

            assert_eq!(result.is_err(), is_error, "{mode:?}");
            let said = result.err().unwrap_or_else(|| context.warnings()).to_string();
            assert_eq!(said.matches(summary).count(), 1, "{said}");
            assert_eq!(said.contains("The plan continues"), !is_error && summary.starts_with("Missing"), "{said}");
            assert_eq!(said.contains("SENTINEL_PREFLIGHT"), is_error, "{said}");
            assert!(others == Ok(true) && other.warnings().is_empty(), "{}", other.warnings());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_resource_reports_a_fact_again() {
    for mode in [PreflightMode::Warn, PreflightMode::Error] {
        let azure = Azure::start().await;
        let session = azure.session().with_preflight(mode);
        let mut reports = Vec::new();
        for name in ["one", "other", "one", "other"] {
            let (context, result) = check_in_plan_of(name, &session, &azure.workspace_named("law-outdated")).await;
            reports.push((result, context.warnings()));
        }

        assert_eq!(reports[0], reports[2], "the same request has the same response");
        assert!(reports[0].0.is_err() || !reports[0].1.is_empty());
        assert!([1, 3].into_iter().all(|other| reports[other] == (Ok(()), Diagnostics::new())), "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_onboarding_is_reported_once_by_connectors_and_other_resources() {
    for (mode, is_error) in [(PreflightMode::Warn, false), (PreflightMode::Error, true)] {
        for rule_first in [true, false] {
            let azure = Azure::start().await;
            azure.fault("GET", "/dataConnectors", not_onboarded());
            let (session, workspace) = (azure.session().with_preflight(mode), azure.workspace_named("law-fresh"));

            let mut reports = Diagnostics::new();
            for is_rule in [rule_first, !rule_first] {
                let (context, result) = if is_rule {
                    check_rule(&session, &workspace).await
                } else {
                    let (context, result) = check_after_refusal("connector", &session, &workspace).await;
                    (context, result.map(drop))
                };
                reports.extend(context.warnings());
                reports.extend(result.err().unwrap_or_default());
            }

            let marker = if is_error { "" } else { "~" };
            assert_eq!(
                summaries(&reports),
                [format!("{marker}The workspace law-fresh is not onboarded to Microsoft Sentinel")]
            );
        }
    }
}
