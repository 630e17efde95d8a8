//! Authentication that failed, and the absence of any authentication method.

use std::fmt;
use std::time::SystemTime;

use super::TransportKind;

/// Why there is no access token. Contains no secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthenticationError {
    /// The method in use, for example "client secret".
    pub method: &'static str,
    /// What happened.
    pub problem: AuthenticationProblem,
    /// Where the setting that is most likely wrong comes from, for example "the argument `client_secret`".
    pub origin: Option<String>,
    /// The methods that were not chosen, and why.
    pub unused: Vec<UnusedMethod>,
    /// What the login sent to Microsoft Entra. None if it sent nothing, or through the Azure CLI.
    pub identity: Option<IdentityDetails>,
}

/// What a login sent to Microsoft Entra. Contains no secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IdentityDetails {
    /// The tenant.
    pub tenant_id: String,
    /// The application.
    pub client_id: String,
    /// The claims of the OIDC token, if there was one.
    pub assertion: Option<AssertionClaims>,
    /// The certificate, if there was one.
    pub certificate: Option<CertificateFacts>,
    /// What looks wrong with the secret.
    pub secret_flaw: Option<SecretFlaw>,
}

/// What a text is that is probably no client secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SecretFlaw {
    /// A GUID, such as the ID of the secret.
    Guid,
    /// Quotation marks are around it.
    Quoted,
    /// A token.
    Token,
    /// Spaces or line breaks are in it.
    WhiteSpace,
    /// Characters are in it that no secret of Microsoft Entra has.
    NotAscii,
}

/// The claims of an OIDC token that a federated credential must have exactly. Contains no secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AssertionClaims {
    /// `iss`.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
    /// `aud`.
    pub audience: String,
    /// `nbf`, if the token has it.
    pub valid_from: Option<SystemTime>,
    /// `exp`, if the token has it.
    pub valid_until: Option<SystemTime>,
}

/// What identifies a client certificate. Contains no secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CertificateFacts {
    /// The SHA-1 thumbprint in upper-case hexadecimal digits, as Microsoft Entra shows it.
    pub thumbprint: String,
    /// When it expires, in RFC 3339.
    pub not_after: String,
    /// The key is one on an elliptic curve.
    pub has_elliptic_curve: bool,
}

/// What happened during a login.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AuthenticationProblem {
    /// Microsoft Entra refused the login.
    Rejected {
        /// The host that responded.
        host: String,
        /// HTTP status; none if the Azure CLI reported the refusal.
        status: Option<u16>,
        /// Entra's code, for example `AADSTS7000215`.
        code: Option<String>,
        /// Entra's message, or what the response was instead.
        message: String,
    },
    /// A token service other than Microsoft Entra issued no token: that of a pipeline or of a managed identity.
    NotIssued {
        /// The host that responded.
        host: String,
        /// HTTP status.
        status: u16,
        /// What the response says.
        message: String,
    },
    /// The response reports success, but contains no usable token.
    Unusable {
        /// The host that responded.
        host: String,
        /// HTTP status.
        status: u16,
        /// What is wrong with the response; never a part of it.
        cause: String,
    },
    /// There was no response.
    Unreachable {
        /// The host that did not respond.
        host: String,
        /// How the connection failed.
        kind: TransportKind,
        /// All causes, outermost first.
        cause: String,
    },
    /// The login failed on this machine: a file is not readable, or a program is missing or does not respond.
    Local {
        /// What happened.
        cause: String,
    },
}

impl AuthenticationError {
    /// Entra's code, if there is one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.problem {
            AuthenticationProblem::Rejected { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    pub(in crate::azure) fn new(
        method: &'static str,
        problem: AuthenticationProblem,
        origin: Option<String>,
    ) -> Box<Self> {
        Box::new(Self { method, problem, origin, unused: Vec::new(), identity: None })
    }

    pub(in crate::azure) fn local(method: &'static str, cause: String, origin: Option<String>) -> Box<Self> {
        Self::new(method, AuthenticationProblem::Local { cause }, origin)
    }

    pub(in crate::azure) fn with_unused(mut self: Box<Self>, unused: &[UnusedMethod]) -> Box<Self> {
        self.unused = unused.to_vec();
        self
    }
}

/// An authentication method with its article: "the client secret".
#[must_use]
pub fn the(method: &str) -> String {
    let article = if method == "Azure PowerShell" { "" } else { "the " };
    format!("{article}{method}")
}

impl fmt::Display for AuthenticationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "authentication with {} failed: ", the(self.method))?;
        match &self.problem {
            AuthenticationProblem::Rejected { host, status, code, message } => {
                let code = code.as_deref().filter(|code| !message.contains(code));
                let separator = if code.is_some() { ": " } else { "" };
                write!(f, "{}{separator}{message} ({host}", code.unwrap_or_default())?;
                match status {
                    Some(status) => write!(f, ", status {status})"),
                    None => f.write_str(")"),
                }
            }
            AuthenticationProblem::NotIssued { host, status, message } => {
                write!(f, "{message} ({host}, status {status})")
            }
            AuthenticationProblem::Unusable { host, status, cause } => {
                write!(f, "the response of {host} with status {status} cannot be used: {cause}")
            }
            AuthenticationProblem::Unreachable { host, cause, .. } => write!(f, "no response from {host}: {cause}"),
            AuthenticationProblem::Local { cause } => f.write_str(cause),
        }
    }
}

impl std::error::Error for AuthenticationError {}

/// An authentication method that is not in use.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnusedMethod {
    /// The method, for example "client certificate".
    pub method: &'static str,
    /// Why it is not in use: which setting is missing, or which method takes precedence.
    pub reason: String,
    /// The kind of the reason.
    pub why: Unused,
}

/// Why an authentication method is not in use.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unused {
    /// No setting asks for it.
    NotConfigured,
    /// A setting asks for it, but these are missing.
    Incomplete {
        /// The names of the settings.
        missing: Vec<&'static str>,
    },
    /// It is configured, but another method takes precedence.
    Outranked,
    /// A setting asks for it, but it cannot be used on this machine.
    Unusable,
}

impl UnusedMethod {
    /// Whether a setting asks for it.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.why != Unused::NotConfigured
    }
}

impl fmt::Display for UnusedMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.method, self.reason)
    }
}

/// No authentication method is configured completely.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoCredential {
    /// All methods, in the order of precedence.
    pub unused: Vec<UnusedMethod>,
}

impl fmt::Display for NoCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no authentication method is configured completely. Methods, in order of precedence:")?;
        for method in &self.unused {
            write!(f, "\n  - {method}")?;
        }
        Ok(())
    }
}

impl std::error::Error for NoCredential {}
