//! Errors of authentication: a method that failed, or no configured method.

use std::fmt;
use std::time::SystemTime;

use super::TransportKind;

/// Why authentication failed. Contains no secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthenticationError {
    /// The method in use, for example "client secret".
    pub method: &'static str,
    /// How authentication failed.
    pub problem: AuthenticationProblem,
    /// The source of the setting that is most likely wrong, for example "the argument `client_secret`".
    pub origin: Option<String>,
    /// The methods that are not in use, with the reasons.
    pub unused: Vec<UnusedMethod>,
    /// What the provider sent to Microsoft Entra. `None` if it sent nothing itself, for example with the Azure CLI.
    pub identity: Option<IdentityDetails>,
}

/// The identity that the provider sent to Microsoft Entra. Contains no secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IdentityDetails {
    /// The tenant ID.
    pub tenant_id: String,
    /// The client ID of the application.
    pub client_id: String,
    /// The claims of the OIDC token, if the method sends one.
    pub assertion: Option<AssertionClaims>,
    /// The client certificate, if the method uses one.
    pub certificate: Option<CertificateFacts>,
    /// Why the client secret is probably not a valid secret.
    pub secret_flaw: Option<SecretFlaw>,
}

/// Why a text is probably not a client secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SecretFlaw {
    /// It is a GUID, such as the ID of the secret.
    Guid,
    /// It is in quotation marks.
    Quoted,
    /// It is a token.
    Token,
    /// It contains spaces or line breaks.
    WhiteSpace,
    /// It contains characters that no secret of Microsoft Entra contains.
    NotAscii,
}

/// The claims of an OIDC token. Issuer, subject and audience must match a federated credential exactly.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AssertionClaims {
    /// The issuer: `iss`.
    pub issuer: String,
    /// The subject: `sub`.
    pub subject: String,
    /// The audience: `aud`.
    pub audience: String,
    /// The start of the validity: `nbf`.
    pub valid_from: Option<SystemTime>,
    /// The end of the validity: `exp`.
    pub valid_until: Option<SystemTime>,
}

/// The public properties of a client certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CertificateFacts {
    /// The SHA-1 thumbprint in upper-case hexadecimal digits, as Microsoft Entra shows it.
    pub thumbprint: String,
    /// The expiry, in RFC 3339.
    pub not_after: String,
    /// Whether the key uses an elliptic curve.
    pub has_elliptic_curve: bool,
}

/// How authentication failed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AuthenticationProblem {
    /// Microsoft Entra rejected the token request.
    Rejected {
        /// The host that responded.
        host: String,
        /// The HTTP status. `None` if a program such as the Azure CLI reported the error.
        status: Option<u16>,
        /// The error code of Microsoft Entra, for example `AADSTS7000215`.
        code: Option<String>,
        /// The message of Microsoft Entra, or a description of any other response.
        message: String,
    },
    /// Another token service issued no token: the service of a pipeline or of a managed identity.
    NotIssued {
        /// The host that responded.
        host: String,
        /// HTTP status.
        status: u16,
        /// The message of the response.
        message: String,
    },
    /// The response reports success, but contains no usable token.
    Unusable {
        /// The host that responded.
        host: String,
        /// HTTP status.
        status: u16,
        /// What is wrong with the response. Contains no part of the response.
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
    /// Authentication failed on this machine: a file is not readable, or a program is missing or does not respond.
    Local {
        /// The cause.
        cause: String,
    },
}

impl AuthenticationError {
    /// The error code of Microsoft Entra, if any.
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

/// The name of an authentication method with its article: "the client secret".
#[must_use]
pub fn with_article(method: &str) -> String {
    let article = if method == "Azure PowerShell" { "" } else { "the " };
    format!("{article}{method}")
}

impl fmt::Display for AuthenticationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "authentication with {} failed: ", with_article(self.method))?;
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
    /// The reason in words: which setting is missing, or which method takes precedence.
    pub reason: String,
    /// The kind of the reason.
    pub why: Unused,
}

/// Why an authentication method is not in use.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unused {
    /// No setting selects it.
    NotConfigured,
    /// A setting selects it, but other settings are missing.
    Incomplete {
        /// The names of the missing settings.
        missing: Vec<&'static str>,
    },
    /// It is configured, but another method takes precedence.
    Outranked,
    /// A setting selects it, but it is not usable on this machine.
    Unusable,
}

impl UnusedMethod {
    /// Whether a setting selects it.
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
