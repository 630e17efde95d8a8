//! Authentication with an access token from the environment, which another program requested.

use std::time::SystemTime;

use secrecy::{ExposeSecret, SecretString};

use super::assertion;
use super::availability::Availability;
use super::cleaning;
use super::entra::is_token;
use super::setting::Setting;
use super::settings::Settings;
use super::token_cache::AccessToken;
use super::token_endpoint::protected;
use crate::azure::error::AuthenticationError;

/// An access token from the environment. It cannot be renewed.
#[derive(Debug)]
pub(super) struct EnvironmentToken {
    token: Setting<SecretString>,
}

impl EnvironmentToken {
    pub(super) const NAME: &str = "access token";

    pub(super) fn from_settings(settings: &Settings) -> Availability<Self> {
        match &settings.access_token {
            Some(token) => {
                Availability::Available { level: token.source.level(), method: Self { token: token.clone() } }
            }
            None => Availability::NotConfigured("the environment variable ARM_ACCESS_TOKEN is not set".to_owned()),
        }
    }

    /// Reads the token.
    ///
    /// # Errors
    /// The token is malformed, has expired, or is for another resource.
    pub(super) fn read(&self, resource: &str) -> Result<AccessToken, Box<AuthenticationError>> {
        let token = protected(&cleaning::token(self.token.value.expose_secret()));
        let expiry = check(token.expose_secret(), resource, SystemTime::now()).map_err(|problem| {
            let cause = format!("the access token {problem}");
            AuthenticationError::local(Self::NAME, cause, Some(self.token.source.to_string()))
        })?;
        Ok(AccessToken::new(token.expose_secret().to_owned(), expiry))
    }
}

/// Checks that a token is for `resource` and has not expired. Returns its expiry.
///
/// # Errors
/// The token is unusable. The error contains no secret part of it.
fn check(token: &str, resource: &str, now: SystemTime) -> Result<SystemTime, String> {
    if !is_token(token) {
        return Err("is empty or has characters that no token has".to_owned());
    }
    let audience = assertion::claims_of(token)?.audience;
    if !is_same_resource(&audience, resource) {
        return Err(format!("is for {audience:?}, and a token for {resource:?} is needed"));
    }
    let expiry = assertion::expiry_of(token).ok_or("does not say when it expires")?;
    if expiry <= now {
        return Err(format!("expired at {}; request a new one", httpdate::fmt_http_date(expiry)));
    }
    Ok(expiry)
}

/// The audiences of Resource Manager in each cloud. A token for any audience of a row is accepted.
const RESOURCE_MANAGERS: &[&[&str]] = &[
    &["https://management.azure.com", "https://management.core.windows.net", "797f4846-ba00-4fd7-ba43-dac1f8f63013"],
    &["https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net"],
    &["https://management.chinacloudapi.cn", "https://management.core.chinacloudapi.cn"],
];

fn is_same_resource(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.trim_end_matches('/').to_ascii_lowercase();
    let (one, other) = (bare(one), bare(other));
    let both = |names: &&[&str]| names.contains(&one.as_str()) && names.contains(&other.as_str());
    one == other || RESOURCE_MANAGERS.iter().any(both)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::azure::testing::jwt;

    fn checked(token: &str) -> Result<u64, String> {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let expiry = check(token, "https://management.azure.com", now)?;
        Ok(expiry.duration_since(now).expect("later").as_secs())
    }

    #[test]
    fn accepts_a_token_for_either_audience() {
        for audience in ["https://management.azure.com", "https://management.core.windows.net/"] {
            assert_eq!(checked(&jwt(&json!({"aud": audience, "exp": 1600}))), Ok(600));
        }
    }

    #[test]
    fn reports_the_problem_of_an_unusable_token() {
        let arm = "https://management.azure.com";
        for (token, problem) in [
            ("opaque-secret".to_owned(), "is not a JSON Web Token"),
            (jwt(&json!({"aud": arm, "exp": 1600})) + "…", "characters that no token has"),
            (jwt(&json!({"aud": arm})), "does not say when it expires"),
            (jwt(&json!({"aud": arm, "exp": 1000})), "expired at Thu, 01 Jan 1970 00:16:40 GMT"),
            (jwt(&json!({"aud": arm, "exp": u64::MAX})), "does not say when it expires"),
            (
                jwt(&json!({"aud": "https://graph.microsoft.com", "exp": 1600})),
                "is for \"https://graph.microsoft.com\"",
            ),
            (jwt(&json!({"aud": "https://management.usgovcloudapi.net", "exp": 1600})), "a token for"),
        ] {
            let error = checked(&token).expect_err(problem);
            assert!(error.contains(problem) && !error.contains("opaque-secret"), "{error}");
        }
    }
}
