//! Property tests for any configuration and prior state: Terraform accepts the plan, planning is repeatable, and the
//! result of the apply matches the plan.

use proptest::prelude::*;

use super::fixture::*;
use crate::framework::testing::Lifecycle;
use crate::framework::*;

fn text() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "A", "b", "é", ""]).prop_map(str::to_owned)
}

fn rules() -> impl Strategy<Value = Option<Vec<Permission>>> {
    let action = prop::sample::select(vec!["allow", "deny"]).prop_map(str::to_owned);
    let rule = (action, prop::option::of(0i64..3)).prop_map(|(action, number)| Permission { action, number });
    prop::option::of(prop::collection::vec(rule, 0..3))
}

prop_compose! {
    /// A configuration in which attributes may be unknown.
    fn configs()(
        name in text(),
        label in prop::option::of(text()),
        size in prop::option::of(1i64..10),
        owner in prop::option::of(text()),
        tags in prop::option::of(prop::collection::vec(text(), 0..3)),
        token in prop::option::of(text()),
        rules in rules(),
        unknown in prop::collection::vec(prop::bool::weighted(0.1), 4),
    ) -> Config {
        let mut config = config().with(&NAME, name).with(&LABEL, label).with(&OWNER, owner).with(&TAGS, tags)
            .with(&TOKEN, token).with(&RULES, rules);
        if let Some(size) = size {
            config = config.with(&SIZE, size);
        }
        if unknown[0] { config = config.with_unknown(&NAME); }
        if unknown[1] { config = config.with_unknown(&LABEL); }
        if unknown[2] { config = config.with_unknown(&RULES); }
        if unknown[3] { config = config.with_unknown(&OWNER); }
        config
    }
}

prop_compose! {
    /// A state of an earlier apply, changed by drift.
    fn states()(
        name in text(),
        label in prop::option::of(text()),
        size in 1i64..10,
        owner in prop::option::of(text()),
        rules in rules(),
        etag in prop::option::of(text()),
    ) -> State {
        let numbered = rules.map(|rules| rules.into_iter().map(|rule| Permission { number: Some(1), ..rule }).collect());
        existing().with(&ID, Some(format!("/things/{name}"))).with(&NAME, name).with(&LABEL, label).with(&SIZE, size).with(&OWNER, owner)
            .with(&RULES, numbered).with(&ETAG, etag)
    }
}

fn known(config: &Config) -> Config {
    let Value::Object(attributes) = config.value().clone() else { panic!("it is an object") };
    let filled = attributes.into_iter().map(|(name, value)| {
        let value = match (name.as_str(), value) {
            ("name" | "label" | "owner", Value::Unknown) => "b".into(),
            (_, value) => value.unknown_as_null(),
        };
        (name, value)
    });
    Config::of(Value::object(filled))
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(future)
}

proptest! {
    #[test]
    fn plan_passes_the_checks_and_is_repeatable(config in configs(), prior in prop::option::of(states())) {
        let (one, two) = block_on(async {
            let server = server(Behavior::Good).await;
            if let Some(prior) = &prior {
                refresh(&server, prior).await;
            }
            let request = plan_request(&config, prior.as_ref());
            (server.plan_resource_change(request.clone()).await, server.plan_resource_change(request).await)
        });

        let before = prior.as_ref().map_or(Value::Null, |prior| prior.value().clone());
        let specs = schema();
        let violations = checks::plan_matches_config(specs.specs(), &before, config.value(), &one.planned_state);
        prop_assert!(!one.diagnostics.has_errors(), "{}", one.diagnostics);
        prop_assert_eq!(violations, []);
        prop_assert_eq!(format!("{:?}", &one.planned_state), format!("{:?}", &two.planned_state));
        prop_assert_eq!(&one.requires_replace, &two.requires_replace);
        for path in &one.requires_replace {
            prop_assert!(before.at(path).is_some() || one.planned_state.at(path).is_some());
        }
    }

    #[test]
    fn plan_during_apply_only_makes_values_known(config in configs(), prior in prop::option::of(states())) {
        let (unknown, known) = block_on(async {
            let planning = server(Behavior::Good).await;
            if let Some(prior) = &prior {
                refresh(&planning, prior).await;
            }
            let mut prior = prior.as_ref();
            let mut unknown = planning.plan_resource_change(plan_request(&config, prior)).await;
            if !unknown.requires_replace.is_empty() {
                prior = None;
                unknown = planning.plan_resource_change(plan_request(&config, None)).await;
            }
            let applying = server(Behavior::Good).await;
            (unknown, applying.plan_resource_change(plan_request(&known(&config), prior)).await)
        });

        let specs = schema();
        let violations = checks::result_matches_plan(specs.specs(), &unknown.planned_state, &known.planned_state);
        prop_assert_eq!(violations, []);
        prop_assert_eq!(known.requires_replace, []);
    }

    #[test]
    fn apply_matches_the_plan_and_leaves_no_change(config in configs(), prior in prop::option::of(states())) {
        let config = known(&config);
        let outcome = block_on(async {
            let server = server(Behavior::Good).await;
            let mut prior = prior;
            if let Some(prior) = &prior {
                refresh(&server, prior).await;
            }
            let mut plan = server.plan_resource_change(plan_request(&config, prior.as_ref())).await;
            if !plan.requires_replace.is_empty() {
                prior = None;
                plan = server.plan_resource_change(plan_request(&config, None)).await;
            }
            if prior.as_ref().is_some_and(|prior| prior.value() == &plan.planned_state) {
                return None;
            }
            let applied = server.apply_resource_change(apply_request(&config, prior.as_ref(), &plan)).await;
            let state = State::of(applied.new_state.clone(), Private::default());
            Some((applied, server.plan_resource_change(plan_request(&config, Some(&state))).await))
        });

        // Terraform does not apply a plan without changes.
        let Some((applied, again)) = outcome else { return Ok(()) };
        prop_assert!(applied.diagnostics.is_empty(), "{}", applied.diagnostics);
        prop_assert!(applied.new_state.is_wholly_known());
        prop_assert_eq!(again.planned_state, applied.new_state);
        prop_assert_eq!(again.requires_replace, []);
    }

    #[test]
    fn apply_matches_the_config_for_any_value_of_an_unknown(
        before in configs(),
        after in configs(),
        refresh in any::<bool>(),
    ) {
        let outcome = block_on(async {
            let mut lifecycle = Lifecycle::new(TestProvider(Behavior::Good), THING);
            let created = lifecycle.apply(&known(&before)).await;
            let changed = if refresh {
                lifecycle.apply_known_later(&after, &known(&after)).await
            } else {
                lifecycle.apply_without_refresh(&known(&after)).await
            };
            let again = lifecycle.plan(&known(&after)).await;
            (created, changed, again, lifecycle.state().expect("a state"))
        });

        let (created, changed, again, state) = outcome;
        prop_assert!(!created.has_errors() && !changed.has_errors(), "{}{}", created, changed);
        prop_assert_eq!(again.action, PlannedAction::NoOp, "{:?}", again.state);
        prop_assert_eq!(
            state.value().attribute("name").as_str().map(str::to_lowercase),
            known(&after).value().attribute("name").as_str().map(str::to_lowercase)
        );
    }
}
