//! Checks that a plan matches its configuration: the provider may set only attributes that the configuration does not
//! set.

use super::{Violation, shown};
use crate::framework::engine::walk::{at_index, at_key};
use crate::framework::schema::{AttributeSpec, Mode, Nested, Nesting};
use crate::framework::value::{Path, Value};

/// The violations for which Terraform would reject the plan.
pub(in crate::framework) fn plan_matches_config(
    specs: &[AttributeSpec],
    prior: &Value,
    config: &Value,
    planned: &Value,
) -> Vec<Violation> {
    let mut check = Check { is_secret: false, violations: Vec::new() };
    check.object(specs, prior, config, planned, &Path::root());
    check.violations
}

struct Check {
    /// Whether an enclosing object is sensitive.
    is_secret: bool,
    violations: Vec<Violation>,
}

impl Check {
    fn object(&mut self, specs: &[AttributeSpec], prior: &Value, config: &Value, planned: &Value, path: &Path) {
        if planned.is_null() || config.is_null() {
            if planned.is_null() != config.is_null() {
                self.report(path, "is set in only one of plan and configuration");
            }
            return;
        }
        if planned.is_unknown() || config.is_unknown() {
            if planned.is_unknown() != config.is_unknown() {
                self.report(path, "is unknown in one of plan and configuration only");
            }
            return;
        }
        for spec in specs {
            let path = path.clone().child(spec.name);
            let (prior, config, planned) =
                (prior.attribute(spec.name), config.attribute(spec.name), planned.attribute(spec.name));
            let outer = self.is_secret;
            self.is_secret |= spec.sensitive;
            match (spec.block, spec.nested()) {
                (Some(_), Some(nested)) => self.block(nested, prior, config, planned, &path),
                _ => self.attribute(spec, prior, config, planned, &path),
            }
            self.is_secret = outer;
        }
    }

    fn attribute(&mut self, spec: &AttributeSpec, prior: &Value, config: &Value, planned: &Value, path: &Path) {
        if spec.write_only {
            if !planned.is_null() {
                self.report(path, "is write-only and has a value in the plan");
            }
            return;
        }
        let is_suppressed = planned == prior && !prior.is_null() && !config.is_null();
        let is_computed = spec.mode == Mode::Computed || (spec.mode.is_computed() && config.is_null());
        if planned == config || is_suppressed || is_computed {
            return;
        }
        if config.is_null() {
            let planned = shown(planned, self.is_secret);
            return self.report(path, format!("is not configured and not computed, and is planned as {planned}"));
        }
        if let Some(nested) = spec.nested() {
            return self.nested(nested, prior, config, planned, path);
        }
        let (planned, config) = (shown(planned, self.is_secret), shown(config, self.is_secret));
        self.report(path, format!("is configured as {config} and planned as {planned}"));
    }

    fn block(&mut self, nested: &Nested, prior: &Value, config: &Value, planned: &Value, path: &Path) {
        if nested.nesting != Nesting::Single && (planned.is_null() || config.is_null()) {
            return self.report(path, "is a block and null; a block that is not set must be empty");
        }
        self.nested(nested, prior, config, planned, path);
    }

    fn nested(&mut self, nested: &Nested, prior: &Value, config: &Value, planned: &Value, path: &Path) {
        let specs = &nested.attributes;
        match (config, planned) {
            (Value::List(configs), Value::List(objects)) if configs.len() == objects.len() => {
                for (index, (config, planned)) in configs.iter().zip(objects).enumerate() {
                    self.object(specs, at_index(prior, index), config, planned, &path.clone().index(index));
                }
            }
            (Value::Map(configs), Value::Map(objects)) if configs.keys().eq(objects.keys()) => {
                for (key, config) in configs {
                    self.object(specs, at_key(prior, key), config, at_key(planned, key), &path.clone().key(key));
                }
            }
            // Elements of a set have no key, so the check only compares their number.
            (Value::Set(configs), Value::Set(objects)) if configs.len() == objects.len() => {
                if objects.iter().any(Value::is_unknown) && configs.iter().all(|config| !config.is_unknown()) {
                    self.report(path, "has elements that are unknown in the plan only");
                }
            }
            (Value::List(_) | Value::Map(_) | Value::Set(_), Value::List(_) | Value::Map(_) | Value::Set(_)) => {
                self.report(path, "has other elements in the plan than in the configuration");
            }
            (config, planned) => self.object(specs, prior, config, planned, path),
        }
    }

    fn report(&mut self, path: &Path, problem: impl Into<String>) {
        self.violations.push(Violation::new(path, problem));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::nested_object;
    use crate::framework::schema::{Attribute, Schema};

    const NAME: Attribute<String> = Attribute::required("name").description("x");
    const LABEL: Attribute<Option<String>> = Attribute::optional("label").description("x");
    const SIZE: Attribute<Option<i64>> = Attribute::optional_computed("size").description("x");
    const ID: Attribute<String> = Attribute::computed("id").description("x");
    const TOKEN: Attribute<Option<String>> = Attribute::write_only("token").description("x");

    fn violations(prior: &[(&str, Value)], config: &[(&str, Value)], planned: &[(&str, Value)]) -> Vec<String> {
        let schema =
            Schema::new("").attribute(&NAME).attribute(&LABEL).attribute(&SIZE).attribute(&ID).attribute(&TOKEN);
        let object = |attributes: &[(&str, Value)]| Value::object(attributes.iter().cloned());
        let prior = if prior.is_empty() { Value::Null } else { object(prior) };
        let found = plan_matches_config(schema.specs(), &prior, &object(config), &object(planned));
        found.into_iter().map(|violation| format!("{} {}", violation.path, violation.problem)).collect()
    }

    #[test]
    fn rejects_a_planned_value_that_differs_from_the_config() {
        assert_eq!(violations(&[], &[("name", "a".into())], &[("name", "a".into())]), Vec::<String>::new());
        assert_eq!(
            violations(&[], &[("name", "a".into())], &[("name", "A".into())]),
            ["name is configured as \"a\" and planned as \"A\""]
        );
    }

    #[test]
    fn accepts_the_prior_value_instead_of_the_configured_one() {
        let prior = [("name", "A".into())];

        assert!(violations(&prior, &[("name", "a".into())], &[("name", "A".into())]).is_empty());
    }

    #[test]
    fn accepts_any_value_for_a_null_computed_attribute() {
        let config = [("name", "a".into())];

        assert!(
            violations(&[], &config, &[("name", "a".into()), ("size", 5.into()), ("id", Value::Unknown)]).is_empty()
        );
    }

    #[test]
    fn rejects_an_unknown_value_for_a_configured_one() {
        let config = [("name", "a".into()), ("size", 5.into())];

        assert_eq!(violations(&[], &config, &[("name", "a".into()), ("size", Value::Unknown)]).len(), 1);
    }

    #[test]
    fn rejects_a_value_for_a_null_attribute_that_is_not_computed() {
        let planned = [("name", "a".into()), ("label", "b".into())];

        assert_eq!(
            violations(&[], &[("name", "a".into())], &planned),
            ["label is not configured and not computed, and is planned as \"b\""]
        );
    }

    #[test]
    fn rejects_planned_write_only_values() {
        let both = [("name", "a".into()), ("token", "t".into())];

        assert_eq!(violations(&[], &both, &both), ["token is write-only and has a value in the plan"]);
    }

    #[test]
    fn hides_sensitive_values_and_their_nested_values() {
        nested_object! {
            struct Login {
                password: String = Attribute::required("password").description("x"),
            }
        }
        const LOGIN: Attribute<Option<Login>> = Attribute::optional("login").description("x").sensitive();
        let schema = Schema::new("").attribute(&LOGIN);
        let object = |password: &str| Value::object([("login", Value::object([("password", password.into())]))]);

        let found = plan_matches_config(schema.specs(), &Value::Null, &object("one"), &object("two"));

        assert_eq!(found[0].problem, "is configured as a string and planned as a string");
    }
}
