//! The result of a check.

use crate::framework::{Attribute, nested_object};

use super::read_result::ReadFailure;

/// The status of a check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// The prerequisite is met.
    Passed,
    /// The prerequisite is not met.
    Failed,
    /// Nothing prevents the connection, but something needs attention.
    Warning,
    /// The prerequisite could not be checked.
    Unknown,
}

impl Status {
    /// The value of the attribute `status`.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Warning => "warning",
            Self::Unknown => "unknown",
        }
    }
}

/// A check with its result.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Check {
    /// The name, which must not change, because configurations refer to it.
    pub name: &'static str,
    /// The result.
    pub status: Status,
    /// What was found, in one or two sentences.
    pub detail: String,
    /// What to do. `None` if the check passed.
    pub remedy: Option<String>,
}

impl Check {
    /// A check whose prerequisite is met.
    pub fn passed(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, status: Status::Passed, detail: detail.into(), remedy: None }
    }

    /// A check whose prerequisite is not met.
    pub fn failed(name: &'static str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, status: Status::Failed, detail: detail.into(), remedy: Some(remedy.into()) }
    }

    /// A check that found something that needs attention.
    pub fn warning(name: &'static str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, status: Status::Warning, detail: detail.into(), remedy: Some(remedy.into()) }
    }

    /// An unknown check: the input was read, but does not show whether the prerequisite is met.
    pub fn undecided(name: &'static str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, status: Status::Unknown, detail: detail.into(), remedy: Some(remedy.into()) }
    }

    /// An unknown check: the input could not be read.
    pub fn unknown(name: &'static str, unread: &ReadFailure) -> Self {
        let ReadFailure { reason, remedy, .. } = unread.clone();
        Self { name, status: Status::Unknown, detail: reason, remedy: Some(remedy) }
    }
}

/// Whether the connector can be connected: `false` if a check failed, `None` if no check failed but one is unknown.
pub fn ready(checks: &[Check]) -> Option<bool> {
    let has = |status| checks.iter().any(|check| check.status == status);
    match (has(Status::Failed), has(Status::Unknown)) {
        (true, _) => Some(false),
        (false, true) => None,
        (false, false) => Some(true),
    }
}

nested_object! {
    /// A check in the state of the data source.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShownCheck {
        pub name: String = Attribute::computed("name").description("The name of the check, for example `license`."),
        pub status: String = Attribute::computed("status")
            .description(
                "The result. Possible values are `passed`, `failed`, `warning` (nothing prevents the connection, but it needs \
                 attention) and `unknown` (it could not be checked).",
            ),
        pub detail: String = Attribute::computed("detail")
            .description("What was found, or why it could not be checked."),
        pub remedy: Option<String> = Attribute::computed("remedy")
            .description("What to do. Null if the check passed."),
    }
}

impl From<Check> for ShownCheck {
    fn from(check: Check) -> Self {
        // Parts of the texts are from Azure.
        let shown = |text: String| crate::redaction::sanitize(&text);
        Self {
            name: check.name.to_owned(),
            status: check.status.text().to_owned(),
            detail: shown(check.detail),
            remedy: check.remedy.map(shown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks(statuses: &[Status]) -> Vec<Check> {
        let check = |status: &Status| Check { status: *status, ..Check::passed("n", "d") };
        statuses.iter().map(check).collect()
    }

    #[test]
    fn failed_check_has_precedence_over_unknown_check() {
        use Status::{Failed, Passed, Unknown, Warning};

        assert_eq!(ready(&checks(&[Passed, Unknown, Failed])), Some(false));
        assert_eq!(ready(&checks(&[Passed, Unknown, Warning])), None);
        assert_eq!(ready(&checks(&[Passed, Warning])), Some(true));
    }
}
