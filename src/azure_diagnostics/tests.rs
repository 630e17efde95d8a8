//! Snapshots of the diagnostic for each kind of failure.

mod service_errors;
mod time_limits;

use std::time::{Duration, SystemTime};

use super::*;
use crate::azure::{AssertionClaims, Challenge, ClockError, ErrorDetail, SecretFlaw, TimeLimit, TransportKind, Unused};

const ACTIVITY: &str = "reading the workspace";

/// The timeout of an operation.
const TIMEOUT: TimeLimit = TimeLimit { duration: Duration::from_secs(300), is_adjustable: true };

/// A limit that no user sets.
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

fn login(method: &'static str, problem: AuthenticationProblem, origin: Option<&str>) -> Error {
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

fn refused(code: &str, message: &str, argument: &str) -> Error {
    let problem = AuthenticationProblem::Rejected {
        host: "login.microsoftonline.com".to_owned(),
        status: Some(401),
        code: Some(code.to_owned()),
        message: message.to_owned(),
    };
    login("client secret", problem, Some(argument))
}

/// A refusal of an OIDC token, with the claims of the token.
fn federation(code: &str, message: &str) -> Error {
    let Error::Authentication(mut error) = refused(code, message, "the argument `oidc_token`") else { unreachable!() };
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

/// A refusal of a certificate.
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
        error.identity.map(|login| IdentityDetails { assertion: None, certificate: Some(certificate), ..login });
    error.into()
}

/// A program whose login has expired.
fn reported(method: &'static str, host: &str) -> Error {
    let message = "AADSTS700082: The refresh token has expired due to inactivity.".to_owned();
    let (host, code) = (host.to_owned(), Some("AADSTS700082".to_owned()));
    login(method, AuthenticationProblem::Rejected { host, status: None, code, message }, None)
}

fn flawed_secret(flaw: SecretFlaw) -> Error {
    let message = "AADSTS7000215: Invalid client secret provided.";
    let Error::Authentication(mut error) = federation("AADSTS7000215", message) else { unreachable!() };
    error.method = "client secret";
    error.identity = error.identity.map(|login| IdentityDetails { assertion: None, secret_flaw: Some(flaw), ..login });
    error.into()
}

#[test]
fn every_federation_error_shows_the_token_claims_and_mentions_case() {
    for code in
        ["AADSTS700211", "AADSTS700212", "AADSTS700213", "AADSTS7002138", "AADSTS70021", "AADSTS700016", "AADSTS700024"]
    {
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
fn advice_for_a_program_names_only_that_program() {
    for (method, login) in [
        ("Azure CLI", "`az login --tenant"),
        ("Azure Developer CLI", "`azd auth login --tenant-id"),
        ("Azure PowerShell", "`Connect-AzAccount -Tenant"),
    ] {
        for code in ["AADSTS700016", "AADSTS50020", "AADSTS50034", "AADSTS50076", "AADSTS50173"] {
            let Advice { remedy, .. } = entra::advice(Some(code), method, false);
            let logins = ["`az ", "`azd ", "`Connect-AzAccount"].iter().filter(|name| remedy.contains(*name)).count();
            // The Azure CLI has another command for its current account.
            assert!(remedy.contains(login) && logins == 1, "{method}, {code}: {remedy}");
        }
    }
}

#[test]
fn explains_an_impossible_secret() {
    for (flaw, explanation) in [
        (SecretFlaw::Guid, "the ID of the secret"),
        (SecretFlaw::Token, "set `use_oidc`"),
        (SecretFlaw::WhiteSpace, "spaces or line breaks"),
        (SecretFlaw::NotAscii, "characters that the secrets"),
    ] {
        assert!(from_error(&flawed_secret(flaw), ACTIVITY).detail.contains(explanation), "{flaw:?}");
    }
}

/// The Azure CLI failed in place of a method that lacks something.
fn in_place_of(method: &'static str, reason: &str, missing: &[&'static str]) -> Error {
    let cause = "ERROR: Please run 'az login' to setup account.".to_owned();
    let Error::Authentication(mut error) = login("Azure CLI", AuthenticationProblem::Local { cause }, None) else {
        unreachable!()
    };
    let why = Unused::Incomplete { missing: missing.to_vec() };
    error.unused.push(UnusedMethod { method, reason: reason.to_owned(), why });
    error.into()
}

/// A 401 with more that is known about it.
fn unaccepted(change: impl FnOnce(&mut ServiceError)) -> Error {
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
    login("client secret", AuthenticationProblem::Rejected { host, status: Some(status), code: None, message }, None)
}

fn transport(kind: TransportKind, cause: &str) -> Error {
    Error::Transport { host: "management.azure.com".to_owned(), kind, cause: cause.to_owned() }
}

fn title(error: &Error) -> String {
    from_error(error, ACTIVITY).summary
}

/// A command has no provider block, no resources and no plans.
fn assert_fits_a_command(Advice { title, cause, remedy }: Advice) {
    for text in [title, cause, remedy].map(|text| render(text, Interface::Command)) {
        for word in ["erraform ", "Terraform.", "apply", "Apply", "plan ", "provider block", "timeouts", "parallelism"]
        {
            assert!(!text.contains(word), "{word:?} in {text:?}");
        }
        // In backticks are commands and their names, but no settings.
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
        TransportKind::ProxyLogin,
        TransportKind::Interrupted,
    ] {
        assert_fits_a_command(local::connection(kind));
    }
}

macro_rules! reads {
    ($($name:ident: $error:expr;)+) => {$(
        #[test]
        fn $name() {
            let Diagnostic { summary, detail, .. } = from_error(&$error, ACTIVITY);
            insta::assert_snapshot!(stringify!($name), format!("{summary}\n\n{detail}"));
            advice(&$error).into_iter().for_each(assert_fits_a_command);
        }
    )+};
}

reads! {
    a_missing_role: service(403, "AuthorizationFailed", "The client 'x' does not have authorization to perform action 'Microsoft.SecurityInsights/dataConnectors/write' over scope '/s'.");
    a_missing_license: service(401, "InvalidLicense", "Missing consent");
    a_token_of_another_tenant: service(401, "InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer.");
    a_token_that_is_never_accepted: service(401, "InvalidAuthenticationToken", "The access token is invalid.");
    an_unknown_subscription: service(404, "SubscriptionNotFound", "The subscription 's' could not be found.");
    an_unknown_resource_group: service(404, "ResourceGroupNotFound", "Resource group 'rg-soc' could not be found.");
    an_unknown_resource: service(404, "ResourceNotFound", "The Resource 'Microsoft.OperationalInsights/workspaces/w' was not found.");
    a_missing_registration: service(409, "MissingSubscriptionRegistration", "The subscription is not registered to use namespace 'Microsoft.SecurityInsights'.");
    an_unsupported_api_version: service(400, "NoRegisteredProviderFound", "No registered resource provider found for location 'x' and API version '2025-10-01-preview'.");
    a_workspace_without_sentinel: service(400, "BadRequest", "Workspace 'w' is not onboarded to Microsoft Sentinel.");
    a_workspace_without_metadata: service(404, "NotFound", "Couldn't find workspaceMetadata of workspace id 1.");
    an_unsupported_kind: service(400, "BadRequest", "Connector kind 'MicrosoftThreatProtection' is not supported in api-version '2025-09-01'.");
    a_denying_policy: service(403, "RequestDisallowedByPolicy", "Resource 'w' was disallowed by policy.");
    a_changed_document: service(409, "Conflict", "Newer instance exists (Etag does not match). Data was not saved.");
    a_fault_of_azures: service(503, "ServiceUnavailable", "Try later.");
    throttling: service(429, "TooManyRequests", "Slow down.");
    a_redirect: service(302, "Found", "");
    an_answer_nobody_knows: service(418, "Teapot", "Short and stout.");
    a_wrong_secret: refused("AADSTS7000215", "AADSTS7000215: Invalid client secret provided.", "the environment variable ARM_CLIENT_SECRET");
    an_expired_secret: refused("AADSTS7000222", "AADSTS7000222: The provided client secret keys are expired.", "the argument `client_secret`");
    a_wrong_tenant: refused("AADSTS90002", "AADSTS90002: Tenant 'x' not found.", "the argument `tenant_id`");
    an_unknown_application: refused("AADSTS700016", "AADSTS700016: Application with identifier 'x' was not found.", "the argument `client_id`");
    an_unmatched_federated_subject: federation("AADSTS700213", "AADSTS700213: No matching federated identity record found.");
    an_unmatched_federated_issuer: federation("AADSTS700211", "AADSTS700211: No matching federated identity record found for presented assertion issuer 'x'.");
    an_oidc_token_outside_its_time: federation("AADSTS700024", "AADSTS700024: Client assertion is not within its valid time range.");
    a_federated_subject_in_another_case: federation("AADSTS7002138", "AADSTS7002138: The subject matches with case-insensitive comparison, but not with case-sensitive comparison.");
    an_account_of_another_tenant: login("Azure CLI", AuthenticationProblem::Rejected { host: "reported by the Azure CLI".to_owned(), status: None, code: Some("AADSTS50020".to_owned()), message: "AADSTS50020: User account 'x' from identity provider 'y' does not exist in tenant 'Contoso'.".to_owned() }, Some("the argument `tenant_id`"));
    a_secret_with_quotation_marks: flawed_secret(SecretFlaw::Quoted);
    an_incomplete_oidc_login: in_place_of("OIDC token", "the environment variable ARM_USE_OIDC is true, but neither `oidc_token` nor `oidc_token_file_path` is set", &["oidc_token or oidc_token_file_path"]);
    an_application_without_a_secret: in_place_of("client secret", "an application is configured (`tenant_id` and `client_id`), but neither `client_secret` nor `client_secret_file_path` is set", &["client_secret or client_secret_file_path"]);
    a_login_without_a_token: login("client secret", AuthenticationProblem::Unusable { host: "login.microsoftonline.com".to_owned(), status: 200, cause: "it has no access_token".to_owned() }, None);
    a_new_token_that_is_not_accepted: unaccepted(|error| error.is_new_token = true);
    a_wrong_clock: unaccepted(|error| error.clock_error = Some(ClockError::Behind(Duration::from_secs(600))));
    claims_that_no_new_token_has: unaccepted(|error| { error.challenge = claims(); error.authentication_method = Some("Azure CLI"); });
    claims_that_are_not_enough: unaccepted(|error| { error.challenge = claims(); error.is_new_token = true; });
    a_role_that_does_not_take_effect: Error::Service(Box::new(ServiceError { awaited_role: Some(Duration::from_secs(118)), ..*service_error(403, "AuthorizationFailed", "The client 'x' does not have authorization to perform action 'Microsoft.Resources/deployments/write' over scope '/s'.") }));
    a_github_job_without_the_permission: login("OIDC token of a GitHub workflow", AuthenticationProblem::NotIssued { host: "run-actions-1.actions.githubusercontent.com".to_owned(), status: 401, message: "Unauthorized".to_owned() }, Some("the environment variable ACTIONS_ID_TOKEN_REQUEST_TOKEN"));
    an_azure_devops_job_without_its_token: login("OIDC token of an Azure DevOps pipeline", AuthenticationProblem::NotIssued { host: "dev.azure.com".to_owned(), status: 401, message: "TF400813: not authorized".to_owned() }, Some("the environment variable SYSTEM_ACCESSTOKEN"));
    an_unknown_service_connection: login("OIDC token of an Azure DevOps pipeline", AuthenticationProblem::NotIssued { host: "dev.azure.com".to_owned(), status: 404, message: "No service connection with this ID".to_owned() }, Some("the argument `ado_pipeline_service_connection_id`"));
    a_machine_without_an_identity_endpoint: login("managed identity", AuthenticationProblem::Unreachable { host: "169.254.169.254".to_owned(), kind: TransportKind::Connect, cause: "timed out".to_owned() }, None);
    a_machine_without_this_identity: login("managed identity", AuthenticationProblem::NotIssued { host: "169.254.169.254".to_owned(), status: 400, message: "Identity not found".to_owned() }, Some("the argument `client_id`"));
    an_expired_access_token: login("access token", AuthenticationProblem::Local { cause: "the access token expired at Thu, 01 Jan 1970 00:16:40 GMT; request a new one".to_owned() }, Some("the environment variable ARM_ACCESS_TOKEN"));
    a_certificate_that_is_not_registered: certificate("AADSTS700027", "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application.", false);
    a_certificate_on_an_elliptic_curve: certificate("AADSTS5002730", "AADSTS5002730: Invalid JWT token. Unsupported key for the signing algorithm.", true);
    an_assertion_from_a_machine_with_a_wrong_clock: certificate("AADSTS700024", "AADSTS700024: Client assertion is not within its valid time range. Current time: 2030-01-01T00:00:00Z.", false);
    an_azure_developer_cli_without_login: login("Azure Developer CLI", AuthenticationProblem::Local { cause: "ERROR: not logged in, run `azd auth login` to login".to_owned() }, None);
    an_azure_powershell_without_its_module: login("Azure PowerShell", AuthenticationProblem::Local { cause: "Import-Module: The specified module 'Az.Accounts' was not loaded because no valid module file was found in any module directory.".to_owned() }, None);
    a_chain_that_is_not_trusted: certificate("AADSTS7000213", "AADSTS7000213: Invalid certificate chain.", false);
    a_revoked_certificate: certificate("AADSTS7000277", "AADSTS7000277: The certificate is revoked.", false);
    a_certificate_outside_its_time: certificate("AADSTS1000502", "AADSTS1000502: The provided certificate is not within its specified validity window.", false);
    an_assertion_of_another_application: certificate("AADSTS700021", "AADSTS700021: Client assertion application identifier doesn't match 'client_id' parameter.", false);
    an_expired_login_of_the_azure_cli: reported("Azure CLI", "reported by the Azure CLI");
    an_expired_login_of_the_azure_developer_cli: reported("Azure Developer CLI", "reported by the Azure Developer CLI");
    an_expired_login_of_azure_powershell: reported("Azure PowerShell", "reported by Azure PowerShell");
    an_unknown_refusal: refused("AADSTS1", "AADSTS1: something new.", "the argument `client_id`");
    an_azure_cli_without_login: login("Azure CLI", AuthenticationProblem::Local { cause: "ERROR: Please run 'az login' to setup account.".to_owned() }, None);
    an_azure_cli_without_the_subscription: login("Azure CLI", AuthenticationProblem::Local { cause: "ERROR: Subscription 'x' not found. Check the spelling and casing and try again.".to_owned() }, None);
    an_unreachable_login: login("client secret", AuthenticationProblem::Unreachable { host: "login.microsoftonline.com".to_owned(), kind: TransportKind::Name, cause: "dns error".to_owned() }, None);
    an_unreachable_host: transport(TransportKind::Connect, "tcp connect error: Connection refused (os error 111)");
    an_untrusted_certificate: transport(TransportKind::Tls, "invalid peer certificate: UnknownIssuer");
    a_refusing_proxy: transport(TransportKind::Proxy, "unsuccessful tunnel");
    a_broken_connection: transport(TransportKind::Interrupted, "connection reset by peer");
    a_timeout_with_a_reason: Error::TimedOut { last: Some(Box::new(service(429, "TooManyRequests", "Slow down."))), waited: Duration::from_secs(280), limit: TIMEOUT, next_wait: None, outcome_unknown: false };
    a_timeout_without_one: Error::TimedOut { last: None, waited: Duration::from_secs(280), limit: TIMEOUT, next_wait: None, outcome_unknown: false };
    a_retry_after_the_timeout: Error::TimedOut { last: Some(Box::new(service(503, "ServiceUnavailable", "Try later."))), waited: Duration::from_secs(280), limit: TIMEOUT, next_wait: Some(Duration::from_secs(42)), outcome_unknown: false };
    a_retry_after_a_limit_of_the_provider: Error::TimedOut { last: Some(Box::new(service(503, "ServiceUnavailable", "Try later."))), waited: Duration::from_secs(9), limit: OWN_LIMIT, next_wait: Some(Duration::from_secs(8)), outcome_unknown: false };
    a_timeout_of_a_write: Error::TimedOut { last: None, waited: Duration::from_secs(280), limit: TIMEOUT, next_wait: None, outcome_unknown: true };
    a_throttling_beyond_the_timeout: Error::Throttled { until: SystemTime::UNIX_EPOCH, limit: TIMEOUT, last: Box::new(service(429, "TooManyRequests", "Slow down.")) };
    a_write_that_nobody_confirms: Error::Unconfirmed { last: Box::new(transport(TransportKind::Connect, "connection refused")) };
    a_login_service_in_trouble: unavailable(503);
    a_cancelled_read: Error::Cancelled { outcome_unknown: false };
    a_cancelled_write: Error::Cancelled { outcome_unknown: true };
    a_foreign_host: Error::ForeignHost { host: "evil.example".to_owned(), expected: "management.azure.com".to_owned() };
    a_machine_without_certificates: Error::Setup { cause: "no native root CA certificates found".to_owned() };
}

#[test]
fn the_remedy_of_the_caller_is_kept_beside_that_of_an_incomplete_method() {
    let error = in_place_of("OIDC token", "it is incomplete", &["use_oidc = true"]);

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
        let error = unaccepted(|error| {
            error.challenge = claims();
            error.authentication_method = Some(method);
        });

        let detail = from_error(&error, ACTIVITY).detail;

        assert!(detail.contains(remedy) && !detail.contains("az login"), "{method}: {detail}");
    }
}

#[test]
fn explains_a_missing_login() {
    let unused =
        vec![UnusedMethod { method: "client secret", reason: "not set".to_owned(), why: Unused::NotConfigured }];
    let Diagnostic { summary, detail, .. } = no_credential(&NoCredential { unused }, Interface::Provider);

    insta::assert_snapshot!("explains_a_missing_login", format!("{summary}\n\n{detail}"));
}
