//! Tests with a single wrong response at each request. The state keeps the resource, and a destroy reports no false
//! success.

use super::*;
use crate::testing::{no_workspace_metadata, not_onboarded};

/// The responses that report an absent object, workspace or onboarding.
fn absences() -> [(&'static str, Effect); 4] {
    [
        ("400 not onboarded", not_onboarded()),
        ("404 no metadata", no_workspace_metadata()),
        ("404 not found", Effect::new().error(404, "ResourceNotFound", "It is gone.")),
        ("an empty list", Effect::new().json(json!({"value": []}))),
    ]
}

/// Injects a response to the request with this index.
fn respond_at(azure: &Azure, number: usize, effect: &Effect) {
    respond_to_part_at(azure, "", number, effect);
}

/// Injects a response to the request with this index among those whose path contains `part`.
fn respond_to_part_at(azure: &Azure, part: &'static str, number: usize, effect: &Effect) {
    let (mut earlier, effect) = (0, effect.clone());
    azure.intercept(move |request, _| {
        if request.is_login() || !request.path.contains(part) {
            return None;
        }
        earlier += 1;
        (earlier == number + 1).then(|| effect.clone())
    });
}

#[tokio::test(start_paused = true)]
async fn refresh_keeps_the_solution_after_one_wrong_response() {
    let azure = Azure::start().await;
    let mut lifecycle = lifecycle(&azure);
    applies(&mut lifecycle, &config(&azure)).await;
    let before = azure.requests().len();
    assert!(lifecycle.refresh_only().await.is_empty());
    let state = lifecycle.state().expect("a state");

    for number in 0..azure.requests().len() - before {
        for (absence, effect) in absences() {
            respond_at(&azure, number, &effect);
            let diagnostics = lifecycle.refresh_only().await;
            azure.clear_faults();

            assert!(diagnostics.is_empty(), "{absence} at request {number}: {diagnostics}");
            assert_eq!(lifecycle.state().expect("a state").value(), state.value(), "{absence} at request {number}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn create_waits_if_any_request_returns_not_onboarded() {
    const SENTINEL: &str = "Microsoft.SecurityInsights/";
    let azure = Azure::start().await;
    assert!(lifecycle(&azure).apply(&config(&azure)).await.is_empty());
    let count = azure.requests().iter().filter(|request| request.contains(SENTINEL)).count();

    for number in 0..count {
        for (absence, effect) in absences().into_iter().take(2) {
            let azure = Azure::start().await;
            respond_to_part_at(&azure, SENTINEL, number, &effect);
            let diagnostics = lifecycle(&azure).apply(&config(&azure)).await;

            assert!(diagnostics.is_empty(), "{absence} at request {number}: {diagnostics}");
            assert_complete(&azure);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn import_retries_after_one_wrong_response() {
    let azure = Azure::start().await;
    applies(&mut lifecycle(&azure), &config(&azure)).await;

    for (absence, effect) in absences().into_iter().take(3) {
        let mut imported = lifecycle(&azure);
        azure.fault_once("GET", r"/(contentTemplates|dataConnectors)\?", effect);
        let diagnostics = imported.import(&format!("{}|{SOLUTION}", azure.workspace())).await;

        assert!(diagnostics.is_empty(), "{absence}: {diagnostics}");
        assert!(imported.state().is_some(), "{absence}");
        azure.clear_faults();
    }
}

#[tokio::test(start_paused = true)]
async fn one_wrong_response_after_the_deployment_does_not_taint() {
    for (absence, effect) in absences() {
        let azure = Azure::start().await;
        let mut lifecycle = lifecycle(&azure);
        let is_deployed = std::sync::Mutex::new(false);
        let mut effect = Some(effect);
        azure.intercept(move |request, _| {
            let mut is_deployed = is_deployed.lock().expect("no panic");
            *is_deployed |= request.path.contains("Microsoft.Resources/deployments/");
            let is_list = request.path.ends_with("/contentTemplates");
            if *is_deployed && is_list { effect.take() } else { None }
        });

        let diagnostics = lifecycle.apply(&config(&azure)).await;

        assert!(diagnostics.is_empty(), "{absence}: {diagnostics}");
        assert_complete(&azure);
    }
}

#[tokio::test(start_paused = true)]
async fn destroy_succeeds_only_if_everything_is_deleted() {
    let azure = Azure::start().await;
    let mut installed = lifecycle(&azure);
    applies(&mut installed, &config(&azure)).await;
    azure.keep_templates();
    let complete = azure.snapshot();
    let before = azure.requests().len();
    assert!(installed.copy().destroy().await.is_empty());
    let requests = azure.requests().split_off(before);
    assert_eq!(azure.objects(), Vec::<String>::new());

    for (number, request) in requests.iter().enumerate() {
        let [.., empty] = absences();
        // Each request gets one of the three errors in turn, to save time.
        for (absence, effect) in [absences()[number % 3].clone(), empty] {
            azure.restore(&complete);
            let mut lifecycle = installed.copy();
            respond_at(&azure, number, &effect);
            let diagnostics = lifecycle.destroy().await;
            azure.clear_faults();

            let left = azure.objects();
            assert!(diagnostics.has_errors() || left.is_empty(), "{absence} at {request}: {left:?}");
            assert_eq!(lifecycle.state().is_some(), diagnostics.has_errors(), "{absence} at {request}");
            if diagnostics.has_errors() {
                assert!(!lifecycle.destroy().await.has_errors());
            }
            assert_eq!(azure.objects(), Vec::<String>::new());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn reports_a_workspace_without_sentinel() {
    for (_, effect) in absences().into_iter().take(3) {
        let azure = Azure::start().await;
        let (mut refreshed, mut destroyed) = (lifecycle(&azure), lifecycle(&azure));
        applies(&mut refreshed, &config(&azure)).await;
        applies(&mut destroyed, &config(&azure)).await;
        azure.fault("*", "SecurityInsights", effect);

        assert_eq!(
            summaries(&refreshed.refresh_only().await),
            ["~The workspace law-soc no longer has Microsoft Sentinel"]
        );
        assert!(refreshed.state().is_none());
        assert!(!destroyed.destroy().await.has_errors());
        assert!(destroyed.state().is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn destroy_without_read_permission_fails() {
    for (absence, effect) in absences().into_iter().take(3) {
        let azure = Azure::start().await;
        let mut lifecycle = lifecycle(&azure);
        applies(&mut lifecycle, &config(&azure)).await;
        let session = azure.session();
        azure.fault("*", r"SecurityInsights/(metadata|dataConnectors|contentTemplates)\?", effect);

        let deleted =
            SolutionResource.delete(&Context::for_tests(), &session, lifecycle.state().expect("a state")).await;

        assert!(deleted.is_err(), "{absence}");
        assert_complete(&azure);
        azure.clear_faults();
    }
}
