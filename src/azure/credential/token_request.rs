//! The request for an access token: its scope, its tenant, and the claims that Azure requires.

use serde_json::{Map, Value, json};

use super::setting::Setting;
use super::token_cache::AccessToken;

/// The access token to request.
#[derive(Clone, Copy, Debug)]
pub(super) struct TokenRequest<'a> {
    /// The audience with `/.default`.
    pub(super) scope: &'a str,
    /// The auxiliary tenant, from `auxiliary_tenant_ids`. `None` for the tenant of the identity.
    pub(super) tenant: Option<&'a Setting<String>>,
    /// The last token that Azure rejected.
    pub(super) rejected: Option<&'a RejectedToken>,
}

/// A token that Azure rejected, and the claims that Azure requires.
#[derive(Clone, Debug)]
pub(super) struct RejectedToken {
    pub(super) token: AccessToken,
    /// The claims of the challenge, as a JSON object.
    pub(super) claims: Option<String>,
}

impl TokenRequest<'_> {
    /// The audience of the token.
    pub(super) fn resource(&self) -> &str {
        self.scope.strip_suffix("/.default").unwrap_or(self.scope)
    }

    /// The claims for Microsoft Entra: those of the challenge, and the client capability `cp1`. With `cp1`, the
    /// provider declares that it handles claims challenges, so Microsoft Entra may issue long-lived tokens that can be
    /// revoked at any time.
    pub(super) fn claims(&self) -> String {
        let required = self.rejected.and_then(|rejected| rejected.claims.as_deref());
        let mut claims: Map<String, Value> =
            required.and_then(|claims| serde_json::from_str(claims).ok()).unwrap_or_default();
        let of_token = claims.entry("access_token").or_insert_with(|| json!({}));
        if let Value::Object(of_token) = of_token {
            of_token.insert("xms_cc".to_owned(), json!({"values": ["cp1"]}));
        }
        Value::Object(claims).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(asked: Option<&str>) -> String {
        let token = AccessToken::new("t".to_owned(), std::time::SystemTime::now());
        let rejected = asked.map(|claims| RejectedToken { token, claims: Some(claims.to_owned()) });
        TokenRequest { scope: "s/.default", tenant: None, rejected: rejected.as_ref() }.claims()
    }

    #[test]
    fn every_request_declares_the_cp1_capability() {
        assert_eq!(claims(None), r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#);
    }

    #[test]
    fn merges_the_claims_of_a_challenge() {
        let asked = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}},"id_token":{}}"#;

        assert_eq!(
            claims(Some(asked)),
            r#"{"access_token":{"nbf":{"essential":true,"value":"1"},"xms_cc":{"values":["cp1"]}},"id_token":{}}"#
        );
    }
}
