//! Rules for the value of one attribute. The validation checks them, and the documentation lists them.

use super::invalid::Invalid;
use crate::framework::value::{Number, Path, Value};

/// A rule for a value. Null and unknown values are not checked.
#[derive(Clone, Copy, Debug)]
pub enum Validator {
    /// The text or collection is not empty.
    NonEmpty,
    /// The text has at least and at most these numbers of characters.
    Length(usize, usize),
    /// The text is one of these texts.
    OneOf(&'static [&'static str]),
    /// The text is one of these texts, ignoring case.
    OneOfIgnoringCase(&'static [&'static str]),
    /// The number is at least the first and at most the second number.
    Between(i64, i64),
    /// The collection has at least and at most these numbers of elements.
    Items(usize, usize),
    /// The text has this pattern.
    Pattern(Pattern),
    /// Every element of the list, set or map follows a rule.
    Each(&'static Self),
    /// The value follows a custom rule.
    Custom(Custom),
}

/// A rule for text.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// The end of the sentence "Must be …". If it starts with "not", it is the end of "Must …".
    pub expected: &'static str,
    /// An example of a valid text.
    pub example: &'static str,
    /// Whether a text is valid.
    pub accepts: fn(&str) -> bool,
}

/// A custom rule.
#[derive(Clone, Copy, Debug)]
pub struct Custom {
    /// The end of the sentence "Must be …".
    pub expected: &'static str,
    /// Checks a value. The error says what is wrong.
    pub check: fn(&Value) -> Result<(), String>,
}

impl Validator {
    /// Creates a [`Validator::Pattern`].
    #[must_use]
    pub const fn pattern(expected: &'static str, example: &'static str, accepts: fn(&str) -> bool) -> Self {
        Self::Pattern(Pattern { expected, example, accepts })
    }

    /// The end of the sentence "Must be …", or of "Must …" if it starts with "not".
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            Self::NonEmpty => "not be empty".to_owned(),
            Self::Length(least, most) => format!("{} characters long", range(least, most)),
            Self::OneOf(texts) => format!("one of {}", quoted(texts)),
            Self::OneOfIgnoringCase(texts) => format!("one of {}, in any case", quoted(texts)),
            Self::Between(least, most) => format!("from {least} to {most}"),
            Self::Items(1, usize::MAX) => "at least 1 element".to_owned(),
            Self::Items(least, most) => format!("{} elements", range(least, most)),
            Self::Pattern(pattern) => pattern.expected.to_owned(),
            Self::Each(validator) => format!("elements that {}", must(&validator.expected())),
            Self::Custom(custom) => custom.expected.to_owned(),
        }
    }

    /// The rule as a sentence without a period: "Must be …" or "Must not …".
    #[must_use]
    pub fn requirement(&self) -> String {
        match self {
            Self::Each(validator) => format!("Each element {}", must(&validator.expected())),
            _ => sentence(&self.expected()),
        }
    }

    /// Checks a wholly known value.
    pub(in crate::framework) fn check(&self, value: &Value) -> Result<(), Invalid> {
        if value.is_null() {
            return Ok(());
        }
        let holds = match (self, value) {
            (Self::NonEmpty, Value::String(text)) => !text.is_empty(),
            (Self::NonEmpty, value) => count(value) != Some(0),
            (Self::Length(least, most), Value::String(text)) => (*least..=*most).contains(&text.chars().count()),
            (Self::OneOf(texts), Value::String(text)) => texts.contains(&text.as_str()),
            (Self::OneOfIgnoringCase(texts), Value::String(text)) => {
                texts.iter().any(|accepted| accepted.eq_ignore_ascii_case(text))
            }
            (Self::Between(least, most), Value::Number(number)) => {
                (Number::from(*least)..=Number::from(*most)).contains(number)
            }
            (Self::Items(least, most), value) => count(value).is_none_or(|count| (*least..=*most).contains(&count)),
            (Self::Pattern(pattern), Value::String(text)) => {
                return if (pattern.accepts)(text) { Ok(()) } else { Err(pattern.error(text)) };
            }
            (Self::Each(validator), value) => return each(validator, value),
            (Self::Custom(custom), value) => {
                return (custom.check)(value).map_err(|problem| {
                    Invalid::new("Invalid value", format!("{problem} {}.", sentence(custom.expected)))
                });
            }
            _ => true,
        };
        if holds { Ok(()) } else { Err(self.error(value)) }
    }

    fn error(&self, value: &Value) -> Invalid {
        let found = match value {
            Value::String(text) => format!("{text:?}"),
            Value::Number(number) => number.to_string(),
            value => count(value).map_or_else(|| value.kind().to_owned(), |count| format!("{count} elements")),
        };
        Invalid::new("Invalid value", format!("{}, found {found}.", self.requirement()))
    }
}

impl Pattern {
    fn error(&self, text: &str) -> Invalid {
        let Self { expected, example, .. } = self;
        Invalid::new("Invalid value", format!("{}, found {text:?}. An example: {example:?}.", sentence(expected)))
    }
}

fn each(validator: &Validator, value: &Value) -> Result<(), Invalid> {
    match value {
        Value::List(values) => values.iter().enumerate().try_for_each(|(index, value)| {
            validator.check(value).map_err(|invalid| invalid.within(Path::root().index(index)))
        }),
        Value::Set(values) => values.iter().try_for_each(|value| validator.check(value)),
        Value::Map(values) => values.iter().try_for_each(|(key, value)| {
            validator.check(value).map_err(|invalid| invalid.within(Path::root().key(key)))
        }),
        _ => Ok(()),
    }
}

fn count(value: &Value) -> Option<usize> {
    match value {
        Value::List(values) | Value::Set(values) => Some(values.len()),
        Value::Map(values) => Some(values.len()),
        _ => None,
    }
}

fn range(least: &usize, most: &usize) -> String {
    match (*least, *most) {
        (least, usize::MAX) => format!("at least {least}"),
        (0, most) => format!("at most {most}"),
        (least, most) if least == most => format!("exactly {least}"),
        (least, most) => format!("{least} to {most}"),
    }
}

fn quoted(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", ")
}

fn sentence(expected: &str) -> String {
    format!("M{}", &must(expected)[1..])
}

fn must(expected: &str) -> String {
    if expected.starts_with("not ") { format!("must {expected}") } else { format!("must be {expected}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(validator: Validator, value: impl Into<Value>) -> Option<String> {
        validator.check(&value.into()).err().map(|invalid| invalid.detail)
    }

    #[test]
    fn accepts_null() {
        assert_eq!(error_of(Validator::NonEmpty, Value::Null), None);
    }

    #[test]
    fn length_counts_characters_and_not_bytes() {
        assert_eq!(error_of(Validator::Length(1, 2), "éé"), None);
        assert_eq!(
            error_of(Validator::Length(1, 2), "abc").as_deref(),
            Some("Must be 1 to 2 characters long, found \"abc\".")
        );
    }

    #[test]
    fn one_of_lists_the_possible_values() {
        assert_eq!(error_of(Validator::OneOfIgnoringCase(&["Low", "High"]), "HIGH"), None);
        assert_eq!(
            error_of(Validator::OneOf(&["Low", "High"]), "low").as_deref(),
            Some("Must be one of \"Low\", \"High\", found \"low\".")
        );
    }

    #[test]
    fn compares_numbers_exactly() {
        let just_above = Value::Number(Number::parse("5.00000000000000000001").expect("a number"));

        assert_eq!(error_of(Validator::Between(1, 5), 5), None);
        assert_eq!(
            error_of(Validator::Between(1, 5), just_above).as_deref(),
            Some("Must be from 1 to 5, found 5.00000000000000000001.")
        );
    }

    #[test]
    fn counts_collection_elements() {
        assert_eq!(
            error_of(Validator::Items(1, usize::MAX), Value::List(vec![])).as_deref(),
            Some("Must be at least 1 element, found 0 elements.")
        );
        assert!(error_of(Validator::NonEmpty, Value::Set(vec![])).is_some());
    }

    #[test]
    fn every_requirement_is_a_full_sentence() {
        const NOT_BLANK: Validator = Validator::pattern("not be blank", "a", |text| !text.trim().is_empty());

        let sentences = [
            (Validator::NonEmpty, "Must not be empty"),
            (NOT_BLANK, "Must not be blank"),
            (Validator::Each(&NOT_BLANK), "Each element must not be blank"),
            (Validator::Each(&Validator::OneOf(&["a", "b"])), "Each element must be one of \"a\", \"b\""),
            (Validator::Items(1, usize::MAX), "Must be at least 1 element"),
        ];
        for (validator, sentence) in sentences {
            assert_eq!(validator.requirement(), sentence);
        }
        assert_eq!(error_of(Validator::NonEmpty, "").as_deref(), Some("Must not be empty, found \"\"."));
    }

    #[test]
    fn pattern_error_shows_an_example() {
        const HOUR: Validator =
            Validator::pattern("a number of hours", "4h", |text| text.ends_with('h') && text.len() > 1);

        assert_eq!(error_of(HOUR, "4h"), None);
        assert_eq!(
            error_of(HOUR, "4 days").as_deref(),
            Some("Must be a number of hours, found \"4 days\". An example: \"4h\".")
        );
    }

    #[test]
    fn validation_error_names_the_element() {
        let invalid = Validator::Each(&Validator::NonEmpty)
            .check(&Value::List(vec!["a".into(), "".into()]))
            .expect_err("the second element is empty");

        assert_eq!(invalid.path, Path::root().index(1));
    }
}
