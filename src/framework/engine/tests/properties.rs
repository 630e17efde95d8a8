//! Properties of plans, of any configuration and any prior state.

use proptest::prelude::*;

use super::generate::{applied, config};
use super::table::schema;
use crate::framework::checks;
use crate::framework::engine::{plan, replace, result};
use crate::framework::value::Value;

fn draw(config: &Value, prior: &Value) -> Value {
    plan::draw(&schema(), config, prior, plan::proposed(&schema(), config, prior))
}

fn configs(unknowns: bool) -> impl Strategy<Value = Value> {
    config(schema().rows(), unknowns)
}

fn states() -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(Value::Null), 4 => configs(false).prop_map(|config| applied(&schema(), &config))]
}

proptest! {
    #[test]
    fn a_plan_is_one_that_a_cli_accepts(config in configs(true), prior in states()) {
        let planned = draw(&config, &prior);

        prop_assert_eq!(checks::plan_matches_config(schema().rows(), &prior, &config, &planned), []);
        prop_assert_eq!(planned.conforms(&schema().value_type()), Ok(()));
    }

    #[test]
    fn a_change_that_needs_a_new_object_is_somewhere(config in configs(true), prior in states()) {
        let planned = draw(&config, &prior);

        for path in replace::required(schema().rows(), &config, &prior, &planned) {
            prop_assert!(prior.at(&path) != planned.at(&path), "{}", path);
        }
    }

    #[test]
    fn after_an_apply_nothing_is_left_to_do(config in configs(false)) {
        let state = applied(&schema(), &config);

        let planned = draw(&config, &state);

        prop_assert_eq!(&planned, &state);
        prop_assert!(replace::required(schema().rows(), &config, &state, &planned).is_empty());
    }

    #[test]
    fn what_is_settled_stays_settled(config in configs(true), prior in states()) {
        let planned = draw(&config, &prior);

        prop_assert_eq!(&plan::settle(&schema(), &config, &prior, planned.clone()), &planned);
    }

    #[test]
    fn what_is_mended_can_be_saved(planned in configs(true), given in configs(true)) {
        let mended = result::mend(&schema(), &planned, given);

        prop_assert!(mended.state.is_wholly_known());
        prop_assert_eq!(mended.state.conforms(&schema().value_type()), Ok(()));
        prop_assert!(mended.misfits.is_empty());
    }

    #[test]
    fn a_plan_that_is_carried_out_is_compatible(config in configs(false)) {
        let planned = draw(&config, &Value::Null);
        let mended = result::mend(&schema(), &planned, applied(&schema(), &config));

        prop_assert_eq!(checks::result_matches_plan(schema().rows(), &planned, &mended.state), []);
    }
}
