//! A login that did not succeed.

use std::fmt;

use super::select::Considered;
use crate::azure::TransportKind;

/// Why there is no token. Holds no secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthenticationError {
    /// The method in use, for people: "client secret".
    pub method: &'static str,
    /// What happened.
    pub problem: AuthenticationProblem,
    /// The setting that is most likely at fault, as [`super::Setting::source`] names it.
    pub argument: Option<String>,
    /// The methods that were not chosen, and why.
    pub considered: Vec<Considered>,
}

/// What happened at a login.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AuthenticationProblem {
    /// Microsoft Entra answered, and refused.
    Refused {
        /// Who answered.
        host: String,
        /// HTTP status; none where the Azure CLI passed the refusal on.
        status: Option<u16>,
        /// Entra's code, for example `AADSTS7000215`.
        code: Option<String>,
        /// Entra's text, or what stood in its place.
        message: String,
    },
    /// Nobody answered.
    Unreachable {
        /// Who should have.
        host: String,
        /// What kind of failure it was.
        kind: TransportKind,
        /// Every cause, outermost first.
        cause: String,
    },
    /// It failed on this machine: a file that cannot be read, a program that is not there or does not answer.
    Local {
        /// What happened.
        cause: String,
    },
}

impl AuthenticationError {
    /// Entra's code, where it gave one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.problem {
            AuthenticationProblem::Refused { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    pub(super) fn new(method: &'static str, problem: AuthenticationProblem, argument: Option<String>) -> Box<Self> {
        Box::new(Self { method, problem, argument, considered: Vec::new() })
    }

    pub(super) fn local(method: &'static str, cause: String, argument: Option<String>) -> Box<Self> {
        Self::new(method, AuthenticationProblem::Local { cause }, argument)
    }

    pub(super) fn with_considered(mut self: Box<Self>, considered: &[Considered]) -> Box<Self> {
        self.considered = considered.to_vec();
        self
    }
}

impl fmt::Display for AuthenticationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the login with the {} failed: ", self.method)?;
        match &self.problem {
            AuthenticationProblem::Refused { host, status, code, message } => {
                let code = code.as_deref().filter(|code| !message.contains(code));
                let separator = if code.is_some() { ": " } else { "" };
                write!(f, "{}{separator}{message} ({host}", code.unwrap_or_default())?;
                match status {
                    Some(status) => write!(f, ", status {status})"),
                    None => f.write_str(")"),
                }
            }
            AuthenticationProblem::Unreachable { host, cause, .. } => write!(f, "no answer from {host}: {cause}"),
            AuthenticationProblem::Local { cause } => f.write_str(cause),
        }
    }
}

impl std::error::Error for AuthenticationError {}
