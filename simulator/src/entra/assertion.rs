//! Client assertions: tokens that a certificate of the application signs, and tokens of another issuer that a federated
//! credential trusts.

use serde_json::Value;
use time::OffsetDateTime;

use super::{EntraError, certificate, token};
use crate::clock;
use crate::world::identities::{Application, FederatedCredential};

/// The only `client_assertion_type`, RFC 7523.
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The clock skew that Entra allows.
const LEEWAY_SECONDS: i64 = 300;

/// Checks the claims and times of an assertion. An assertion of another issuer must have a signature, which is not
/// verified.
///
/// `audiences` are the names of the token endpoint that the claim `aud` may have.
pub(super) fn check(
    presented: &str,
    application: &Application,
    audiences: &[String],
    now: OffsetDateTime,
) -> Result<(), EntraError> {
    if application.accepted_assertions.iter().any(|accepted| accepted == presented) {
        return Ok(());
    }
    let (header, claims) = token::parts(presented).ok_or_else(EntraError::assertion_malformed)?;
    check_has_signature(presented, &header)?;
    if claims["iss"] == application.client_id.as_str() {
        certificate::check_signature(presented, &header, application, now)?;
        check_own_claims(&claims, application, audiences)?;
        return check_time(&claims, now);
    }
    check_trust(&claims, &application.federated_credentials)?;
    check_time(&claims, now)
}

/// The algorithms that Entra accepts.
const ALGORITHMS: &[&str] = &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

fn check_has_signature(presented: &str, header: &Value) -> Result<(), EntraError> {
    let algorithm = header["alg"].as_str().unwrap_or_default();
    if !ALGORITHMS.contains(&algorithm) {
        return Err(EntraError::assertion_malformed());
    }
    if presented.ends_with('.') { Err(EntraError::assertion_unsigned()) } else { Ok(()) }
}

/// The claims of an assertion that the application itself signed.
fn check_own_claims(claims: &Value, application: &Application, audiences: &[String]) -> Result<(), EntraError> {
    if claims["sub"] != application.client_id.as_str() {
        return Err(EntraError::assertion_of_another_application());
    }
    if !claims["aud"].as_str().is_some_and(|audience| audiences.iter().any(|known| known == audience)) {
        return Err(EntraError::assertion_wrong_audience());
    }
    if claims["jti"].as_str().is_none_or(str::is_empty) {
        return Err(EntraError::assertion_malformed());
    }
    Ok(())
}

/// Compares issuer, then subject, then audience. Entra reports the first of these that matches no credential.
fn check_trust(claims: &Value, credentials: &[FederatedCredential]) -> Result<(), EntraError> {
    let text = |name: &str| claims[name].as_str().unwrap_or_default();
    let (issuer, subject) = (text("iss"), text("sub"));
    let audiences: Vec<&str> = match &claims["aud"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    if credentials.is_empty() {
        return Err(EntraError::no_federated_identity());
    }
    let mut matching: Vec<&FederatedCredential> = credentials.iter().filter(|known| known.issuer == issuer).collect();
    if matching.is_empty() {
        return Err(EntraError::assertion_issuer(issuer));
    }
    let differs_in_case = matching.iter().any(|known| known.subject.eq_ignore_ascii_case(subject));
    matching.retain(|known| known.subject == subject);
    if matching.is_empty() && differs_in_case {
        return Err(EntraError::assertion_subject_case(subject));
    }
    if matching.is_empty() {
        return Err(EntraError::assertion_subject(subject));
    }
    matching.retain(|known| audiences.contains(&known.audience.as_str()));
    if matching.is_empty() {
        return Err(EntraError::assertion_audience(&audiences.join(",")));
    }
    Ok(())
}

fn check_time(claims: &Value, now: OffsetDateTime) -> Result<(), EntraError> {
    // A date may have a fraction; MSAL for Python sends one.
    let seconds = |name: &str| claims[name].as_f64().map(|seconds| seconds as i64);
    let expiry = seconds("exp").ok_or_else(EntraError::assertion_malformed)?;
    let is_future = |time: i64| time > now.unix_timestamp() + LEEWAY_SECONDS;
    let early = ["nbf", "iat"].iter().any(|name| seconds(name).is_some_and(is_future));
    if early || expiry + LEEWAY_SECONDS <= now.unix_timestamp() {
        let expiry = OffsetDateTime::from_unix_timestamp(expiry).map_err(|_| EntraError::assertion_malformed())?;
        return Err(EntraError::assertion_expired(&clock::iso(now), &clock::iso(expiry)));
    }
    Ok(())
}
