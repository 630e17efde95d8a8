//! Client assertions: tokens of another issuer that a federated credential trusts.

use serde_json::Value;
use time::OffsetDateTime;

use super::{EntraError, token};
use crate::clock;
use crate::world::identities::{Application, FederatedCredential};

/// The only `client_assertion_type`, RFC 7523.
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The clock skew that Entra allows.
const LEEWAY_SECONDS: i64 = 300;

/// Checks the claims and times of an assertion, not its signature.
pub(super) fn check(presented: &str, application: &Application, now: OffsetDateTime) -> Result<(), EntraError> {
    if application.accepted_assertions.iter().any(|accepted| accepted == presented) {
        return Ok(());
    }
    let claims = token::payload(presented).ok_or_else(EntraError::assertion_malformed)?;
    check_trust(&claims, &application.federated_credentials)?;
    check_time(&claims, now)
}

/// Compares issuer, then subject, then audience. Entra reports the first that no credential has.
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
    let mut left: Vec<&FederatedCredential> = credentials.iter().filter(|known| known.issuer == issuer).collect();
    if left.is_empty() {
        return Err(EntraError::assertion_issuer(issuer));
    }
    let differs_in_case = left.iter().any(|known| known.subject.eq_ignore_ascii_case(subject));
    left.retain(|known| known.subject == subject);
    if left.is_empty() && differs_in_case {
        return Err(EntraError::assertion_subject_case(subject));
    }
    if left.is_empty() {
        return Err(EntraError::assertion_subject(subject));
    }
    left.retain(|known| audiences.contains(&known.audience.as_str()));
    if left.is_empty() {
        return Err(EntraError::assertion_audience(&audiences.join(",")));
    }
    Ok(())
}

fn check_time(claims: &Value, now: OffsetDateTime) -> Result<(), EntraError> {
    let seconds = |name: &str| claims[name].as_i64();
    let expiry = seconds("exp").ok_or_else(EntraError::assertion_malformed)?;
    let early = seconds("nbf").is_some_and(|start| start > now.unix_timestamp() + LEEWAY_SECONDS);
    if early || expiry + LEEWAY_SECONDS <= now.unix_timestamp() {
        let expiry = OffsetDateTime::from_unix_timestamp(expiry).map_err(|_| EntraError::assertion_malformed())?;
        return Err(EntraError::assertion_expired(&clock::iso(now), &clock::iso(expiry)));
    }
    Ok(())
}
