//! One wrong answer that something does not exist, at each request: nothing is lost, and a destroy reports no false success.

use super::*;
use crate::testing::{no_workspace_metadata, not_onboarded};

/// Wrong answers that something is not there.
fn absences() -> [(&'static str, Effect); 4] {
    [
        ("400 not onboarded", not_onboarded()),
        ("404 no metadata", no_workspace_metadata()),
        ("404 not found", Effect::new().error(404, "ResourceNotFound", "It is gone.")),
        ("an empty list", Effect::new().json(json!({"value": []}))),
    ]
}

/// The request after `number` others gets this answer.
fn answer(azure: &Azure, number: usize, effect: &Effect) {
    answer_some(azure, "", number, effect);
}

/// The request after `number` others whose path contains `part` gets this answer.
fn answer_some(azure: &Azure, part: &'static str, number: usize, effect: &Effect) {
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
async fn a_refresh_keeps_the_solution() {
    let azure = Azure::start().await;
    let mut life = life(&azure);
    applies(&mut life, &config(&azure)).await;
    let before = azure.requests().len();
    assert!(life.refresh_only().await.is_empty());
    let state = life.state().expect("a state");

    for number in 0..azure.requests().len() - before {
        for (absence, effect) in absences() {
            answer(&azure, number, &effect);
            let diagnostics = life.refresh_only().await;
            azure.clear_faults();

            assert!(diagnostics.is_empty(), "{absence} at request {number}: {diagnostics}");
            assert_eq!(life.state().expect("a state").value(), state.value(), "{absence} at request {number}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_waits_wherever_azure_denies_the_onboarding() {
    const SENTINEL: &str = "Microsoft.SecurityInsights/";
    let azure = Azure::start().await;
    assert!(life(&azure).apply(&config(&azure)).await.is_empty());
    let count = azure.requests().iter().filter(|request| request.contains(SENTINEL)).count();

    for number in 0..count {
        for (absence, effect) in absences().into_iter().take(2) {
            let azure = Azure::start().await;
            answer_some(&azure, SENTINEL, number, &effect);
            let diagnostics = life(&azure).apply(&config(&azure)).await;

            assert!(diagnostics.is_empty(), "{absence} at request {number}: {diagnostics}");
            assert_whole(&azure);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_import_asks_again() {
    let azure = Azure::start().await;
    applies(&mut life(&azure), &config(&azure)).await;

    for (absence, effect) in absences().into_iter().take(3) {
        let mut imported = life(&azure);
        azure.fault_once("GET", r"/(contentTemplates|dataConnectors)\?", effect);
        let diagnostics = imported.import(&format!("{}|{SOLUTION}", azure.workspace())).await;

        assert!(diagnostics.is_empty(), "{absence}: {diagnostics}");
        assert!(imported.state().is_some(), "{absence}");
        azure.clear_faults();
    }
}

#[tokio::test(start_paused = true)]
async fn one_wrong_answer_after_the_deployment_does_not_taint() {
    for (absence, effect) in absences() {
        let azure = Azure::start().await;
        let mut life = life(&azure);
        let is_deployed = std::sync::Mutex::new(false);
        let mut effect = Some(effect);
        azure.intercept(move |request, _| {
            let mut is_deployed = is_deployed.lock().expect("no panic");
            *is_deployed |= request.path.contains("Microsoft.Resources/deployments/");
            let is_list = request.path.ends_with("/contentTemplates");
            if *is_deployed && is_list { effect.take() } else { None }
        });

        let diagnostics = life.apply(&config(&azure)).await;

        assert!(diagnostics.is_empty(), "{absence}: {diagnostics}");
        assert_whole(&azure);
    }
}

#[tokio::test(start_paused = true)]
async fn a_destroy_succeeds_only_if_nothing_is_left() {
    let azure = Azure::start().await;
    let mut installed = life(&azure);
    applies(&mut installed, &config(&azure)).await;
    azure.leave_templates();
    let complete = azure.snapshot();
    let before = azure.requests().len();
    assert!(installed.copy().destroy().await.is_empty());
    let requests = azure.requests().split_off(before);
    assert_eq!(azure.holds(), Vec::<String>::new());

    for (number, request) in requests.iter().enumerate() {
        let [.., empty] = absences();
        // The three errors take turns, to save time.
        for (absence, effect) in [absences()[number % 3].clone(), empty] {
            azure.restore(&complete);
            let mut life = installed.copy();
            answer(&azure, number, &effect);
            let diagnostics = life.destroy().await;
            azure.clear_faults();

            let left = azure.holds();
            assert!(diagnostics.has_errors() || left.is_empty(), "{absence} at {request}: {left:?}");
            assert_eq!(life.state().is_some(), diagnostics.has_errors(), "{absence} at {request}");
            if diagnostics.has_errors() {
                assert!(!life.destroy().await.has_errors());
            }
            assert_eq!(azure.holds(), Vec::<String>::new());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_workspace_without_sentinel_is_reported() {
    for (_, effect) in absences().into_iter().take(3) {
        let azure = Azure::start().await;
        let (mut refreshed, mut destroyed) = (life(&azure), life(&azure));
        applies(&mut refreshed, &config(&azure)).await;
        applies(&mut destroyed, &config(&azure)).await;
        azure.fault("*", "SecurityInsights", effect);

        assert_eq!(
            summaries(&refreshed.refresh_only().await),
            ["~Microsoft Sentinel is gone from the workspace law-soc"]
        );
        assert!(refreshed.state().is_none());
        assert!(!destroyed.destroy().await.has_errors());
        assert!(destroyed.state().is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn a_destroy_that_cannot_see_the_solution_fails() {
    for (absence, effect) in absences().into_iter().take(3) {
        let azure = Azure::start().await;
        let mut life = life(&azure);
        applies(&mut life, &config(&azure)).await;
        let session = azure.session();
        azure.fault("*", r"SecurityInsights/(metadata|dataConnectors|contentTemplates)\?", effect);

        let deleted = SolutionResource.delete(&Context::for_tests(), &session, life.state().expect("a state")).await;

        assert!(deleted.is_err(), "{absence}");
        assert_whole(&azure);
        azure.clear_faults();
    }
}
