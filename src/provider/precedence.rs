//! Decides which of several sources of a setting applies.
//!
//! A setting can come from arguments of the provider block and from environment variables, each as a value or as the
//! path of a file. The first [`Level`] with a source overrides all later levels: an argument with the path of a file
//! overrides a variable with a value. An empty argument overrides the variables too.

use uuid::Uuid;

use crate::azure::credential::{Level, Setting, Source, cleaning};

/// One source that is set.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) form: SourceForm,
    pub(super) setting: Setting<String>,
}

/// The meaning of a candidate's text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum SourceForm {
    /// The value itself.
    Value,
    /// The path of a file that contains the value.
    File,
}

/// The sources that apply. Both are `None` if no source is set, or if an empty argument overrides the others.
#[derive(Clone, Debug, Default)]
pub(super) struct Decision {
    pub(super) value: Option<Setting<String>>,
    pub(super) file: Option<Setting<String>>,
}

/// Two sources with different values.
#[derive(Debug)]
pub(super) struct Contradiction {
    pub(super) one: Source,
    pub(super) other: Source,
}

/// Decides between the candidates of one setting. If a level has several variables, the first one applies.
///
/// # Errors
/// Two arguments of the provider block with different values.
pub(super) fn decide(candidates: Vec<Candidate>) -> Result<Decision, Contradiction> {
    let level = candidates.iter().map(|candidate| candidate.setting.source.level()).min();
    let mut decided = Decision::default();
    for Candidate { form, setting } in candidates {
        if Some(setting.source.level()) != level || cleaning::value(&setting.value).is_empty() {
            continue;
        }
        let first = match form {
            SourceForm::Value => &mut decided.value,
            SourceForm::File => &mut decided.file,
        };
        match first {
            None => *first = Some(setting),
            Some(first) if level == Some(Level::Argument) && !is_same(&first.value, &setting.value) => {
                return Err(Contradiction { one: first.source.clone(), other: setting.source });
            }
            Some(_) => {}
        }
    }
    Ok(decided)
}

/// Whether two values are equal. GUIDs are not case-sensitive.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    one == other || Uuid::parse_str(one).is_ok_and(|one| Uuid::parse_str(other).is_ok_and(|other| one == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(form: SourceForm, source: Source, value: &str) -> Candidate {
        Candidate { form, setting: Setting::new(value.to_owned(), source) }
    }

    /// The names of the sources of the value and the file that apply.
    fn decided(candidates: &[(SourceForm, Source, &str)]) -> (Option<String>, Option<String>) {
        let candidates =
            candidates.iter().map(|(form, source, value)| candidate(*form, source.clone(), value)).collect();
        let Decision { value, file } = decide(candidates).expect("no contradiction");
        let name = |setting: Option<Setting<String>>| {
            setting.map(|setting| match setting.source {
                Source::Argument(name) | Source::Variable(name) => name,
            })
        };
        (name(value), name(file))
    }

    fn some(name: &str) -> Option<String> {
        Some(name.to_owned())
    }

    const VALUE: SourceForm = SourceForm::Value;
    const FILE: SourceForm = SourceForm::File;

    #[test]
    fn file_argument_overrides_a_value_variable() {
        let (file, arm, azure) =
            (Source::argument("c_file_path"), Source::variable("ARM_C"), Source::variable("AZURE_C"));

        let all = [(VALUE, arm, "a"), (VALUE, azure, "b"), (FILE, file, "/f")];

        assert_eq!(decided(&all), (None, some("c_file_path")));
    }

    #[test]
    fn arm_file_variable_overrides_another_value_variable() {
        let (file, other) = (Source::variable("ARM_C_FILE_PATH"), Source::variable("AZURE_C"));

        assert_eq!(decided(&[(VALUE, other, "b"), (FILE, file, "/f")]), (None, some("ARM_C_FILE_PATH")));
    }

    #[test]
    fn value_and_file_of_one_level_both_apply() {
        let (value, file) = (Source::variable("ARM_C"), Source::variable("ARM_C_FILE_PATH"));

        assert_eq!(decided(&[(VALUE, value, "a"), (FILE, file, "/f")]), (some("ARM_C"), some("ARM_C_FILE_PATH")));
    }

    #[test]
    fn empty_argument_overrides_the_variables() {
        let (argument, file) = (Source::argument("c"), Source::variable("ARM_C_FILE_PATH"));

        assert_eq!(decided(&[(VALUE, argument, ""), (FILE, file, "/f")]), (None, None));
    }

    #[test]
    fn rejects_two_arguments_with_different_values() {
        let arguments = |other| {
            vec![candidate(VALUE, Source::argument("one"), "a"), candidate(VALUE, Source::argument("other"), other)]
        };

        let contradiction = decide(arguments("b")).expect_err("different values");

        assert_eq!((contradiction.one, contradiction.other), (Source::argument("one"), Source::argument("other")));
        decide(arguments("a")).expect("the same value");
    }

    #[test]
    fn compares_guids_without_case() {
        assert!(is_same("0D7E5A31-94C2-4B8F-A6D0-5C1B3E9F7A24", " 0d7e5a31-94c2-4b8f-a6d0-5c1b3e9f7a24"));
        assert!(!is_same("Secret", "secret"));
    }

    #[test]
    fn first_variable_of_a_level_applies() {
        let (first, second) = (Source::variable("ARM_A"), Source::variable("ARM_B"));

        assert_eq!(decided(&[(VALUE, first, "a"), (VALUE, second, "b")]).0, some("ARM_A"));
    }
}
