//! Authentication: the bearer token of a request, and whether its tenant may access the subscription.

use hyper::StatusCode;
use serde_json::Value;
use time::OffsetDateTime;

use super::error::ArmError;
use crate::entra::{Audience, Entra};
use crate::http::Request;
use crate::world::{Claims, World};

/// Returns the claims of the request's token, which must be valid, unexpired and issued for Resource Manager.
pub(crate) fn authenticate(request: &Request, world: &World, entra: &Entra<'_>) -> Result<Claims, ArmError> {
    let Some(header) = request.header("authorization") else {
        let tenant = home_tenant(request, world)?;
        return Err(unauthorized(
            entra,
            &tenant,
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.",
            "The authentication failed because of missing 'Authorization' header.",
        ));
    };
    let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some(token) = token.map(|(_, token)| token.trim()).filter(|token| !token.is_empty()) else {
        return Err(unauthorized(
            entra,
            ANY_TENANT,
            "AuthenticationFailedInvalidHeader",
            "Authentication failed. The 'Authorization' header is provided in an invalid format.",
            "The authentication scheme is invalid.",
        ));
    };
    let Ok(claims) = entra.signer.verify(token) else {
        return Err(unauthorized(
            entra,
            ANY_TENANT,
            "InvalidAuthenticationToken",
            "The access token is invalid.",
            "Could not find identity for access token.",
        ));
    };
    let now = world.now();
    if claims.exp <= now.unix_timestamp() {
        let expiry = OffsetDateTime::from_unix_timestamp(claims.exp).unwrap_or(now);
        let message = format!(
            "The access token expiry UTC time '{}' is earlier than current UTC time '{}'.",
            us_format(expiry),
            us_format(now)
        );
        return Err(unauthorized(
            entra,
            ANY_TENANT,
            "ExpiredAuthenticationToken",
            &message,
            "The access token expired.",
        ));
    }
    if Audience::of(&claims.aud, entra.endpoint) != Some(Audience::ResourceManager) {
        let message = format!(
            "The access token has been obtained for wrong audience or resource '{}'. It should exactly match with one \
             of the allowed audiences '{}/','https://management.core.windows.net/',\
             'https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'.",
            claims.aud, entra.endpoint
        );
        return Err(unauthorized(entra, ANY_TENANT, "InvalidAuthenticationTokenAudience", &message, "Wrong audience."));
    }
    check_auxiliary(request, world, entra)?;
    Ok(claims)
}

/// Checks the auxiliary tokens, which are for other tenants. At most three are allowed, and each must be valid.
fn check_auxiliary(request: &Request, world: &World, entra: &Entra<'_>) -> Result<(), ArmError> {
    let Some(header) = request.header("x-ms-authorization-auxiliary") else { return Ok(()) };
    let tokens: Vec<&str> = header.split([',', ';']).map(str::trim).collect();
    let is_valid = |token: &&str| {
        let token = token.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let claims = token.and_then(|(_, token)| entra.signer.verify(token.trim()).ok());
        claims.is_some_and(|claims| {
            let audience = Audience::of(&claims.aud, entra.endpoint);
            claims.exp > world.now().unix_timestamp() && audience == Some(Audience::ResourceManager)
        })
    };
    if tokens.len() <= 3 && tokens.iter().all(is_valid) {
        return Ok(());
    }
    let message = "The auxiliary tokens are invalid. There may be three, and each must be valid and not expired.";
    Err(unauthorized(entra, ANY_TENANT, "InvalidAuxiliaryTokens", message, "An auxiliary token is invalid."))
}

fn find_subscription<'a>(world: &'a World, subscription: &str) -> Result<&'a Value, ArmError> {
    if uuid::Uuid::try_parse(subscription).is_err() {
        let message = format!("The provided subscription identifier '{subscription}' is malformed or invalid.");
        return Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidSubscriptionId", message));
    }
    let document = world.documents.get(&format!("/subscriptions/{subscription}"));
    document.ok_or_else(|| ArmError::subscription_not_found(subscription))
}

/// Checks that the subscription exists, and that the token is from its tenant or from a tenant that manages it by
/// delegation.
pub(crate) fn check_subscription(world: &World, caller: &Claims, subscription: &str) -> Result<(), ArmError> {
    let document = find_subscription(world, subscription)?;
    let home = document["tenantId"].as_str().unwrap_or_default();
    let managers = document["managedByTenants"].as_array().into_iter().flatten();
    let mut tenants = managers.filter_map(|manager| manager["tenantId"].as_str()).chain([home]);
    if tenants.any(|tenant| tenant.eq_ignore_ascii_case(&caller.tid)) {
        return Ok(());
    }
    let message = format!(
        "The access token is from the wrong issuer 'https://sts.windows.net/{}/'. It must match the tenant \
         'https://sts.windows.net/{home}/' associated with this subscription. Please use the authority (URL) \
         'https://login.windows.net/{home}' to get the token. Note, if the subscription is transferred to another \
         tenant there is no impact to the services, but information about new tenant could take time to propagate \
         (up to an hour). If you just transferred your subscription and see this error message, please try back later.",
        caller.tid
    );
    Err(ArmError::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationTokenTenant", message))
}

/// Returns the tenant for the challenge of a request without a token: the tenant of the subscription in the path.
/// Resource Manager looks up the subscription before it requires a token.
fn home_tenant(request: &Request, world: &World) -> Result<String, ArmError> {
    let mut segments = request.path.trim_start_matches('/').split('/');
    let in_subscription = segments.next().is_some_and(|first| first.eq_ignore_ascii_case("subscriptions"));
    let Some(subscription) = segments.next().filter(|id| in_subscription && !id.is_empty()) else {
        return Ok(ANY_TENANT.to_owned());
    };
    let document = find_subscription(world, subscription)?;
    Ok(document["tenantId"].as_str().unwrap_or(ANY_TENANT).to_owned())
}

const ANY_TENANT: &str = "common";

fn unauthorized(entra: &Entra<'_>, tenant: &str, code: &str, message: &str, description: &str) -> ArmError {
    let challenge = format!(
        "Bearer authorization_uri=\"{}/{tenant}\", error=\"invalid_token\", error_description=\"{description}\"",
        entra.endpoint
    );
    ArmError::new(StatusCode::UNAUTHORIZED, code, message).with_header("www-authenticate", challenge)
}

/// A time as Azure writes it in this message: `1/15/2026 9:30:05 AM`.
fn us_format(time: OffsetDateTime) -> String {
    let format = time::macros::format_description!(
        "[month padding:none]/[day padding:none]/[year] [hour repr:12 padding:none]:[minute]:[second] [period]"
    );
    time.format(format).expect("invariant: every time has these components")
}
