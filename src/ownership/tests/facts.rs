//! Tests of the facts that other modules read.

use crate::framework::Value;
use crate::ownership::facts::Facts;
use crate::ownership::token::Token;

#[test]
fn different_configurations_are_two_creations() {
    let mut facts = Facts::default();
    let mut is_another = |config: &str| facts.add_creation_config(&Value::String(config.to_owned()));

    assert!(!is_another("a"));
    assert!(!is_another("a"), "the same creation is planned again");
    assert!(is_another("b"));
}

#[test]
fn object_is_released_unless_another_resource_keeps_it() {
    let (old, new) = (Token::created(), Token::created());
    let mut facts = Facts::default();
    assert!(!facts.is_released());

    facts.plan_destroy(old);
    assert!(facts.is_released());

    facts.plan_keep(new);
    assert!(!facts.is_released());
}

#[test]
fn object_is_being_created_from_the_plan_on() {
    let (mut planned, mut replaced, mut created) = (Facts::default(), Facts::default(), Facts::default());
    planned.plan_creation(false, false);
    replaced.plan_recreation();
    created.claim(None).expect("no other resource manages the object");

    assert!(!Facts::default().is_being_created());
    for facts in [&planned, &replaced, &created] {
        assert!(facts.is_being_created(), "{facts:?}");
    }
    assert!(created.is_created() && !planned.is_created() && !replaced.is_created());
}

#[test]
fn planned_creation_survives_a_delete() {
    let mut facts = Facts::default();
    facts.plan_creation(false, false);

    facts.record_delete();

    assert!(facts.is_being_created());
}
