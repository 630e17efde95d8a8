//! Snapshots of the diagnostic for each kind of failure.

mod service_errors;
mod time_limits;

use std::time::{Duration, SystemTime};

use super::*;
use crate::azure::{
    AssertionClaims, AuthenticationError, CertificateFacts, Challenge, ClockError, IdentityDetails, SecretFlaw,
    ServiceError, TimeLimit, TransportKind, Unused,
};

const ACTIVITY: &str = "reading the workspace";

/// The timeout of an operation.
const TIMEOUT: TimeLimit = TimeLimit { duration: Duration::from_secs(300), is_adjustable: true };

/// A limit that the user cannot set.
const OWN_LIMIT: TimeLimit = TimeLimit { duration: Duration::from_secs(15), is_adjustable: false };

fn service(status: u16, code: &str, message: &str) -> Error {
    ServiceError {
        status,
        code: (!code.is_empty()).then(|| code.to_owned()),
        message: message.to_owned(),
        correlation_id: Some("c0ffee00-0000-0000-0000-000000000001".to_owned()),
        request_id: Some("c0ffee00-0000-0000-0000-000000000002".to_owned()),
        method: "GET".to_owned(),
        path: "/subscriptions/s/resourceGroups/rg-soc".to_owned(),
        ..ServiceError::default()
    }
    .into()
}

fn service_error(status: u16, code: &str, message: &str) -> Box<ServiceError> {
    match service(status, code, message) {
        Error::Service(error) => error,
        other => panic!("{other:?}"),
    }
}

/// The error of a write.
fn put(error: Box<ServiceError>) -> Error {
    Error::Service(Box::new(ServiceError { method: "PUT".to_owned(), ..*error }))
}

fn authentication_error(method: &'static str, problem: AuthenticationProblem, origin: Option<&str>) -> Error {
    let unused = vec![
        UnusedMethod {
            method: "client secret",
            reason: "`client_secret` is not set".to_owned(),
            why: Unused::NotConfigured,
        },
        UnusedMethod {
            method: "managed identity",
            reason: "`use_msi` is not true".to_owned(),
            why: Unused::NotConfigured,
        },
    ];
    Box::new(AuthenticationError { method, problem, origin: origin.map(str::to_owned), unused, identity: None }).into()
}

fn rejected_by_entra(code: &str, message: &str, argument: &str) -> Error {
    let problem = AuthenticationProblem::Rejected {
        host: "login.microsoftonline.com".to_owned(),
        status: Some(401),
        code: Some(code.to_owned()),
        message: message.to_owned(),
    };
    authentication_error("client secret", problem, Some(argument))
}

/// A rejected OIDC token, with the claims of the token.
fn federation(code: &str, message: &str) -> Error {
    let Error::Authentication(mut error) = rejected_by_entra(code, message, "the argument `oidc_token`") else {
        unreachable!()
    };
    let assertion = AssertionClaims {
        issuer: "https://token.actions.githubusercontent.com".to_owned(),
        subject: "repo:Contoso/soc:ref:refs/heads/main".to_owned(),
        audience: "api://AzureADTokenExchange".to_owned(),
        valid_from: None,
        valid_until: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)),
    };
    error.method = "OIDC token";
    error.identity = Some(IdentityDetails {
        certificate: None,
        tenant_id: "11111111-1111-1111-1111-111111111111".to_owned(),
        client_id: "22222222-2222-2222-2222-222222222222".to_owned(),
        assertion: Some(assertion),
        secret_flaw: None,
    });
    error.into()
}

/// A rejected certificate.
fn certificate(code: &str, message: &str, has_elliptic_curve: bool) -> Error {
    let Error::Authentication(mut error) = federation(code, message) else { unreachable!() };
    error.method = "client certificate";
    error.origin = Some("the argument `client_certificate_path`".to_owned());
    let certificate = CertificateFacts {
        thumbprint: "0123456789ABCDEF0123456789ABCDEF01234567".to_owned(),
        not_after: "2030-01-01T00:00:00Z".to_owned(),
        has_elliptic_curve,
    };
    error.identity =
        error.identity.map(|identity| IdentityDetails { assertion: None, certificate: Some(certificate), ..identity });
    error.into()
}

/// An expired session, as a program reports it.
fn expired_session(method: &'static str, host: &str) -> Error {
    let message = "AADSTS700082: The refresh token has expired due to inactivity.".to_owned();
    let (host, code) = (host.to_owned(), Some("AADSTS700082".to_owned()));
    authentication_error(method, AuthenticationProblem::Rejected { host, status: None, code, message }, None)
}

fn flawed_secret(flaw: SecretFlaw) -> Error {
    let message = "AADSTS7000215: Invalid client secret provided.";
    let Error::Authentication(mut error) = federation("AADSTS7000215", message) else { unreachable!() };
    error.method = "client secret";
    error.identity =
        error.identity.map(|identity| IdentityDetails { assertion: None, secret_flaw: Some(flaw), ..identity });
    error.into()
}

#[test]
fn every_federation_error_shows_the_claims_of_the_token() {
    for code in ["AADSTS700211", "AADSTS700212", "AADSTS700213", "AADSTS7002138", "AADSTS70021", "AADSTS700016"] {
        let Diagnostic { detail, .. } = from_error(&federation(code, &format!("{code}: no.")), ACTIVITY);

        for part in [
            "issuer: https://token.actions.githubusercontent.com",
            "subject: repo:Contoso/soc:ref:refs/heads/main",
            "audience: api://AzureADTokenExchange",
            "valid until: Fri, 15 Jan 2027 08:00:00 GMT",
            "az ad app federated-credential list --id 22222222-2222-2222-2222-222222222222",
            "Upper-case and lower-case letters are different",
        ] {
            assert!(detail.contains(part), "{code}: {part}: {detail}");
        }
    }
}

#[test]
fn an_expired_oidc_token_shows_only_its_times() {
    let Diagnostic { detail, .. } = from_error(&federation("AADSTS700024", "AADSTS700024: no."), ACTIVITY);

    assert!(detail.contains("valid until: Fri, 15 Jan 2027 08:00:00 GMT"), "{detail}");
    assert!(!detail.contains("subject") && !detail.contains("federated"), "{detail}");
}

#[test]
fn advice_names_only_the_program_in_use() {
    for (method, command) in [
        ("Azure CLI", "`az login --tenant"),
        ("Azure Developer CLI", "`azd auth login --tenant-id"),
        ("Azure PowerShell", "`Connect-AzAccount -Tenant"),
    ] {
        for code in ["AADSTS700016", "AADSTS50020", "AADSTS50034", "AADSTS50076", "AADSTS50173"] {
            let Advice { remedy, .. } = entra::advice(Some(code), method, false);
            let commands = ["`az ", "`azd ", "`Connect-AzAccount"].iter().filter(|name| remedy.contains(*name)).count();
            // The Azure CLI has another command for its current account.
            assert!(remedy.contains(command) && commands == 1, "{method}, {code}: {remedy}");
        }
    }
}

#[test]
fn explains_a_malformed_client_secret() {
    for (flaw, explanation) in [
        (SecretFlaw::Guid, "the ID of the secret"),
        (SecretFlaw::Token, "set `use_oidc`"),
        (SecretFlaw::WhiteSpace, "spaces or line breaks"),
        (SecretFlaw::NotAscii, "characters that the secrets"),
    ] {
        assert!(from_error(&flawed_secret(flaw), ACTIVITY).detail.contains(explanation), "{flaw:?}");
    }
}

/// A failure of the Azure CLI, which the provider tried because `method` is incomplete.
fn azure_cli_instead_of(method: &'static str, reason: &str, missing: &[&'static str]) -> Error {
    let cause = "ERROR: Please run 'az login' to setup account.".to_owned();
    let Error::Authentication(mut error) =
        authentication_error("Azure CLI", AuthenticationProblem::Local { cause }, None)
    else {
        unreachable!()
    };
    let why = Unused::Incomplete { missing: missing.to_vec() };
    error.unused.push(UnusedMethod { method, reason: reason.to_owned(), why });
    error.into()
}

/// A 401 response with additional details.
fn rejected_token(change: impl FnOnce(&mut ServiceError)) -> Error {
    let mut error = service_error(401, "InvalidAuthenticationToken", "The access token is invalid.");
    change(&mut error);
    Error::Service(error)
}

fn claims() -> Option<Challenge> {
    Some(Challenge { tenant: None, claims: Some("{}".to_owned()) })
}

fn unavailable(status: u16) -> Error {
    let host = "login.microsoftonline.com".to_owned();
    let message = "the response has no body".to_owned();
    authentication_error(
        "client secret",
        AuthenticationProblem::Rejected { host, status: Some(status), code: None, message },
        None,
    )
}

fn transport(kind: TransportKind, cause: &str) -> Error {
    Error::Transport { host: "management.azure.com".to_owned(), kind, cause: cause.to_owned() }
}

fn title(error: &Error) -> String {
    from_error(error, ACTIVITY).summary
}

/// Asserts that a text for a command does not mention the provider block, resources or plans, which a command lacks.
fn assert_fits_a_command(Advice { title, cause, remedy }: Advice) {
    for text in [title, cause, remedy].map(|text| render(text, Interface::Command)) {
        for word in ["erraform ", "Terraform.", "apply", "Apply", "plan ", "provider block", "timeouts", "parallelism"]
        {
            assert!(!text.contains(word), "{word:?} in {text:?}");
        }
        // Only commands and their names may be in backticks, not settings.
        for quoted in text.split('`').skip(1).step_by(2) {
            assert!(!quoted.contains('_') || quoted.contains(' '), "`{quoted}` in {text:?}");
        }
    }
}

#[test]
fn all_known_advice_fits_a_command() {
    known_errors::ROWS.iter().for_each(|row| assert_fits_a_command(row.advice));
    entra::all().for_each(assert_fits_a_command);
    for kind in [
        TransportKind::Name,
        TransportKind::Connect,
        TransportKind::Tls,
        TransportKind::Proxy,
        TransportKind::ProxyAuthentication,
        TransportKind::Interrupted,
    ] {
        assert_fits_a_command(local::connection(kind));
    }
}

macro_rules! snapshots {
    ($($name:ident: $error:expr;)+) => {$(
        #[test]
        fn $name() {
            let Diagnostic { summary, detail, .. } = from_error(&$error, ACTIVITY);
            insta::assert_snapshot!(stringify!($name), format!("{summary}\n\n{detail}"));
            advice(&$error).into_iter().for_each(assert_fits_a_command);
        }
    )+};
}

snapshots! {
    missing_role: put(service_error(403, "AuthorizationFailed", "The client 'x' does not have authorization to perform action 'Microsoft.SecurityInsights/dataConnectors/write' over scope '/s'."));
    missing_license: service(401, "InvalidLicense", "Missing consent");
    token_of_another_tenant: service(401, "InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer.");
    rejected_access_token: service(401, "InvalidAuthenticationToken", "The access token is invalid.");
    unknown_subscription: service(404, "SubscriptionNotFound", "The subscription 's' could not be found.");
    unknown_resource_group: service(404, "ResourceGroupNotFound", "Resource group 'rg-soc' could not be found.");
    unknown_resource: service(404, "ResourceNotFound", "The Resource 'Microsoft.OperationalInsights/workspaces/w' was not found.");
    unregistered_resource_provider: service(409, "MissingSubscriptionRegistration", "The subscription is not registered to use namespace 'Microsoft.SecurityInsights'.");
    unsupported_api_version: service(400, "NoRegisteredProviderFound", "No registered resource provider found for location 'x' and API version '2025-10-01-preview'.");
    workspace_not_onboarded: service(400, "BadRequest", "Workspace 'w' is not onboarded to Microsoft Sentinel.");
    workspace_metadata_not_found: service(404, "NotFound", "Couldn't find workspaceMetadata of workspace id 1.");
    unsupported_connector_kind: service(400, "BadRequest", "Connector kind 'MicrosoftThreatProtection' is not supported in api-version '2025-09-01'.");
    denied_by_policy: service(403, "RequestDisallowedByPolicy", "Resource 'w' was disallowed by policy.");
    etag_mismatch: service(409, "Conflict", "Newer instance exists (Etag does not match). Data was not saved.");
    server_error: service(503, "ServiceUnavailable", "Try later.");
    throttled: service(429, "TooManyRequests", "Slow down.");
    unexpected_redirect: service(302, "Found", "");
    unknown_error: service(418, "Teapot", "Short and stout.");
    wrong_client_secret: rejected_by_entra("AADSTS7000215", "AADSTS7000215: Invalid client secret provided.", "the environment variable ARM_CLIENT_SECRET");
    expired_client_secret: rejected_by_entra("AADSTS7000222", "AADSTS7000222: The provided client secret keys are expired.", "the argument `client_secret`");
    unknown_tenant: rejected_by_entra("AADSTS90002", "AADSTS90002: Tenant 'x' not found.", "the argument `tenant_id`");
    unknown_application: rejected_by_entra("AADSTS700016", "AADSTS700016: Application with identifier 'x' was not found.", "the argument `client_id`");
    unmatched_federated_subject: federation("AADSTS700213", "AADSTS700213: No matching federated identity record found.");
    unmatched_federated_issuer: federation("AADSTS700211", "AADSTS700211: No matching federated identity record found for presented assertion issuer 'x'.");
    oidc_token_outside_validity_period: federation("AADSTS700024", "AADSTS700024: Client assertion is not within its valid time range.");
    federated_subject_in_another_case: federation("AADSTS7002138", "AADSTS7002138: The subject matches with case-insensitive comparison, but not with case-sensitive comparison.");
    account_of_another_tenant: authentication_error("Azure CLI", AuthenticationProblem::Rejected { host: "reported by the Azure CLI".to_owned(), status: None, code: Some("AADSTS50020".to_owned()), message: "AADSTS50020: User account 'x' from identity provider 'y' does not exist in tenant 'Contoso'.".to_owned() }, Some("the argument `tenant_id`"));
    quoted_client_secret: flawed_secret(SecretFlaw::Quoted);
    incomplete_oidc_settings: azure_cli_instead_of("OIDC token", "the environment variable ARM_USE_OIDC is true, but neither `oidc_token` nor `oidc_token_file_path` is set", &["oidc_token or oidc_token_file_path"]);
    application_without_secret: azure_cli_instead_of("client secret", "an application is configured (`tenant_id` and `client_id`), but neither `client_secret` nor `client_secret_file_path` is set", &["client_secret or client_secret_file_path"]);
    response_without_token: authentication_error("client secret", AuthenticationProblem::Unusable { host: "login.microsoftonline.com".to_owned(), status: 200, cause: "it has no access_token".to_owned() }, None);
    rejected_new_access_token: rejected_token(|error| error.is_new_token = true);
    wrong_clock: rejected_token(|error| error.clock_error = Some(ClockError::Behind(Duration::from_secs(600))));
    claims_challenge_with_cached_token: rejected_token(|error| { error.challenge = claims(); error.authentication_method = Some("Azure CLI"); });
    claims_challenge_with_new_token: rejected_token(|error| { error.challenge = claims(); error.is_new_token = true; });
    role_not_effective_in_time: Error::Service(Box::new(ServiceError { awaited_role: Some(Duration::from_secs(118)), ..*service_error(403, "AuthorizationFailed", "The client 'x' does not have authorization to perform action 'Microsoft.Resources/deployments/write' over scope '/s'.") }));
    github_job_without_permission: authentication_error("OIDC token of a GitHub workflow", AuthenticationProblem::NotIssued { host: "run-actions-1.actions.githubusercontent.com".to_owned(), status: 401, message: "Unauthorized".to_owned() }, Some("the environment variable ACTIONS_ID_TOKEN_REQUEST_TOKEN"));
    azure_devops_job_without_token: authentication_error("OIDC token of an Azure DevOps pipeline", AuthenticationProblem::NotIssued { host: "dev.azure.com".to_owned(), status: 401, message: "TF400813: not authorized".to_owned() }, Some("the environment variable SYSTEM_ACCESSTOKEN"));
    unknown_service_connection: authentication_error("OIDC token of an Azure DevOps pipeline", AuthenticationProblem::NotIssued { host: "dev.azure.com".to_owned(), status: 404, message: "No service connection with this ID".to_owned() }, Some("the argument `ado_pipeline_service_connection_id`"));
    no_managed_identity_endpoint: authentication_error("managed identity", AuthenticationProblem::Unreachable { host: "169.254.169.254".to_owned(), kind: TransportKind::Connect, cause: "timed out".to_owned() }, None);
    unknown_managed_identity: authentication_error("managed identity", AuthenticationProblem::NotIssued { host: "169.254.169.254".to_owned(), status: 400, message: "Identity not found".to_owned() }, Some("the argument `client_id`"));
    expired_access_token: authentication_error("access token", AuthenticationProblem::Local { cause: "the access token expired at Thu, 01 Jan 1970 00:16:40 GMT; request a new one".to_owned() }, Some("the environment variable ARM_ACCESS_TOKEN"));
    unregistered_certificate: certificate("AADSTS700027", "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application.", false);
    elliptic_curve_certificate: certificate("AADSTS5002730", "AADSTS5002730: Invalid JWT token. Unsupported key for the signing algorithm.", true);
    certificate_assertion_with_wrong_clock: certificate("AADSTS700024", "AADSTS700024: Client assertion is not within its valid time range. Current time: 2030-01-01T00:00:00Z.", false);
    azure_developer_cli_not_logged_in: authentication_error("Azure Developer CLI", AuthenticationProblem::Local { cause: "ERROR: not logged in, run `azd auth login` to login".to_owned() }, None);
    azure_powershell_without_module: authentication_error("Azure PowerShell", AuthenticationProblem::Local { cause: "Import-Module: The specified module 'Az.Accounts' was not loaded because no valid module file was found in any module directory.".to_owned() }, None);
    untrusted_certificate_chain: certificate("AADSTS7000213", "AADSTS7000213: Invalid certificate chain.", false);
    revoked_certificate: certificate("AADSTS7000277", "AADSTS7000277: The certificate is revoked.", false);
    certificate_outside_validity_period: certificate("AADSTS1000502", "AADSTS1000502: The provided certificate is not within its specified validity window.", false);
    assertion_of_another_application: certificate("AADSTS700021", "AADSTS700021: Client assertion application identifier doesn't match 'client_id' parameter.", false);
    azure_cli_session_expired: expired_session("Azure CLI", "reported by the Azure CLI");
    azure_developer_cli_session_expired: expired_session("Azure Developer CLI", "reported by the Azure Developer CLI");
    azure_powershell_session_expired: expired_session("Azure PowerShell", "reported by Azure PowerShell");
    unknown_entra_error: rejected_by_entra("AADSTS1", "AADSTS1: something new.", "the argument `client_id`");
    azure_cli_not_logged_in: authentication_error("Azure CLI", AuthenticationProblem::Local { cause: "ERROR: Please run 'az login' to setup account.".to_owned() }, None);
    azure_cli_without_subscription: authentication_error("Azure CLI", AuthenticationProblem::Local { cause: "ERROR: Subscription 'x' not found. Check the spelling and casing and try again.".to_owned() }, None);
    unreachable_entra: authentication_error("client secret", AuthenticationProblem::Unreachable { host: "login.microsoftonline.com".to_owned(), kind: TransportKind::Name, cause: "dns error".to_owned() }, None);
    unreachable_host: transport(TransportKind::Connect, "tcp connect error: Connection refused (os error 111)");
    untrusted_tls_certificate: transport(TransportKind::Tls, "invalid peer certificate: UnknownIssuer");
    rejected_by_proxy: transport(TransportKind::Proxy, "unsuccessful tunnel");
    interrupted_connection: transport(TransportKind::Interrupted, "connection reset by peer");
    timeout_with_last_error: Error::TimedOut { last: Some(Box::new(service(429, "TooManyRequests", "Slow down."))), waited: Duration::from_secs(280), limit: TIMEOUT, next_wait: None, outcome_unknown: false };
    timeout_without_response: Error::TimedOut { last: None, waited: Duration::from_secs(280), limit: TIMEOUT, next_wait: None, outcome_unknown: false };
    retry_after_timeout: Error::TimedOut { last: Some(Box::new(service(503, "ServiceUnavailable", "Try later."))), waited: Duration::from_secs(280), limit: TIMEOUT, next_wait: Some(Duration::from_secs(42)), outcome_unknown: false };
    retry_after_provider_limit: Error::TimedOut { last: Some(Box::new(service(503, "ServiceUnavailable", "Try later."))), waited: Duration::from_secs(9), limit: OWN_LIMIT, next_wait: Some(Duration::from_secs(8)), outcome_unknown: false };
    timeout_of_write: Error::TimedOut { last: None, waited: Duration::from_secs(280), limit: TIMEOUT, next_wait: None, outcome_unknown: true };
    throttled_beyond_timeout: Error::Throttled { until: SystemTime::UNIX_EPOCH, limit: TIMEOUT, last: Box::new(service(429, "TooManyRequests", "Slow down.")) };
    unconfirmed_write: Error::Unconfirmed { last: Box::new(transport(TransportKind::Connect, "connection refused")) };
    entra_unavailable: unavailable(503);
    canceled_read: Error::Cancelled { outcome_unknown: false };
    canceled_write: Error::Cancelled { outcome_unknown: true };
    foreign_host: Error::ForeignHost { host: "evil.example".to_owned(), expected: "management.azure.com".to_owned() };
    no_ca_certificates: Error::Setup { cause: "no native root CA certificates found".to_owned() };
}

#[test]
fn lists_the_remedies_of_the_caller_and_of_an_incomplete_method() {
    let error = azure_cli_instead_of("OIDC token", "it is incomplete", &["use_oidc = true"]);

    let detail = from_error_with_remedy(&error, ACTIVITY, "Set `tenant_id`.").detail;

    assert!(detail.contains("What to do:\n  - Only `use_oidc = true` is missing."), "{detail}");
    assert!(detail.contains("\n  - Set `tenant_id`.\n  - "), "{detail}");
}

#[test]
fn remedy_for_claims_depends_on_the_authentication_method() {
    for (method, remedy) in [
        ("Azure Developer CLI", "`azd auth login`"),
        ("Azure PowerShell", "`Connect-AzAccount`"),
        ("managed identity", "for hours"),
        ("access token", "ARM_ACCESS_TOKEN"),
        ("client secret", "Run from a location"),
    ] {
        let error = rejected_token(|error| {
            error.challenge = claims();
            error.authentication_method = Some(method);
        });

        let detail = from_error(&error, ACTIVITY).detail;

        assert!(detail.contains(remedy) && !detail.contains("az login"), "{method}: {detail}");
    }
}

#[test]
fn remedy_of_an_incomplete_method_names_no_other_method() {
    let why = Unused::Incomplete { missing: vec!["client_secret"] };
    let unused = vec![UnusedMethod { method: "client secret", reason: "not set".to_owned(), why }];
    let missing = no_credential(&NoCredential { unused }, Interface::Provider).detail;
    let azure_cli = from_error(&azure_cli_instead_of("client secret", "not set", &["client_secret"]), ACTIVITY).detail;

    assert!(missing.ends_with("Set `client_secret` (ARM_CLIENT_SECRET)."), "{missing}");
    assert!(azure_cli.contains("Or run `az login`") && !azure_cli.contains("In a pipeline"), "{azure_cli}");
}

#[test]
fn explains_missing_credentials() {
    let unused =
        vec![UnusedMethod { method: "client secret", reason: "not set".to_owned(), why: Unused::NotConfigured }];
    let Diagnostic { summary, detail, .. } = no_credential(&NoCredential { unused }, Interface::Provider);

    insta::assert_snapshot!("explains_missing_credentials", format!("{summary}\n\n{detail}"));
}
