//! Tests that planning is repeatable: in a process that stays configured, equal requests have equal responses.

use super::fixture::{Azure, adopting, config, summaries};

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn repeats_the_plan_of_a_create() {
    let flag = Azure::default().resource();
    flag.begin_run().await;

    let first = flag.plan_as_read(&config("a")).await;
    let second = flag.plan_as_read(&config("a")).await;

    assert_eq!(summaries(&first.diagnostics), NOTHING);
    assert_eq!(first, second);
}

#[tokio::test]
async fn repeats_the_plan_of_an_adoption() {
    let flag = Azure::with_flag("a").resource();
    flag.begin_run().await;

    let first = flag.plan_as_read(&adopting("a")).await;
    let second = flag.plan_as_read(&adopting("a")).await;

    assert_eq!(summaries(&first.diagnostics), ["~The existing flag a is adopted"]);
    assert_eq!(first, second);
}

#[tokio::test]
async fn planning_an_object_and_its_destroy_is_no_conflict() {
    let mut flag = Azure::default().resource();
    flag.apply(&config("a")).await;
    flag.begin_run().await;

    for _ in 0..2 {
        flag.read().await;
        assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
        assert_eq!(summaries(&flag.plan_destroy().await.diagnostics), NOTHING);
    }
}

#[tokio::test]
async fn repeats_the_plan_of_a_replacement() {
    let mut flag = Azure::default().resource();
    flag.apply(&config("a")).await;
    flag.begin_run().await;
    flag.read().await;

    let first = flag.plan_as_read(&config("b")).await;
    let second = flag.plan_as_read(&config("b")).await;

    assert_eq!(summaries(&first.diagnostics), NOTHING);
    assert_eq!(first, second);
}

#[tokio::test]
async fn planning_a_tainted_object_and_its_destroy_is_no_conflict() {
    let mut flag = Azure::default().resource();
    flag.apply(&config("a")).await;
    flag.taint();
    flag.begin_run().await;

    for _ in 0..2 {
        flag.read().await;
        assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
    }
    flag.read().await;
    assert_eq!(summaries(&flag.plan_destroy().await.diagnostics), NOTHING);
}

#[tokio::test]
async fn failed_plan_records_no_fact() {
    let azure = Azure::default();
    let mut flag = azure.resource();
    flag.apply(&config("a")).await;
    let other = flag.sibling();
    flag.begin_run().await;
    flag.read().await;
    azure.world().rejects_plans = true;

    for plan in [flag.plan_as_read(&config("b")).await, other.plan_as_read(&config("b")).await] {
        assert_eq!(summaries(&plan.diagnostics), ["Azure refuses"]);
    }

    azure.world().rejects_plans = false;
    assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
    assert_eq!(summaries(&other.plan_as_read(&config("b")).await.diagnostics), NOTHING);
}

#[tokio::test]
async fn rejected_destroy_records_no_fact() {
    let azure = Azure::default();
    let mut old = azure.resource();
    old.apply(&config("a")).await;
    let mut new = old.sibling();
    new.import("a").await;
    new.read().await;
    let kept = new.plan_as_read(&config("a")).await;

    let rejected = old.plan_destroy().await;

    assert_eq!(summaries(&rejected.diagnostics), ["This plan destroys the shared flag a"]);
    assert_eq!(new.plan_as_read(&config("a")).await, kept);
    assert_eq!(old.plan_destroy().await, rejected);
}

#[tokio::test]
async fn repeating_a_lifecycle_in_one_process_is_no_conflict() {
    let azure = Azure::default();
    let mut flag = azure.resource();
    flag.begin_run().await;

    for _ in 0..2 {
        assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
        assert_eq!(summaries(&flag.apply_planned(&config("a")).await), NOTHING);
        flag.read().await;
        assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
        let destroy = flag.plan_destroy().await;
        assert_eq!(summaries(&destroy.diagnostics), NOTHING);
        flag.delete_planned(destroy.private).await;
        assert!(!azure.has("a"));
    }
}

#[tokio::test]
async fn recreates_a_missing_object() {
    let azure = Azure::default();
    let mut flag = azure.resource();
    flag.begin_run().await;
    flag.apply_planned(&config("a")).await;
    azure.world().flags.clear();

    flag.read().await;

    assert!(flag.state().is_none());
    assert_eq!(summaries(&flag.apply_planned(&config("a")).await), NOTHING);
}

#[tokio::test]
async fn assigns_a_permanent_token_to_a_state_without_one() {
    let azure = Azure::default();
    let mut flag = azure.resource();
    flag.apply(&config("a")).await;
    flag.lose_private();
    flag.begin_run().await;

    flag.read().await;
    let assigned = flag.state();
    flag.read().await;
    assert_eq!(flag.state(), assigned);
    flag.plan_as_read(&config("a")).await;
    flag.lose_private(); // as if the plan was not applied
    flag.read().await;

    assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
}
