//! The `WWW-Authenticate` header: the tenant of the resource, and the claims that a new token needs.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use reqwest::Url;
use uuid::Uuid;

/// A `Bearer` challenge.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Challenge {
    /// The tenant in `authorization_uri`, in lower case, if it is a GUID.
    pub tenant: Option<String>,
    /// The claims that a new token must have, as JSON. Azure sends them for continuous access evaluation, for example
    /// after a change of the network or of the account.
    pub claims: Option<String>,
}

impl Challenge {
    /// Reads the challenge of a response, if it has one.
    pub(in crate::azure) fn of(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        values.map(Self::parse).find(|challenge| *challenge != Self::default())
    }

    fn parse(header: &str) -> Self {
        let tenant = parameter(header, "authorization_uri").or_else(|| parameter(header, "authorization"));
        let claims = parameter(header, "claims").and_then(decode);
        Self { tenant: tenant.and_then(tenant_in), claims }
    }
}

/// Reads the value of `name="value"`.
fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.match_indices(name).find_map(|(at, _)| {
        let starts_a_word = header[..at].chars().next_back().is_none_or(|before| before == ' ' || before == ',');
        let value = header[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => value.split([',', ' ']).next(),
        };
        value.filter(|_| starts_a_word)
    })
}

fn tenant_in(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let first = url.path_segments()?.next()?;
    Uuid::try_parse(first).ok().map(|tenant| tenant.to_string())
}

/// Decodes claims: base64 with either alphabet, or plain JSON.
fn decode(claims: &str) -> Option<String> {
    let bare = claims.trim_end_matches('=');
    let decoded = STANDARD_NO_PAD.decode(bare).or_else(|_| URL_SAFE_NO_PAD.decode(bare)).ok();
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| claims.to_owned());
    let is_object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text).is_ok();
    is_object.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "5f3c1d8e-6b0a-4c57-9d1e-2a7b8c9d0e1f";

    fn challenge(header: &str) -> Option<Challenge> {
        let value = http::HeaderValue::from_str(header).expect("a header");
        Challenge::of(&HeaderMap::from_iter([(WWW_AUTHENTICATE, value)]))
    }

    #[test]
    fn reads_the_tenant_from_the_authorization_uri() {
        let tenant = |path: &str| {
            challenge(&format!(
                "Bearer authorization_uri=\"https://login.windows.net/{path}\", error=\"invalid_token\", \
                 error_description=\"The authentication failed because of missing 'Authorization' header.\""
            ))
            .and_then(|challenge| challenge.tenant)
        };

        assert_eq!(tenant(&TENANT.to_uppercase()).as_deref(), Some(TENANT));
        assert_eq!(tenant(&format!("{TENANT}/oauth2/authorize")).as_deref(), Some(TENANT));
        assert_eq!(tenant("common"), None);
    }

    #[test]
    fn decodes_claims() {
        let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1726077595"}}}"#;
        let encoded = base64::engine::general_purpose::STANDARD.encode(claims);
        let header = format!(
            "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
             error=\"insufficient_claims\", claims=\"{encoded}\""
        );

        assert_eq!(challenge(&header), Some(Challenge { tenant: None, claims: Some(claims.to_owned()) }));
        assert_eq!(challenge("Bearer error=\"insufficient_claims\", claims=\"bm90IGpzb24=\""), None);
    }

    #[test]
    fn ignores_other_challenges() {
        assert_eq!(challenge("Basic realm=\"claims\""), None);
        assert_eq!(challenge(""), None);
    }
}
