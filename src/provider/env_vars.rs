//! The environment variables of the process as a map, so that tests do not depend on the real ones.

use std::collections::BTreeMap;
use std::fmt;

use crate::azure::credential::{Setting, Source, cleaning};

/// Environment variables with a value. An empty variable counts as not set, because CI systems set variables to an
/// empty value. A blank variable also counts as not set, unless it is a password.
///
/// `Debug` shows only the names, because some of the values are secrets.
#[derive(Clone, Default)]
pub struct EnvVars {
    variables: BTreeMap<String, String>,
}

impl EnvVars {
    /// The environment of this process. Variables that are not Unicode are left out.
    #[must_use]
    pub fn from_process() -> Self {
        // On Windows, the names of variables are case-insensitive.
        let normalized = |name: String| if cfg!(windows) { name.to_ascii_uppercase() } else { name };
        std::env::vars_os()
            .filter_map(|(name, value)| Some((normalized(name.into_string().ok()?), value.into_string().ok()?)))
            .collect()
    }

    /// The first of these variables that is set.
    pub(super) fn string(&self, names: &[&str]) -> Option<Setting<String>> {
        self.all(names).next()
    }

    /// All of these variables that are set.
    pub(super) fn all<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = Setting<String>> + 'a {
        self.unchanged(names).filter(|setting| !cleaning::value(&setting.value).is_empty())
    }

    /// The first of these variables that is not empty, even if it is blank.
    pub(super) fn text(&self, names: &[&str]) -> Option<Setting<String>> {
        self.unchanged(names).next()
    }

    fn unchanged<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = Setting<String>> + 'a {
        names.iter().filter_map(|name| Some(Setting::new(self.variables.get(*name)?.clone(), Source::variable(name))))
    }

    /// The first of these variables that is set, as a boolean: `true`, `t`, `1`, `false`, `f` or `0` in any case.
    pub(super) fn bool(&self, names: &[&str]) -> Result<Option<Setting<bool>>, InvalidBool> {
        let Some(Setting { value, source }) = self.string(names) else { return Ok(None) };
        match cleaning::value(&value).to_ascii_lowercase().as_str() {
            "1" | "t" | "true" => Ok(Some(Setting::new(true, source))),
            "0" | "f" | "false" => Ok(Some(Setting::new(false, source))),
            _ => Err(InvalidBool { value, origin: source.to_string() }),
        }
    }

    /// The first of these variables that is set, split at each `;`. Empty items are left out.
    pub(super) fn list(&self, names: &[&str]) -> Option<Setting<Vec<String>>> {
        let Setting { value, source } = self.string(names)?;
        let items =
            cleaning::value(&value).split(';').map(cleaning::value).filter(|item| !item.is_empty()).map(str::to_owned);
        Some(Setting::new(items.collect(), source))
    }
}

impl fmt::Debug for EnvVars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for EnvVars {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { variables: variables.filter(|(_, value): &(String, String)| !value.is_empty()).collect() }
    }
}

/// The error about a variable that is not a boolean.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{value:?} from {origin} is not a boolean. Possible values are true, t, 1, false, f and 0, in any case.")]
pub(super) struct InvalidBool {
    /// The value that was found.
    pub(super) value: String,
    /// The source of the value.
    pub(super) origin: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(variables: &[(&str, &str)]) -> EnvVars {
        variables.iter().copied().collect()
    }

    #[test]
    fn first_non_empty_variable_applies() {
        let env = env(&[("A", "  "), ("B", "b"), ("C", "c")]);

        let found = env.string(&["A", "B", "C"]).expect("B is set");

        assert_eq!((found.value.as_str(), found.source), ("b", Source::variable("B")));
        assert_eq!(env.text(&["A", "B"]).map(|setting| setting.value).as_deref(), Some("  "));
    }

    #[test]
    fn debug_output_hides_values() {
        assert_eq!(format!("{:?}", env(&[("ARM_CLIENT_SECRET", "s3cret")])), "{\"ARM_CLIENT_SECRET\"}");
    }

    #[test]
    fn parses_booleans_in_any_case() {
        for (text, expected) in [("true", true), ("TRUE", true), ("1", true), ("False", false), ("\"0\"\r", false)] {
            let found = env(&[("FLAG", text)]).bool(&["FLAG"]).expect("a boolean").expect("it is set");
            assert_eq!(found.value, expected, "{text}");
        }
    }

    #[test]
    fn an_invalid_boolean_names_the_variable() {
        let error = env(&[("FLAG", "yes please")]).bool(&["FLAG"]).expect_err("not a boolean");

        assert_eq!(
            error.to_string(),
            "\"yes please\" from the environment variable FLAG is not a boolean. Possible values are true, t, 1, false, f and 0, in any case."
        );
    }

    #[test]
    fn lists_are_separated_by_semicolons() {
        let list = env(&[("LIST", "a; b;;")]).list(&["LIST"]).expect("it is set");

        assert_eq!(list.value, ["a", "b"]);
    }
}
