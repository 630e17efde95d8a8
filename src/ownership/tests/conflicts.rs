//! Tests of two resources for one object: which plans report it, and what happens to the object.

use super::fixture::{Azure, adopting, config, summaries};
use crate::framework::testing::Lifecycle;

const NOTHING: [&str; 0] = [];
const TWO: &str = "~Two resources manage the flag a";
const TAKEN: &str = "Two resources manage the flag a";
const SPLIT: &str = "This plan destroys the shared flag a";
const DEPOSED: &str = "~Destroying the older object removes the flag a";
const HANDOVER: &str = "~One resource destroys flag a, another creates it";
const ADOPTED: &str = "~The existing flag a is adopted";
const EXISTS: &str = "The flag a already exists";
const WILL_BE_REFUSED: &str = "~The flag a already exists";

/// A resource that has created the flag `a`, refreshed in a new run.
async fn managed(azure: &Azure) -> Lifecycle {
    let mut flag = azure.resource();
    flag.apply(&config("a")).await;
    flag.begin_run().await;
    flag.read().await;
    flag
}

/// The same, and another one that has imported it.
async fn managed_twice(azure: &Azure) -> (Lifecycle, Lifecycle) {
    let old = managed(azure).await;
    let mut new = old.beside();
    new.import_as_planned("a").await;
    (old, new)
}

/// The same, and the object that it replaces, which was never destroyed.
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
async fn two_creations_are_refused_when_the_second_is_applied() {
    for adopt in [false, true] {
        let azure = Azure::default();
        let (mut one, config) = (azure.resource(), if adopt { adopting("a") } else { config("a") });
        let mut other = one.beside();
        one.begin_run().await;

        assert_eq!(summaries(&one.apply_planned(&config).await), NOTHING);
        assert_eq!(summaries(&other.apply_planned(&config).await), [TAKEN]);

        assert!(other.state().is_none(), "it owns nothing");
    }
}

#[tokio::test]
async fn a_second_creation_may_follow_one_that_changed_nothing() {
    let azure = Azure::default();
    let mut one = azure.resource();
    let mut other = one.beside();
    one.begin_run().await;
    azure.world().refuses_creates = Some(false);
    one.apply_planned(&config("a")).await;
    azure.world().refuses_creates = None;

    assert_eq!(summaries(&other.apply_planned(&config("a")).await), NOTHING);
}

#[tokio::test]
async fn a_second_creation_may_not_follow_one_that_failed_half_way() {
    let azure = Azure::default();
    let mut one = azure.resource();
    let mut other = one.beside();
    one.begin_run().await;
    azure.world().refuses_creates = Some(true);
    one.apply_planned(&config("a")).await;
    azure.world().refuses_creates = None;

    assert_eq!(summaries(&other.apply_planned(&adopting("a")).await), [TAKEN]);
    assert!(one.is_tainted() && other.state().is_none());
}

#[tokio::test]
async fn what_nobody_manages_is_taken_over_or_refused() {
    let azure = Azure::holding("a");
    let mut flag = azure.resource();
    flag.begin_run().await;

    assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), [WILL_BE_REFUSED]);
    assert_eq!(summaries(&flag.apply_planned(&config("a")).await), [WILL_BE_REFUSED, EXISTS]);
    assert!(flag.state().is_none(), "it owns nothing");
    // once: by the plan, which a CLI asks for again before it applies
    assert_eq!(summaries(&flag.apply_planned(&adopting("a")).await), [ADOPTED]);
}

#[tokio::test]
async fn what_appears_after_the_plan_is_reported_by_the_create() {
    let azure = Azure::default();
    let mut flag = azure.resource();
    flag.begin_run().await;
    let adopted = flag.apply_planned_after(&adopting("a"), async || azure.raise("a")).await;

    assert_eq!(summaries(&adopted), [ADOPTED]);
}

#[tokio::test]
async fn an_object_that_stays_and_a_creation_are_found_in_either_order() {
    for creation_first in [false, true] {
        let azure = Azure::default();
        let old = managed(&azure).await;
        let new = old.beside();
        if creation_first {
            assert_eq!(summaries(&new.plan_as_read(&adopting("a")).await.diagnostics), NOTHING);
            assert_eq!(summaries(&old.plan_as_read(&config("a")).await.diagnostics), [TWO]);
        } else {
            assert_eq!(summaries(&old.plan_as_read(&config("a")).await.diagnostics), NOTHING);
            assert_eq!(summaries(&new.plan_as_read(&adopting("a")).await.diagnostics), [TAKEN]);
            // the create will be refused, so the plan need not
            assert_eq!(summaries(&new.plan_as_read(&config("a")).await.diagnostics), [TWO]);
        }
    }
}

#[tokio::test]
async fn a_creation_does_not_take_over_what_another_resource_was_planned_to_keep() {
    let azure = Azure::default();
    let old = managed(&azure).await;
    let mut new = old.beside();

    let applied = new.apply_planned_after(&adopting("a"), async || drop(old.plan_as_read(&config("a")).await)).await;

    assert_eq!(summaries(&applied), [TAKEN]);
}

#[tokio::test]
async fn a_tainted_object_is_no_conflict_with_itself() {
    let azure = Azure::default();
    let mut flag = managed(&azure).await;
    flag.taint();

    assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
    assert_eq!(summaries(&flag.apply(&config("a")).await), NOTHING);
    assert!(azure.has("a") && !flag.is_tainted());
}

#[tokio::test]
async fn two_that_stay_are_reported_by_the_second() {
    let azure = Azure::default();
    let (old, new) = managed_twice(&azure).await;

    assert_eq!(summaries(&old.plan_as_read(&config("a")).await.diagnostics), NOTHING);
    assert_eq!(summaries(&new.plan_as_read(&config("a")).await.diagnostics), [TWO]);
}

#[tokio::test]
async fn one_that_leaves_what_another_keeps_is_refused_in_either_order() {
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
async fn a_destroy_that_is_planned_before_its_refresh_is_refused() {
    // Terraform does so with a resource that is no longer in the configuration.
    let azure = Azure::default();
    let (mut old, new) = managed_twice(&azure).await;

    assert_eq!(summaries(&old.plan_destroy().await.diagnostics), NOTHING);
    old.read().await;

    assert_eq!(summaries(&new.plan_as_read(&config("a")).await.diagnostics), [SPLIT]);
}

#[tokio::test]
async fn a_rename_whose_destroy_is_planned_before_its_refresh_is_reported() {
    let azure = Azure::default();
    let mut old = managed(&azure).await;
    let new = old.beside();
    old.begin_run().await;

    old.plan_destroy().await;
    old.read().await;

    assert_eq!(summaries(&new.plan_as_read(&config("a")).await.diagnostics), [HANDOVER]);
}

#[tokio::test]
async fn an_older_object_is_no_replacement_of_a_younger_one() {
    let azure = Azure::default();
    let (old, new) = managed_twice(&azure).await;

    assert_eq!(summaries(&old.plan_as_read(&config("a")).await.diagnostics), NOTHING);
    assert_eq!(summaries(&new.plan_destroy().await.diagnostics), [SPLIT]);
}

#[tokio::test]
async fn both_of_two_can_be_destroyed() {
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
async fn what_a_replacement_left_behind_is_destroyed_with_a_warning_in_either_order() {
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
async fn what_a_replacement_of_a_tainted_object_left_behind_is_destroyed_too() {
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
async fn an_object_stays_when_it_is_replaced_before_it_is_destroyed() {
    let azure = Azure::default();
    let mut flag = managed(&azure).await;
    flag.begin_run().await;
    let mut deposed = flag.depose();

    assert_eq!(summaries(&flag.apply_planned(&adopting("a")).await), [ADOPTED]);
    let destroy = deposed.plan_destroy().await; // the apply plans it again
    assert_eq!(summaries(&destroy.diagnostics), NOTHING);
    assert_eq!(summaries(&deposed.delete_planned(destroy.private).await), NOTHING);

    assert!(azure.has("a"));
    flag.destroy().await;
    assert!(!azure.has("a"), "its own destroy takes it away");
}

#[tokio::test]
async fn a_resource_that_was_renamed_is_reported_in_either_order() {
    for destroys_first in [true, false] {
        let azure = Azure::default();
        let old = managed(&azure).await;
        let new = old.beside();
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
async fn a_rename_that_creates_first_leaves_the_object() {
    let azure = Azure::default();
    let mut old = managed(&azure).await;
    let mut new = old.beside();
    let destroy = old.plan_destroy().await;
    new.begin_run().await;

    assert_eq!(summaries(&new.apply_planned(&adopting("a")).await), [ADOPTED]);
    assert_eq!(summaries(&old.delete_planned(destroy.private).await), NOTHING);

    assert!(azure.has("a") && old.state().is_none());
}

#[tokio::test]
async fn a_tainted_object_is_left_to_the_resource_that_took_it_over() {
    let azure = Azure::default();
    let mut old = managed(&azure).await;
    let mut new = old.beside();
    old.taint();
    let replacement = old.plan_as_read(&config("a")).await;
    new.begin_run().await;
    new.apply_planned(&adopting("a")).await;

    old.delete_planned(replacement.private).await;

    assert!(azure.has("a"));
}

#[tokio::test]
async fn an_import_of_what_was_planned_to_be_created_is_no_second_resource() {
    let azure = Azure::default();
    let mut flag = azure.resource();
    flag.begin_run().await;
    flag.plan_as_read(&config("a")).await;
    azure.raise("a");

    flag.import_as_planned("a").await;

    assert_eq!(summaries(&flag.plan_as_read(&config("a")).await.diagnostics), NOTHING);
}
