//! Tests of two resources that manage one object: the diagnostics of their plans, and the effect on the object.

use super::fixture::{Azure, CreateFailure, adopting, config, summaries};
use crate::framework::testing::Lifecycle;

const NOTHING: [&str; 0] = [];
const DUPLICATE: &str = "~Two resources manage the flag a";
const TAKEN: &str = "Two resources manage the flag a";
const SPLIT: &str = "This plan destroys the shared flag a";
const DEPOSED: &str = "~Destroying the older object removes the flag a";
const HANDOVER: &str = "~This plan destroys and creates the flag a";
const ADOPTED: &str = "~The existing flag a is adopted";
const EXISTS: &str = "The flag a already exists";
const WILL_BE_REJECTED: &str = "~The flag a already exists";

/// A resource that has created the flag `a`, and was refreshed in a new run.
async fn managed(azure: &Azure) -> Lifecycle {
    let mut flag = azure.resource();
    flag.apply(&config("a")).await;
    flag.begin_run().await;
    flag.read().await;
    flag
}

/// A resource that has created the flag `a`, and another one that has imported the flag.
async fn managed_twice(azure: &Azure) -> (Lifecycle, Lifecycle) {
    let old = managed(azure).await;
    let mut new = old.sibling();
    new.import_in_run("a").await;
    (old, new)
}

/// A deposed object of the flag `a`, and the resource that replaces it.
async fn replaced(azure: &Azure) -> (Lifecycle, Lifecycle) {
    let mut flag = managed(azure).await;
    flag.begin_run().await;
    let mut deposed = flag.depose();
    assert_eq!(summaries(&flag.apply_planned(&adopting("a")).await), [ADOPTED]);
    flag.begin_run().await;
    flag.read().await;
    deposed.read().await;
    (deposed, flag)
}

#[tokio::test]
async fn second_of_two_creates_is_rejected_at_apply() {
    for adopt in [false, true] {
        let azure = Azure::default();
        let (mut one, config) = (azure.resource(), if adopt { adopting("a") } else { config("a") });
        let mut other = one.sibling();
        one.begin_run().await;

        assert_eq!(summaries(&one.apply_planned(&config).await), NOTHING);
        assert_eq!(summaries(&other.apply_planned(&config).await), [TAKEN]);

        assert!(other.state().is_none(), "the resource is not in the state");
    }
}

#[tokio::test]
async fn second_create_succeeds_after_a_create_that_changed_nothing() {
    let azure = Azure::default();
    let mut one = azure.resource();
    let mut other = one.sibling();
    one.begin_run().await;
    azure.world().create_failure = Some(CreateFailure::BeforeWrite);
    one.apply_planned(&config("a")).await;
    azure.world().create_failure = None;

    assert_eq!(summaries(&other.apply_planned(&config("a")).await), NOTHING);
}

#[tokio::test]
async fn second_create_is_rejected_after_a_partly_failed_create() {
    let azure = Azure::default();
    let mut one = azure.resource();
    let mut other = one.sibling();
    one.begin_run().await;
    azure.world().create_failure = Some(CreateFailure::AfterWrite);
    one.apply_planned(&config("a")).await;
    azure.world().create_failure = None;

    assert_eq!(summaries(&other.apply_planned(&adopting("a")).await), [TAKEN]);
    assert!(one.is_tainted() && other.state().is_none());
}

#[tokio::test]
async fn unmanaged_object_is_adopted_or_rejected() {
    let azure = Azure::with_flag("a");
    let mut flag = azure.resource();
    flag.begin_run().await;

    assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), [WILL_BE_REJECTED]);
    assert_eq!(summaries(&flag.apply_planned(&config("a")).await), [WILL_BE_REJECTED, EXISTS]);
    assert!(flag.state().is_none(), "the resource is not in the state");
    // Only the plan warns, and not the create.
    assert_eq!(summaries(&flag.apply_planned(&adopting("a")).await), [ADOPTED]);
}

#[tokio::test]
async fn create_reports_an_object_that_appears_after_the_plan() {
    let azure = Azure::default();
    let mut flag = azure.resource();
    flag.begin_run().await;
    let adopted = flag.apply_planned_after(&adopting("a"), async || azure.create_flag("a")).await;

    assert_eq!(summaries(&adopted), [ADOPTED]);
}

#[tokio::test]
async fn reports_a_kept_object_and_a_create_in_any_order() {
    for creation_first in [false, true] {
        let azure = Azure::default();
        let old = managed(&azure).await;
        let new = old.sibling();
        if creation_first {
            assert_eq!(summaries(&new.plan_as_read(&adopting("a")).await.diagnostics), NOTHING);
            assert_eq!(summaries(&old.plan_as_read(&config("a")).await.diagnostics), [DUPLICATE]);
        } else {
            assert_eq!(summaries(&old.plan_as_read(&config("a")).await.diagnostics), NOTHING);
            assert_eq!(summaries(&new.plan_as_read(&adopting("a")).await.diagnostics), [TAKEN]);
            // The plan only warns, because the apply will reject the create.
            assert_eq!(summaries(&new.plan_as_read(&config("a")).await.diagnostics), [DUPLICATE]);
        }
    }
}

#[tokio::test]
async fn create_does_not_adopt_an_object_that_another_resource_keeps() {
    let azure = Azure::default();
    let old = managed(&azure).await;
    let mut new = old.sibling();

    let applied = new.apply_planned_after(&adopting("a"), async || drop(old.plan_as_read(&config("a")).await)).await;

    assert_eq!(summaries(&applied), [TAKEN]);
}

#[tokio::test]
async fn tainted_object_does_not_conflict_with_itself() {
    let azure = Azure::default();
    let mut flag = managed(&azure).await;
    flag.taint();

    assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
    assert_eq!(summaries(&flag.apply(&config("a")).await), NOTHING);
    assert!(azure.has("a") && !flag.is_tainted());
}

#[tokio::test]
async fn second_resource_reports_two_resources_for_one_object() {
    let azure = Azure::default();
    let (old, new) = managed_twice(&azure).await;

    assert_eq!(summaries(&old.plan_as_read(&config("a")).await.diagnostics), NOTHING);
    assert_eq!(summaries(&new.plan_as_read(&config("a")).await.diagnostics), [DUPLICATE]);
}

#[tokio::test]
async fn rejects_releasing_an_object_that_another_resource_keeps() {
    for (destroys_first, leaves) in [(true, None), (false, None), (true, Some("b")), (false, Some("b"))] {
        let azure = Azure::default();
        let (old, new) = managed_twice(&azure).await;
        let leave = async || match leaves {
            None => old.plan_destroy().await.diagnostics,
            Some(other) => old.plan_as_read(&config(other)).await.diagnostics,
        };
        let (first, second) = if destroys_first {
            let first = leave().await;
            (first, new.plan_as_read(&config("a")).await.diagnostics)
        } else {
            let first = new.plan_as_read(&config("a")).await.diagnostics;
            (first, leave().await)
        };

        assert_eq!((summaries(&first), summaries(&second)), (Vec::new(), vec![SPLIT.to_owned()]));
    }
}

#[tokio::test]
async fn rejects_a_destroy_planned_before_its_refresh() {
    // Terraform plans the destroy of a resource that is no longer configured before the refresh.
    let azure = Azure::default();
    let (mut old, new) = managed_twice(&azure).await;

    assert_eq!(summaries(&old.plan_destroy().await.diagnostics), NOTHING);
    old.read().await;

    assert_eq!(summaries(&new.plan_as_read(&config("a")).await.diagnostics), [SPLIT]);
}

#[tokio::test]
async fn reports_a_rename_with_a_destroy_planned_before_its_refresh() {
    let azure = Azure::default();
    let mut old = managed(&azure).await;
    let new = old.sibling();
    old.begin_run().await;

    old.plan_destroy().await;
    old.read().await;

    assert_eq!(summaries(&new.plan_as_read(&config("a")).await.diagnostics), [HANDOVER]);
}

#[tokio::test]
async fn older_object_is_not_the_replacement_of_a_newer_one() {
    let azure = Azure::default();
    let (old, new) = managed_twice(&azure).await;

    assert_eq!(summaries(&old.plan_as_read(&config("a")).await.diagnostics), NOTHING);
    assert_eq!(summaries(&new.plan_destroy().await.diagnostics), [SPLIT]);
}

#[tokio::test]
async fn both_resources_of_one_object_can_be_destroyed() {
    let azure = Azure::default();
    let (mut old, mut new) = managed_twice(&azure).await;
    let plans = [old.plan_destroy().await, new.plan_destroy().await];
    assert!(plans.iter().all(|plan| plan.diagnostics.is_empty()));
    old.begin_run().await;
    let [one, other] = plans;

    assert_eq!(summaries(&old.delete_planned(one.private).await), NOTHING);
    assert_eq!(summaries(&new.delete_planned(other.private).await), NOTHING);

    assert!(!azure.has("a"));
}

#[tokio::test]
async fn warns_before_destroying_a_deposed_object_in_any_order() {
    for destroys_first in [true, false] {
        let azure = Azure::default();
        let (deposed, flag) = replaced(&azure).await;
        let (first, second) = if destroys_first {
            let first = deposed.plan_destroy().await;
            (first, flag.plan_as_read(&adopting("a")).await)
        } else {
            let first = flag.plan_as_read(&adopting("a")).await;
            (first, deposed.plan_destroy().await)
        };

        assert_eq!(summaries(&first.diagnostics), NOTHING);
        assert_eq!(summaries(&second.diagnostics), [DEPOSED]);
    }
}

#[tokio::test]
async fn warns_before_destroying_the_deposed_object_of_a_tainted_one() {
    let azure = Azure::default();
    let mut flag = managed(&azure).await;
    flag.taint();
    flag.begin_run().await;
    let mut deposed = flag.depose();
    flag.apply_planned(&adopting("a")).await;
    flag.begin_run().await;
    flag.read().await;
    deposed.read().await;

    assert_eq!(summaries(&flag.plan_as_read(&adopting("a")).await.diagnostics), NOTHING);
    assert_eq!(summaries(&deposed.plan_destroy().await.diagnostics), [DEPOSED]);
}

#[tokio::test]
async fn create_before_destroy_keeps_the_object() {
    let azure = Azure::default();
    let mut flag = managed(&azure).await;
    flag.begin_run().await;
    let mut deposed = flag.depose();

    assert_eq!(summaries(&flag.apply_planned(&adopting("a")).await), [ADOPTED]);
    let destroy = deposed.plan_destroy().await; // Terraform plans the destroy again during the apply.
    assert_eq!(summaries(&destroy.diagnostics), NOTHING);
    assert_eq!(summaries(&deposed.delete_planned(destroy.private).await), NOTHING);

    assert!(azure.has("a"));
    flag.destroy().await;
    assert!(!azure.has("a"), "the destroy of its resource deletes the object");
}

#[tokio::test]
async fn reports_a_renamed_resource_in_any_order() {
    for destroys_first in [true, false] {
        let azure = Azure::default();
        let old = managed(&azure).await;
        let new = old.sibling();
        let (first, second) = if destroys_first {
            let first = old.plan_destroy().await;
            (first, new.plan_as_read(&config("a")).await)
        } else {
            let first = new.plan_as_read(&config("a")).await;
            (first, old.plan_destroy().await)
        };

        assert_eq!(summaries(&first.diagnostics), NOTHING);
        assert_eq!(summaries(&second.diagnostics), [HANDOVER]);
    }
}

#[tokio::test]
async fn rename_that_creates_first_keeps_the_object() {
    let azure = Azure::default();
    let mut old = managed(&azure).await;
    let mut new = old.sibling();
    let destroy = old.plan_destroy().await;
    new.begin_run().await;

    assert_eq!(summaries(&new.apply_planned(&adopting("a")).await), [ADOPTED]);
    assert_eq!(summaries(&old.delete_planned(destroy.private).await), NOTHING);

    assert!(azure.has("a") && old.state().is_none());
}

#[tokio::test]
async fn delete_of_a_tainted_object_keeps_an_adopted_object() {
    let azure = Azure::default();
    let mut old = managed(&azure).await;
    let mut new = old.sibling();
    old.taint();
    let replacement = old.plan_as_read(&config("a")).await;
    new.begin_run().await;
    new.apply_planned(&adopting("a")).await;

    old.delete_planned(replacement.private).await;

    assert!(azure.has("a"));
}

#[tokio::test]
async fn import_after_a_create_plan_is_not_a_second_resource() {
    let azure = Azure::default();
    let mut flag = azure.resource();
    flag.begin_run().await;
    flag.plan_as_read(&config("a")).await;
    azure.create_flag("a");

    flag.import_in_run("a").await;

    assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
}
