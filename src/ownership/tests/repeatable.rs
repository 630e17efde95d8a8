//! Tests that planning is repeatable: in a process that stays configured, the same request has the same answer.

use super::fixture::{Azure, adopting, config, summaries};

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn create_planned_twice_is_the_same() {
    let flag = Azure::default().resource();
    flag.begin_run().await;

    let first = flag.plan_as_read(&config("a")).await;
    let second = flag.plan_as_read(&config("a")).await;

    assert_eq!(summaries(&first.diagnostics), NOTHING);
    assert_eq!(first, second);
}

#[tokio::test]
async fn adoption_planned_twice_is_the_same() {
    let flag = Azure::holding("a").resource();
    flag.begin_run().await;

    let first = flag.plan_as_read(&adopting("a")).await;
    let second = flag.plan_as_read(&adopting("a")).await;

    assert_eq!(summaries(&first.diagnostics), ["~The existing flag a is adopted"]);
    assert_eq!(first, second);
}

#[tokio::test]
async fn object_planned_twice_and_then_for_destroy_is_no_conflict() {
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
async fn replacement_planned_twice_is_the_same() {
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
async fn tainted_object_planned_and_then_for_destroy_is_no_conflict() {
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
async fn failed_plan_records_no_claim() {
    let azure = Azure::default();
    let mut flag = azure.resource();
    flag.apply(&config("a")).await;
    let other = flag.sibling();
    flag.begin_run().await;
    flag.read().await;
    azure.world().refuses_plans = true;

    for plan in [flag.plan_as_read(&config("b")).await, other.plan_as_read(&config("b")).await] {
        assert_eq!(summaries(&plan.diagnostics), ["Azure refuses"]);
    }

    azure.world().refuses_plans = false;
    assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
    assert_eq!(summaries(&other.plan_as_read(&config("b")).await.diagnostics), NOTHING);
}

#[tokio::test]
async fn rejected_destroy_records_no_claim() {
    let azure = Azure::default();
    let mut old = azure.resource();
    old.apply(&config("a")).await;
    let mut new = old.sibling();
    new.import("a").await;
    new.read().await;
    let kept = new.plan_as_read(&config("a")).await;

    let refused = old.plan_destroy().await;

    assert_eq!(summaries(&refused.diagnostics), ["This plan destroys the shared flag a"]);
    assert_eq!(new.plan_as_read(&config("a")).await, kept);
    assert_eq!(old.plan_destroy().await, refused);
}

#[tokio::test]
async fn repeated_lifecycle_in_one_process_is_no_conflict() {
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
async fn state_without_a_token_gets_a_permanent_token() {
    let azure = Azure::default();
    let mut flag = azure.resource();
    flag.apply(&config("a")).await;
    flag.lose_private();
    flag.begin_run().await;

    flag.read().await;
    let given = flag.state();
    flag.read().await;
    assert_eq!(flag.state(), given);
    flag.plan_as_read(&config("a")).await;
    flag.lose_private(); // the plan was not applied
    flag.read().await;

    assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
}
