//! The identity behind an access token: a user or an application. The token itself is never stored or shown.

use serde_json::{Map, Value};

use super::assertion::payload;

/// The identity behind an access token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Caller {
    /// Its object ID in the tenant: `oid`.
    pub object_id: String,
    /// The tenant that issued the token: `tid`.
    pub tenant_id: String,
    /// The kind of identity.
    pub kind: CallerKind,
    /// The client ID of the application, or of the program that the user signed in with: `appid`.
    pub application_id: Option<String>,
    /// Whether the account of a user is in another tenant. Usually, such a user is a guest.
    pub is_external: bool,
    /// The template IDs of tenant-wide directory roles: `wids`. These are only hints, because a token may omit roles,
    /// and roles may have changed.
    pub role_hints: Vec<String>,
}

/// The kind of an identity.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CallerKind {
    /// A user.
    User,
    /// A service principal or a managed identity.
    Application,
}

impl Caller {
    /// Reads the claims of a token. `None` if it is not a JSON Web Token, or has no tenant or object ID.
    #[must_use]
    pub fn of_token(token: &str) -> Option<Self> {
        let claims = payload(token)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let kind = kind(&claims);
        let is_same = |provider: &str| text("iss").is_none_or(|issuer| issuer.eq_ignore_ascii_case(provider));
        Some(Self {
            object_id: text("oid")?,
            tenant_id: text("tid")?,
            kind,
            application_id: text("appid").or_else(|| text("azp")),
            is_external: kind == CallerKind::User && text("idp").is_some_and(|provider| !is_same(&provider)),
            role_hints: texts(&claims, "wids"),
        })
    }

    /// The identity in words, for example "the service principal with the object ID 71c9… (client ID 0d7e…)".
    #[must_use]
    pub fn describe(&self) -> String {
        match (self.kind, &self.application_id) {
            (CallerKind::User, _) => format!("the user with the object ID {}", self.object_id),
            (CallerKind::Application, Some(client)) => {
                format!("the service principal with the object ID {} (client ID {client})", self.object_id)
            }
            (CallerKind::Application, None) => format!("the service principal with the object ID {}", self.object_id),
        }
    }
}

/// Reads the kind from `idtyp`. Without `idtyp`, only tokens of users have the claim `scp`.
fn kind(claims: &Map<String, Value>) -> CallerKind {
    match claims.get("idtyp").and_then(Value::as_str) {
        Some("user") => CallerKind::User,
        Some(_) => CallerKind::Application,
        None if claims.contains_key("scp") => CallerKind::User,
        None => CallerKind::Application,
    }
}

fn texts(claims: &Map<String, Value>, name: &str) -> Vec<String> {
    let values = claims.get(name).and_then(Value::as_array).into_iter().flatten();
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::azure::testing::jwt;

    fn caller(claims: &Value) -> Option<Caller> {
        Caller::of_token(&jwt(claims))
    }

    #[test]
    fn reads_the_token_of_an_application() {
        let issuer = "https://sts.windows.net/t/";
        let claims = json!({"oid": "o", "tid": "t", "idtyp": "app", "appid": "a", "iss": issuer, "idp": issuer});

        let caller = caller(&claims).expect("a caller");

        assert_eq!((caller.kind, caller.is_external), (CallerKind::Application, false));
        assert_eq!(caller.describe(), "the service principal with the object ID o (client ID a)");
    }

    #[test]
    fn reads_the_token_of_a_user_with_and_without_idtyp() {
        for claims in [json!({"oid": "o", "tid": "t", "idtyp": "user"}), json!({"oid": "o", "tid": "t", "scp": "x"})] {
            let caller = caller(&claims).expect("a caller");
            assert_eq!((caller.kind, caller.is_external), (CallerKind::User, false));
        }
    }

    #[test]
    fn user_of_another_tenant_is_external() {
        let claims = json!({"oid": "o", "tid": "t", "idtyp": "user", "iss": "https://sts.windows.net/t/",
            "idp": "https://sts.windows.net/home/", "wids": ["w"]});

        let caller = caller(&claims).expect("a caller");

        assert!(caller.is_external);
        assert_eq!(caller.role_hints, ["w"]);
    }

    #[test]
    fn unreadable_token_has_no_caller() {
        assert_eq!(Caller::of_token("opaque"), None);
        assert_eq!(caller(&json!({"oid": "o"})), None);
    }
}
