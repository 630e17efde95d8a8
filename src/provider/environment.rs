//! The process environment as the provider sees it: a map, so that tests need no real variables.

use std::collections::BTreeMap;
use std::fmt;

use crate::azure::credential::Setting;

/// Environment variables that are set to something. One that is set to nothing (CI systems do that) counts as not set.
///
/// `Debug` shows their names only: among them are secrets, and not only our own.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// The environment of this process; variables that are not Unicode are left out.
    #[must_use]
    pub fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// The first of these variables that is set.
    pub(super) fn text(&self, names: &[&str]) -> Option<Setting<String>> {
        names.iter().find_map(|name| {
            let value = self.variables.get(*name)?.clone();
            Some(Setting::new(value, format!("the environment variable {name}")))
        })
    }

    /// The first of these variables that is set, as a switch: `true` or `false` in any case, or `1`, `0`, `t`, `f`.
    pub(super) fn switch(&self, names: &[&str]) -> Result<Option<Setting<bool>>, NotASwitch> {
        let Some(Setting { value, source }) = self.text(names) else { return Ok(None) };
        match value.trim().to_ascii_lowercase().as_str() {
            "1" | "t" | "true" => Ok(Some(Setting::new(true, source))),
            "0" | "f" | "false" => Ok(Some(Setting::new(false, source))),
            _ => Err(NotASwitch { value, variable: source }),
        }
    }

    /// The first of these variables that is set, as a list with `;` between its items; empty items are left out.
    pub(super) fn list(&self, names: &[&str]) -> Option<Setting<Vec<String>>> {
        let Setting { value, source } = self.text(names)?;
        let items = value.split(';').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned);
        Some(Setting::new(items.collect(), source))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { variables: variables.filter(|(_, value): &(String, String)| !value.trim().is_empty()).collect() }
    }
}

/// A variable that should be a switch and is something else.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("\"{value}\" is neither true nor false. It comes from {variable}; 1 and 0 are understood as well.")]
pub(super) struct NotASwitch {
    /// What was found.
    pub(super) value: String,
    /// Which variable.
    pub(super) variable: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().copied().collect()
    }

    #[test]
    fn the_first_variable_that_is_set_to_something_wins() {
        let environment = environment(&[("A", "  "), ("B", "b"), ("C", "c")]);

        let found = environment.text(&["A", "B", "C"]).expect("B is set");

        assert_eq!((found.value.as_str(), found.source.as_str()), ("b", "the environment variable B"));
    }

    #[test]
    fn what_a_variable_holds_is_not_shown() {
        assert_eq!(format!("{:?}", environment(&[("ARM_CLIENT_SECRET", "s3cret")])), "{\"ARM_CLIENT_SECRET\"}");
    }

    #[test]
    fn switches_are_read_in_any_case() {
        for (text, expected) in [("true", true), ("TRUE", true), ("1", true), ("False", false), ("0", false)] {
            let found = environment(&[("SWITCH", text)]).switch(&["SWITCH"]).expect("a switch").expect("it is set");
            assert_eq!(found.value, expected, "{text}");
        }
    }

    #[test]
    fn a_switch_that_is_none_names_the_variable() {
        let error = environment(&[("SWITCH", "yes please")]).switch(&["SWITCH"]).expect_err("no switch");

        assert_eq!(
            error.to_string(),
            "\"yes please\" is neither true nor false. It comes from the environment variable SWITCH; 1 and 0 are understood as well."
        );
    }

    #[test]
    fn lists_are_separated_by_semicolons() {
        let list = environment(&[("LIST", "a; b;;")]).list(&["LIST"]).expect("it is set");

        assert_eq!(list.value, ["a", "b"]);
    }
}
