//! Checks that an applied state matches its plan. A value that is unknown in the plan may have any value in the state.

use super::{Violation, shown};
use crate::framework::mask::has_secrets;
use crate::framework::schema::AttributeSpec;
use crate::framework::value::{Path, Value};

/// The differences between an applied state and its plan.
pub(in crate::framework) fn result_matches_plan(
    specs: &[AttributeSpec],
    planned: &Value,
    actual: &Value,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for spec in specs {
        let path = Path::attribute(spec.name);
        if spec.write_only {
            continue;
        }
        let mut differences = Vec::new();
        value(planned.attribute(spec.name), actual.attribute(spec.name), &path, has_secrets(spec), &mut differences);
        violations.append(&mut differences);
    }
    violations
}

fn value(planned: &Value, actual: &Value, path: &Path, sensitive: bool, violations: &mut Vec<Violation>) {
    let mut report = |problem: String| violations.push(Violation::new(path, problem));
    match (planned, actual) {
        (Value::Unknown, _) => {}
        (Value::Object(planned), Value::Object(actual)) => {
            for (name, planned) in planned {
                let actual = actual.get(name).unwrap_or(&Value::Null);
                value(planned, actual, &path.clone().child(name), sensitive, violations);
            }
        }
        (Value::List(planned), Value::List(actual)) | (Value::Tuple(planned), Value::Tuple(actual)) => {
            if planned.len() != actual.len() {
                return report(format!("had {} elements in the plan, but now {}", planned.len(), actual.len()));
            }
            for (index, (planned, actual)) in planned.iter().zip(actual).enumerate() {
                value(planned, actual, &path.clone().index(index), sensitive, violations);
            }
        }
        (Value::Map(planned), Value::Map(actual)) => {
            if !planned.keys().eq(actual.keys()) {
                return report("has other keys than in the plan".to_owned());
            }
            for (key, planned) in planned {
                let actual = actual.get(key).unwrap_or(&Value::Null);
                value(planned, actual, &path.clone().key(key), sensitive, violations);
            }
        }
        (Value::Set(planned), Value::Set(actual)) => {
            // Unknown elements may turn out to be equal, so a set may shrink. Every applied element must match a
            // planned one, and every planned element an applied one.
            let has_more = actual.len() > planned.len();
            let has_added = actual.iter().any(|actual| !planned.iter().any(|planned| is_compatible(planned, actual)));
            let has_removed = planned.iter().any(|planned| !actual.iter().any(|actual| is_compatible(planned, actual)));
            if has_more || has_added || has_removed {
                report("has other elements than in the plan".to_owned());
            }
        }
        (Value::Dynamic(planned), Value::Dynamic(actual)) => {
            value(&planned.1, &actual.1, path, sensitive, violations);
        }
        (planned, actual) if planned == actual => {}
        (planned, actual) => {
            report(format!("was {} in the plan, but is now {}", shown(planned, sensitive), shown(actual, sensitive)));
        }
    }
}

fn is_compatible(planned: &Value, actual: &Value) -> bool {
    let mut violations = Vec::new();
    value(planned, actual, &Path::root(), true, &mut violations);
    violations.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(planned: &Value, actual: &Value) -> Vec<String> {
        let mut violations = Vec::new();
        value(planned, actual, &Path::attribute("a"), false, &mut violations);
        violations.into_iter().map(|violation| format!("{} {}", violation.path, violation.problem)).collect()
    }

    #[test]
    fn accepts_any_value_for_an_unknown_planned_value() {
        assert!(differences(&Value::Unknown, &"x".into()).is_empty());
        assert!(differences(&Value::Unknown, &Value::Null).is_empty());
    }

    #[test]
    fn rejects_a_changed_value_for_a_known_planned_value() {
        assert_eq!(differences(&"x".into(), &"y".into()), ["a was \"x\" in the plan, but is now \"y\""]);
        assert_eq!(differences(&Value::Null, &"y".into()), ["a was null in the plan, but is now \"y\""]);
    }

    #[test]
    fn rejects_added_and_removed_elements() {
        let list = |elements: &[&str]| Value::List(elements.iter().map(|element| (*element).into()).collect());

        assert_eq!(differences(&list(&["x"]), &list(&["x", "y"])), ["a had 1 elements in the plan, but now 2"]);
    }

    #[test]
    fn accepts_fewer_set_elements_if_some_were_unknown() {
        let planned = Value::Set(vec!["x".into(), Value::Unknown]);

        assert!(differences(&planned, &Value::Set(vec!["x".into()])).is_empty());
        assert!(differences(&planned, &Value::Set(vec!["x".into(), "y".into()])).is_empty());
        assert_eq!(differences(&planned, &Value::Set(vec!["x".into(), "y".into(), "z".into()])).len(), 1);
        assert_eq!(differences(&Value::Set(vec!["x".into()]), &Value::Set(vec![])).len(), 1);
    }
}
