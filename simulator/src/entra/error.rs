//! Entra's errors: codes, messages and envelope of its token endpoint.

use std::fmt;

use hyper::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::http::{Request, Response};
use crate::world::World;

/// An error of Entra. Displays as the first line of `error_description`, without the code.
#[derive(Clone, Debug)]
pub(crate) struct EntraError {
    status: StatusCode,
    /// OAuth 2.0 error.
    error: &'static str,
    /// The number after `AADSTS`.
    code: u32,
    message: String,
}

/// HTTP status, OAuth error and AADSTS number.
type ErrorCode = (StatusCode, &'static str, u32);

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const UNAUTHORIZED: StatusCode = StatusCode::UNAUTHORIZED;

impl EntraError {
    pub(crate) fn tenant_not_found(tenant: &str) -> Self {
        Self::new(
            (BAD, "invalid_request", 90002),
            format!(
                "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into \
                 the correct cloud. Check with your subscription administrator, this may happen if there are no \
                 active subscriptions for the tenant."
            ),
        )
    }

    pub(crate) fn invalid_tenant(tenant: &str) -> Self {
        Self::new(
            (BAD, "invalid_request", 900_023),
            format!("Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain."),
        )
    }

    pub(super) fn missing_parameter(name: &str) -> Self {
        Self::new(
            (BAD, "invalid_request", 900_144),
            format!("The request body must contain the following parameter: '{name}'."),
        )
    }

    pub(super) fn unsupported_grant(grant: &str) -> Self {
        Self::new(
            (BAD, "unsupported_grant_type", 70003),
            format!("The app requested an unsupported grant type '{grant}'."),
        )
    }

    pub(super) fn unknown_application(client_id: &str, tenant: &str) -> Self {
        Self::new(
            (BAD, "unauthorized_client", 700_016),
            format!(
                "Application with identifier '{client_id}' was not found in the directory '{tenant}'. This can happen \
                 if the application has not been installed by the administrator of the tenant or consented to by any \
                 user in the tenant. You may have sent your authentication request to the wrong tenant."
            ),
        )
    }

    pub(super) fn missing_credential() -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 7_000_216),
            "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
        )
    }

    pub(super) fn wrong_secret(client_id: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 7_000_215),
            format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret \
                 value, not the client secret ID, for a secret added to app '{client_id}'."
            ),
        )
    }

    pub(super) fn expired_secret(client_id: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 7_000_222),
            format!(
                "The provided client secret keys for app '{client_id}' are expired. Visit the Azure portal to create \
                 new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for \
                 added security: https://aka.ms/certCreds."
            ),
        )
    }

    pub(super) fn scope_malformed(scope: &str) -> Self {
        Self::new(
            (BAD, "invalid_scope", 70011),
            format!(
                "The provided request must include a 'scope' input parameter. The provided value for the input \
                 parameter 'scope' is not valid. The scope {scope} is not valid."
            ),
        )
    }

    pub(super) fn scope_not_default(scope: &str) -> Self {
        Self::new(
            (BAD, "invalid_scope", 1_002_012),
            format!(
                "The provided value for scope {scope} is not valid. Client credential flows must have a scope value \
                 with /.default suffixed to the resource identifier (application ID URI)."
            ),
        )
    }

    pub(super) fn resource_not_found(resource: &str, tenant: &str) -> Self {
        Self::new(
            (BAD, "invalid_resource", 500_011),
            format!(
                "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen \
                 if the application has not been installed by the administrator of the tenant or consented to by any \
                 user in the tenant. You might have sent your authentication request to the wrong tenant."
            ),
        )
    }

    pub(super) fn assertion_type(given: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 50027),
            format!("JWT token is invalid or malformed. The client_assertion_type '{given}' is not supported."),
        )
    }

    pub(super) fn assertion_malformed() -> Self {
        Self::new((UNAUTHORIZED, "invalid_client", 50027), "JWT token is invalid or malformed.")
    }

    pub(super) fn assertion_unsigned() -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 50013),
            "Assertion failed signature validation. [Reason - No signature was found.]",
        )
    }

    pub(super) fn unknown_certificate(thumbprint: &str, client_id: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 700_027),
            format!(
                "The certificate with identifier used to sign the client assertion is not registered on application. \
                 [Reason - The key was not found., Thumbprint of key used by client: '{thumbprint}', Please visit the \
                 Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{client_id}'."
            ),
        )
    }

    pub(super) fn wrong_signature(thumbprint: &str, period: &str, client_id: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 700_027),
            format!(
                "Client assertion failed signature validation. [Reason - The provided signature value did not match the \
                 expected signature value., Thumbprint of key used by client: '{thumbprint}', Found key '{period}', \
                 Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app \
                 Id '{client_id}'."
            ),
        )
    }

    pub(super) fn expired_certificate(thumbprint: &str, period: &str, client_id: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 700_027),
            format!(
                "The certificate with identifier used to sign the client assertion is expired on application. [Reason - \
                 The key used is expired., Thumbprint of key used by client: '{thumbprint}', Found key '{period}', \
                 Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app \
                 Id '{client_id}'."
            ),
        )
    }

    pub(super) fn untrusted_chain() -> Self {
        Self::new((UNAUTHORIZED, "invalid_client", 7_000_213), "Invalid certificate chain.")
    }

    pub(super) fn unsupported_key() -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 5_002_730),
            "Invalid JWT token. Unsupported key for the signing algorithm.",
        )
    }

    pub(super) fn assertion_of_another_application() -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 700_021),
            "Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at \
             https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
        )
    }

    pub(super) fn assertion_wrong_audience() -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 700_023),
            "Client assertion audience claim does not match Realm issuer. Review the documentation at \
             https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
        )
    }

    pub(super) fn assertion_expired(now: &str, expiry: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 700_024),
            format!(
                "Client assertion is not within its valid time range. Current time: {now}, expiry time of assertion \
                 {expiry}. Review the documentation at \
                 https://learn.microsoft.com/entra/identity-platform/certificate-credentials ."
            ),
        )
    }

    pub(super) fn assertion_audience(audience: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 700_212),
            format!(
                "No matching federated identity record found for presented assertion audience '{audience}'. Check \
                 your federated identity credential Subject, Audience and Issuer against the presented assertion. \
                 https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
            ),
        )
    }

    pub(super) fn assertion_issuer(issuer: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 700_211),
            format!(
                "No matching federated identity record found for presented assertion issuer '{issuer}'. Check your \
                 federated identity credential Subject, Audience and Issuer against the presented assertion. \
                 https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
            ),
        )
    }

    pub(super) fn assertion_subject(subject: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 700_213),
            format!(
                "No matching federated identity record found for presented assertion subject '{subject}'. Check your \
                 federated identity credential Subject, Audience and Issuer against the presented assertion. \
                 https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
            ),
        )
    }

    pub(super) fn assertion_subject_case(subject: &str) -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 7_002_138),
            format!(
                "No matching federated identity record found for presented assertion subject '{subject}'. The subject \
                 matches with case-insensitive comparison, but not with case-sensitive comparison. Check your federated \
                 identity credential Subject against the presented assertion. \
                 https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
            ),
        )
    }

    pub(super) fn no_federated_identity() -> Self {
        Self::new(
            (UNAUTHORIZED, "invalid_client", 70021),
            "No matching federated identity record found for presented assertion. Please note that the matching is \
             done using a case-sensitive comparison. Check your federated identity credential Subject, Audience and \
             Issuer against the presented assertion. \
             https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
        )
    }

    fn new((status, error, code): ErrorCode, message: impl Into<String>) -> Self {
        Self { status, error, code, message: message.into() }
    }

    /// The response, with the IDs and the time of this request.
    pub(crate) fn response(&self, request: &Request, world: &World) -> Response {
        let trace = Uuid::new_v4().to_string();
        let correlation = request.header("client-request-id").unwrap_or(&request.correlation_id);
        let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
        let timestamp = world.now().format(format).expect("invariant: every time has these components");
        let description = format!(
            "AADSTS{}: {self}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {timestamp}",
            self.code
        );
        let body = json!({
            "error": self.error,
            "error_description": description,
            "error_codes": [self.code],
            "timestamp": timestamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.code),
        });
        Response::json(self.status, &body)
            .with_header("x-ms-request-id", &trace)
            .with_header("cache-control", "no-store, no-cache")
    }
}

impl fmt::Display for EntraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
