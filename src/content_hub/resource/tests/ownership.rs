//! Tests of repeated plans, and of two resources for one solution.

use super::*;

const NO_DIAGNOSTICS: [&str; 0] = [];

/// The summary of a conflict between two resources.
fn conflict() -> String {
    format!("Two resources manage the solution {SOLUTION} in law-soc")
}

/// Creates the solution, and begins another run.
async fn created(azure: &Azure) -> Lifecycle {
    let mut lifecycle = lifecycle(azure);
    applies(&mut lifecycle, &config(azure)).await;
    lifecycle.begin_run().await;
    lifecycle
}

#[tokio::test(start_paused = true)]
async fn repeated_requests_of_a_run_return_the_same_result() {
    let azure = Azure::start().await;
    let new = lifecycle(&azure);
    new.begin_run().await;
    let creation = new.plan_as_read(&config(&azure)).await;
    assert_eq!((&new.plan_as_read(&config(&azure)).await, summaries(&creation.diagnostics)), (&creation, Vec::new()));

    let mut lifecycle = created(&azure).await;
    for _ in 0..2 {
        lifecycle.read().await;
        assert_eq!(summaries(&lifecycle.plan_as_read(&config(&azure)).await.diagnostics), NO_DIAGNOSTICS);
        assert_eq!(summaries(&lifecycle.plan_destroy().await.diagnostics), NO_DIAGNOSTICS);
    }
}

#[tokio::test(start_paused = true)]
async fn failed_plan_records_no_claim() {
    let azure = Azure::start().await;
    let lifecycle = lifecycle(&azure);
    lifecycle.begin_run().await;
    let mistaken = config(&azure).with(&PARAMETERS, Some([("colour".to_owned(), "red".to_owned())].into()));

    let failed = lifecycle.plan_as_read(&mistaken).await;
    let planned = lifecycle.plan_as_read(&config(&azure)).await;

    assert_eq!(summaries(&failed.diagnostics), ["The solution has no such parameter"]);
    assert_eq!(summaries(&planned.diagnostics), NO_DIAGNOSTICS);
    assert_eq!(lifecycle.plan_as_read(&config(&azure)).await, planned);
}

#[tokio::test(start_paused = true)]
async fn reports_a_second_resource_in_any_planning_order() {
    let azure = Azure::start().await;
    let mut old = created(&azure).await;
    for second_first in [false, true] {
        old.begin_run().await;
        let new = old.sibling();
        old.read().await;
        let (first, second) = if second_first {
            let first = new.plan_as_read(&config(&azure)).await;
            (first, old.plan_as_read(&config(&azure)).await)
        } else {
            let first = old.plan_as_read(&config(&azure)).await;
            (first, new.plan_as_read(&config(&azure)).await)
        };

        let tainted = about("A tainted solution will be uninstalled first");
        let expected: &[String] = if second_first { &[tainted] } else { &[] };
        assert_eq!(summaries(&first.diagnostics), expected, "the first plan cannot know the second resource");
        let severity = if second_first { "~" } else { "" };
        assert_eq!(summaries(&second.diagnostics), [format!("{severity}{}", conflict())]);
    }
}

#[tokio::test(start_paused = true)]
async fn rejects_the_second_of_two_new_resources_at_apply() {
    let azure = Azure::start().await;
    let mut one = lifecycle(&azure);
    let mut other = one.sibling();
    one.begin_run().await;

    assert_eq!(summaries(&one.apply_planned(&config(&azure)).await), NO_DIAGNOSTICS);
    assert_eq!(summaries(&other.apply_planned(&config(&azure)).await), [conflict()]);

    assert!(other.state().is_none());
    assert_eq!(azure.count("PUT", "/deployments/"), 1);
    assert_complete(&azure);
}

#[tokio::test(start_paused = true)]
async fn create_before_destroy_keeps_the_solution_installed() {
    let azure = Azure::start().await;
    let mut lifecycle = created(&azure).await;
    let mut old = lifecycle.depose();

    assert_eq!(
        summaries(&lifecycle.apply_planned(&config(&azure)).await),
        [format!("~The existing solution {SOLUTION} in law-soc is adopted")]
    );
    let destroy = old.plan_destroy().await;
    assert_eq!(summaries(&old.delete_planned(destroy.private).await), NO_DIAGNOSTICS);

    assert_complete(&azure);
}
