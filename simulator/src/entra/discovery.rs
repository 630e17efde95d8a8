//! Discovery: OpenID configuration, cloud instances, and signing keys.

use hyper::StatusCode;
use serde_json::json;

use super::EndpointVersion;
use super::token::Signer;
use crate::http::{Request, Response};

/// `/{tenant}/.well-known/openid-configuration`, and the same below `v2.0`.
pub(super) fn configuration(endpoint: &str, tenant: &str, version: EndpointVersion) -> Response {
    let segment = if tenant == "{tenantid}" { "common" } else { tenant };
    let base = format!("{endpoint}/{segment}");
    let (oauth, keys) = match version {
        EndpointVersion::V1 => (format!("{base}/oauth2"), format!("{endpoint}/common/discovery/keys")),
        EndpointVersion::V2 => (format!("{base}/oauth2/v2.0"), format!("{base}/discovery/v2.0/keys")),
    };
    Response::ok(&json!({
        "token_endpoint": format!("{oauth}/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": keys,
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [Signer::ALGORITHM],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer(endpoint, tenant, version),
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
        "authorization_endpoint": format!("{oauth}/authorize"),
        "device_authorization_endpoint": format!("{oauth}/devicecode"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": format!("{oauth}/logout"),
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nbf", "tid", "oid", "ver"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": host(endpoint),
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
        "rbac_url": "https://pas.windows.net",
    }))
}

/// The `iss` claim of a tenant's tokens.
pub(super) fn issuer(endpoint: &str, tenant: &str, version: EndpointVersion) -> String {
    match version {
        EndpointVersion::V1 => format!("{endpoint}/{tenant}/"),
        EndpointVersion::V2 => format!("{endpoint}/{tenant}/v2.0"),
    }
}

/// `/common/discovery/instance`: the hosts of the cloud, and where the tenant's configuration is.
pub(super) fn instance(request: &Request, endpoint: &str) -> Response {
    let Some(authorize) = request.parameter("authorization_endpoint") else {
        return Response::json(
            StatusCode::BAD_REQUEST,
            &json!({
                "error": "invalid_request",
                "error_description": "AADSTS900144: The request body must contain the following parameter: 'authorization_endpoint'.",
                "error_codes": [900_144],
            }),
        );
    };
    let ours = authorize.strip_prefix(endpoint).or_else(|| {
        // Some clients always use the public cloud's host for instance discovery.
        authorize.strip_prefix("https://login.microsoftonline.com")
    });
    let Some(path) = ours else {
        return Response::json(
            StatusCode::BAD_REQUEST,
            &json!({
                "error": "invalid_instance",
                "error_description": "AADSTS50049: Unknown or invalid instance.",
                "error_codes": [50049],
            }),
        );
    };
    let tenant = path.trim_start_matches('/').split('/').next().unwrap_or("common");
    Response::ok(&json!({
        "tenant_discovery_endpoint": format!("{endpoint}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": request.parameter("api-version").unwrap_or_else(|| "1.1".to_owned()),
        "metadata": [{
            "preferred_network": host(endpoint),
            "preferred_cache": host(endpoint),
            "aliases": [host(endpoint)],
        }],
    }))
}

/// The public key of the tokens, as a JSON Web Key Set.
pub(super) fn keys(signer: &Signer) -> Response {
    Response::ok(&json!({"keys": [signer.public_key()]}))
}

fn host(endpoint: &str) -> &str {
    endpoint.trim_start_matches("https://")
}
