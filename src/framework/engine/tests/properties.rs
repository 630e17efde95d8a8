//! Property tests of plans, for any configuration and any prior state.

use proptest::prelude::*;

use super::generate::{applied, config};
use super::table::schema;
use crate::framework::checks;
use crate::framework::engine::replace::replacing_changes;
use crate::framework::engine::{plan, result};
use crate::framework::value::Value;

fn plan_new_state(config: &Value, prior: &Value) -> Value {
    plan::plan_new_state(&schema(), config, prior, plan::propose_new_state(&schema(), config, prior))
}

fn configs(unknowns: bool) -> impl Strategy<Value = Value> {
    config(schema().specs(), unknowns)
}

fn states() -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(Value::Null), 4 => configs(false).prop_map(|config| applied(&schema(), &config))]
}

proptest! {
    #[test]
    fn plan_passes_the_checks_of_terraform_core(config in configs(true), prior in states()) {
        let planned = plan_new_state(&config, &prior);

        prop_assert_eq!(checks::plan_matches_config(schema().specs(), &prior, &config, &planned), []);
        prop_assert_eq!(planned.conforms(&schema().value_type()), Ok(()));
    }

    #[test]
    fn requires_replace_names_only_changed_attributes(config in configs(true), prior in states()) {
        let planned = plan_new_state(&config, &prior);

        let changes = replacing_changes(schema().specs(), &config, &prior, &planned);

        for path in changes.certain.union(&changes.undecided) {
            prop_assert!(prior.at(path) != planned.at(path), "{}", path);
        }
    }

    #[test]
    fn second_plan_after_an_apply_is_empty(config in configs(false)) {
        let state = applied(&schema(), &config);

        let planned = plan_new_state(&config, &state);

        prop_assert_eq!(&planned, &state);
        prop_assert!(replacing_changes(schema().specs(), &config, &state, &planned).is_empty());
    }

    #[test]
    fn finalizing_a_plan_is_idempotent(config in configs(true), prior in states()) {
        let planned = plan_new_state(&config, &prior);

        prop_assert_eq!(&plan::finalize_plan(&schema(), &config, &prior, planned.clone()), &planned);
    }

    #[test]
    fn sanitized_state_passes_the_checks_of_terraform_core(planned in configs(true), given in configs(true)) {
        let sanitized = result::sanitize_state(&schema(), &planned, given);

        prop_assert!(sanitized.state.is_wholly_known());
        prop_assert_eq!(sanitized.state.conforms(&schema().value_type()), Ok(()));
        prop_assert!(sanitized.invalid.is_empty());
    }

    #[test]
    fn applied_plan_passes_the_checks_of_terraform_core(config in configs(false)) {
        let planned = plan_new_state(&config, &Value::Null);
        let sanitized = result::sanitize_state(&schema(), &planned, applied(&schema(), &config));

        prop_assert_eq!(checks::result_matches_plan(schema().specs(), &planned, &sanitized.state), []);
    }
}
