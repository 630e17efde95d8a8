//! Version constraints in Terraform's syntax, for example `>= 3.0.0, < 4.0.0`.
//!
//! A constraint is a comma-separated list of conditions, which must all hold. The operators are `=` (or none), `!=`,
//! `>`, `>=`, `<`, `<=` and `~>`. The rules are those of Terraform and OpenTofu for module versions: a pre-release only
//! meets `=` with exactly that version. An acceptance test compares the rules with both programs.

use std::fmt;
use std::str::FromStr;

use super::{SolutionVersion, VersionError};
use crate::framework::{AttributeValue, Invalid, Shape, Type, Value};

/// A list of conditions on a version. Displays the original text.
#[derive(Clone, Debug)]
pub struct VersionConstraint {
    text: String,
    conditions: Vec<Condition>,
}

impl VersionConstraint {
    /// Parses a constraint.
    pub fn parse(text: &str) -> Result<Self, ConstraintError> {
        let conditions = text
            .split(',')
            .map(|condition| {
                Condition::parse(condition)
                    .map_err(|cause| ConstraintError { condition: condition.trim().to_owned(), cause })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { text: text.trim().to_owned(), conditions })
    }

    /// Whether `version` meets every condition.
    pub fn is_satisfied_by(&self, version: &SolutionVersion) -> bool {
        self.conditions.iter().all(|condition| condition.is_satisfied_by(version))
    }
}

impl FromStr for VersionConstraint {
    type Err = ConstraintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for VersionConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl AttributeValue for VersionConstraint {
    fn shape() -> Shape {
        Shape::Type(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let text = String::from_value(value)?;
        Self::parse(&text).map_err(|error| {
            Invalid::new(
                "Invalid version constraint",
                format!(
                    "{error}.\n\nExpected one or more conditions separated by commas, each an operator (=, !=, >, >=, <, <=, ~>) \
                     and a version, for example \">= 3.0.0, < 4.0.0\" or \"~> 3.0\"."
                ),
            )
        })
    }

    fn into_value(self) -> Value {
        Value::String(self.text)
    }
}

/// A string that is not a constraint.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("\"{condition}\" is not a condition on a version: {cause}")]
pub struct ConstraintError {
    /// The invalid condition, without surrounding spaces.
    pub condition: String,
    /// The problem.
    pub cause: ConditionError,
}

/// The problem of a condition.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ConditionError {
    /// The condition is empty.
    #[error("it is empty")]
    Empty,
    /// The operator is unknown, for example `=>` or `^`.
    #[error("\"{operator}\" is not an operator")]
    UnknownOperator {
        /// The text before the version.
        operator: String,
    },
    /// The text after the operator is not a version.
    #[error(transparent)]
    Version(#[from] VersionError),
}

/// Terraform pads a version with zeros to this number of segments.
const MINIMUM_SEGMENTS: usize = 3;

#[derive(Clone, Debug)]
struct Condition {
    operator: Operator,
    version: SolutionVersion,
}

impl Condition {
    fn parse(text: &str) -> Result<Self, ConditionError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ConditionError::Empty);
        }
        let start = text.find(|c: char| c.is_ascii_alphanumeric() || c.is_whitespace()).unwrap_or(text.len());
        let (operator, version) = text.split_at(start);
        Ok(Self { operator: Operator::parse(operator)?, version: SolutionVersion::parse(version)? })
    }

    fn is_satisfied_by(&self, version: &SolutionVersion) -> bool {
        let bound = &self.version;
        match self.operator {
            Operator::Equal => version == bound,
            // A pre-release meets no other condition.
            _ if version.is_prerelease() => false,
            Operator::NotEqual => version != bound,
            Operator::Greater => version > bound,
            Operator::GreaterOrEqual => version >= bound,
            Operator::Less => version < bound,
            Operator::LessOrEqual => version <= bound,
            Operator::Pessimistic => self.is_pessimistically_satisfied_by(version),
        }
    }

    /// With `~> 3.0.1`, only the last segment of the bound may increase. The version must have that segment; Terraform
    /// pads versions to three segments. No version meets `~>` with a pre-release.
    fn is_pessimistically_satisfied_by(&self, version: &SolutionVersion) -> bool {
        let bound = &self.version;
        let fixed = bound.segment_count() - 1;
        !bound.is_prerelease()
            && bound.segment_count() <= version.segment_count().max(MINIMUM_SEGMENTS)
            && version >= bound
            && (0..fixed).all(|index| version.segment(index) == bound.segment(index))
    }
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Pessimistic,
}

impl Operator {
    fn parse(text: &str) -> Result<Self, ConditionError> {
        Ok(match text {
            "" | "=" => Self::Equal,
            "!=" => Self::NotEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            "~>" => Self::Pessimistic,
            other => return Err(ConditionError::UnknownOperator { operator: other.to_owned() }),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::content_hub::version::tests::any_version;

    fn holds(constraint: &str, version: &str) -> bool {
        let version = SolutionVersion::parse(version).expect("a version of the test");
        VersionConstraint::parse(constraint).expect("a constraint of the test").is_satisfied_by(&version)
    }

    #[test]
    fn each_operator_selects_its_versions() {
        // constraint, versions that meet it, versions that do not
        let table: [(&str, &[&str], &[&str]); 15] = [
            ("3.0.0", &["3.0.0", "3.0"], &["3.0.1"]),
            ("= 3.0", &["3.0.0"], &["3.0.1"]),
            ("!= 3.0.1", &["3.0.0"], &["3.0.1"]),
            ("> 3.0.0", &["3.0.1", "10"], &["3.0.0", "2.9"]),
            (">=3.0.0", &["3.0.0", "3.0.3"], &["2.0.1"]),
            ("< 4", &["3.9.9"], &["4.0.0"]),
            ("<= 4", &["4.0.0"], &["4.0.1"]),
            ("~> 3.0.1", &["3.0.1", "3.0.9"], &["3.0.0", "3.1.0"]),
            ("~> 3.0", &["3.0.0", "3.9.0"], &["4.0.0", "2.9"]),
            ("~> 3", &["3.0.0", "4.0.0"], &["2.9"]),
            ("~> 1.0.0.2", &["1.0.0.2", "1.0.0.3"], &["1.0.0", "1.0.1"]),
            ("~> 1.0.0.0", &["1.0.0.0", "1.0.0.1"], &["1.0.0", "1", "1.0.1.0"]),
            (">= 3.0.0, < 4.0.0", &["3.0.3"], &["2.0.1", "4.0.0"]),
            (" >= 3.0.0 ,!= 3.0.2 ", &["3.0.3"], &["3.0.2"]),
            (">= v3.0.0", &["3.0.0"], &["2.0.0"]),
        ];
        for (constraint, met_by, not_met_by) in table {
            for version in met_by {
                assert!(holds(constraint, version), "{version} should meet {constraint}");
            }
            for version in not_met_by {
                assert!(!holds(constraint, version), "{version} should not meet {constraint}");
            }
        }
    }

    #[test]
    fn prerelease_satisfies_only_its_exact_version() {
        let table = [
            ("3.1.0-beta", "3.1.0-beta", true),
            ("= 3.1-beta", "3.1.0-beta", true),
            ("= 3.1.0-alpha", "3.1.0-beta", false),
            ("= 3.1.0", "3.1.0-beta", false),
            ("!= 3.1.0", "3.1.0-beta", false),
            (">= 3.0.0", "3.1.0-beta", false),
            (">= 3.1.0-alpha", "3.1.0-beta", false),
            ("< 4.0.0", "3.1.0-beta", false),
            ("<= 3.1.0-beta", "3.1.0-beta", false),
            ("~> 3.1.0-alpha", "3.1.0-beta", false),
            ("= 3.1.0-beta, >= 3.0.0", "3.1.0-beta", false),
        ];
        for (constraint, version, expected) in table {
            assert_eq!(holds(constraint, version), expected, "{constraint} and {version}");
        }
    }

    #[test]
    fn compares_releases_with_a_prerelease_bound() {
        let table = [
            (">= 3.1.0-alpha", "3.1.0", true),
            (">= 3.1.0-alpha", "3.0.9", false),
            ("> 3.1.0-alpha", "3.1.0", true),
            ("< 3.1.0-alpha", "3.0.9", true),
            ("<= 3.1.0-alpha", "3.1.0", false),
            ("!= 3.1.0-alpha", "3.1.0", true),
            ("~> 3.1.0-alpha", "3.1.0", false),
            ("~> 3.1.0-alpha", "3.1.1", false),
        ];
        for (constraint, version, expected) in table {
            assert_eq!(holds(constraint, version), expected, "{constraint} and {version}");
        }
    }

    #[test]
    fn displays_the_original_text() {
        let constraint = VersionConstraint::parse(" >=3.0,  < 4 ").expect("a constraint");

        assert_eq!(constraint.to_string(), ">=3.0,  < 4");
    }

    #[test]
    fn reports_the_invalid_condition() {
        let error = |text| VersionConstraint::parse(text).expect_err("not a constraint").to_string();
        assert_eq!(error(">= 3.0.0, => 4"), "\"=> 4\" is not a condition on a version: \"=>\" is not an operator");
        assert_eq!(error(">= 3.0.0,"), "\"\" is not a condition on a version: it is empty");
        assert!(error(">= latest").contains("\"latest\" is not a version"));
    }

    proptest! {
        #[test]
        fn complementary_operators_exclude_each_other(version in any_version(), bound in any_version()) {
            prop_assume!(!version.is_prerelease());
            for (one, other) in [("=", "!="), (">", "<="), ("<", ">=")] {
                prop_assert_ne!(holds(&format!("{one} {bound}"), version.as_str()), holds(&format!("{other} {bound}"), version.as_str()));
            }
        }

        #[test]
        fn pessimistic_operator_equals_a_range(version in any_version(), bound in any_version()) {
            prop_assume!(!version.is_prerelease() && !bound.is_prerelease());
            prop_assume!((2..=version.segment_count().max(3)).contains(&bound.segment_count()));
            let last = bound.segment_count() - 2;
            let ceiling = (0..=last).map(|i| (bound.segment(i) + u64::from(i == last)).to_string()).collect::<Vec<_>>().join(".");
            prop_assert_eq!(
                holds(&format!("~> {bound}"), version.as_str()),
                holds(&format!(">= {bound}, < {ceiling}"), version.as_str())
            );
        }

        #[test]
        fn arbitrary_text_does_not_panic(text in ".*") {
            let _ = VersionConstraint::parse(&text);
        }
    }
}
