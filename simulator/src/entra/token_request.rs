//! The token endpoints: the client credentials grant with a secret or an assertion.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::resource::Audience;
use super::{EndpointVersion, Entra, EntraError, assertion, discovery, find_tenant};
use crate::clock;
use crate::http::request::form_pairs;
use crate::http::{Request, Response};
use crate::world::identities::{Application, Tenant};
use crate::world::{Claims, World};

/// Handles `POST /{tenant}/oauth2/v2.0/token` and `POST /{tenant}/oauth2/token`.
pub(super) fn handle(
    entra: &Entra<'_>,
    request: &Request,
    world: &World,
    tenant: &str,
    version: EndpointVersion,
) -> Response {
    match grant(entra, request, world, tenant, version) {
        Ok(response) => response.with_header("cache-control", "no-store, no-cache").with_header("pragma", "no-cache"),
        Err(failure) => failure.response(request, world),
    }
}

fn grant(
    entra: &Entra<'_>,
    request: &Request,
    world: &World,
    tenant: &str,
    version: EndpointVersion,
) -> Result<Response, EntraError> {
    let tenant = find_tenant(world, tenant)?;
    let form = Form::read(request);
    let grant = form.required("grant_type")?;
    if grant != "client_credentials" {
        return Err(EntraError::unsupported_grant(grant));
    }
    let client_id = form.required("client_id")?;
    let requested = match version {
        EndpointVersion::V1 => form.required("resource")?,
        EndpointVersion::V2 => form.required("scope")?,
    };
    let application = find_application(world, client_id, tenant)?;
    let audiences = audiences_of(entra, tenant);
    let method = authenticate(&form, application, &audiences, world.now())?;
    let audience = audience(entra, requested, tenant, version)?;
    Ok(issue(entra, world, application, tenant, &audience, method, version))
}

/// How the application authenticated: the claim `appidacr`.
#[derive(Clone, Copy)]
pub(super) enum AuthenticationMethod {
    Secret,
    Assertion,
}

/// The form, including client ID and secret from HTTP Basic authentication.
struct Form(HashMap<String, String>);

impl Form {
    fn read(request: &Request) -> Self {
        let media_type = request.header("content-type").and_then(|value| value.split(';').next()).unwrap_or_default();
        let is_form = media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded");
        // Entra does not read a body of another type.
        let body = if is_form { String::from_utf8_lossy(&request.body) } else { "".into() };
        let mut fields: HashMap<String, String> = form_pairs(&body).collect();
        if let Some((id, secret)) = basic(request) {
            fields.insert("client_id".to_owned(), id);
            fields.insert("client_secret".to_owned(), secret);
        }
        Self(fields)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn required(&self, name: &str) -> Result<&str, EntraError> {
        self.get(name).ok_or_else(|| EntraError::missing_parameter(name))
    }
}

/// Client ID and secret from HTTP Basic authentication. Both are form-encoded before they are joined (RFC 6749, 2.3.1).
fn basic(request: &Request) -> Option<(String, String)> {
    let value = request.header(AUTHORIZATION.as_str())?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(encoded.trim()).ok())??;
    let decoded = String::from_utf8(decoded).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    Some((decode(id), decode(secret)))
}

fn find_application<'a>(world: &'a World, client_id: &str, tenant: &Tenant) -> Result<&'a Application, EntraError> {
    let is_in_tenant = |application: &Application| {
        let home = std::iter::once(&application.tenant_id);
        home.chain(&application.other_tenants).any(|id| id.eq_ignore_ascii_case(&tenant.tenant_id))
    };
    world
        .settings
        .applications
        .iter()
        .find(|application| application.client_id.eq_ignore_ascii_case(client_id) && is_in_tenant(application))
        .ok_or_else(|| EntraError::unknown_application(client_id, &tenant.display_name))
}

fn authenticate(
    form: &Form,
    application: &Application,
    audiences: &[String],
    now: OffsetDateTime,
) -> Result<AuthenticationMethod, EntraError> {
    if let Some(presented) = form.get("client_assertion") {
        let kind = form.required("client_assertion_type")?;
        if kind != assertion::TYPE {
            return Err(EntraError::assertion_type(kind));
        }
        assertion::check(presented, application, audiences, now)?;
        return Ok(AuthenticationMethod::Assertion);
    }
    let presented = form.get("client_secret").ok_or_else(EntraError::missing_credential)?;
    let secret = application
        .secrets
        .iter()
        .find(|secret| secret.value == presented)
        .ok_or_else(|| EntraError::wrong_secret(&application.client_id))?;
    let expired = secret.expires.as_deref().and_then(clock::parse).is_some_and(|expiry| expiry <= now);
    if expired { Err(EntraError::expired_secret(&application.client_id)) } else { Ok(AuthenticationMethod::Secret) }
}

/// The audiences that an assertion may name: the token endpoints and issuers of the tenant, by its ID or its domain.
fn audiences_of(entra: &Entra<'_>, tenant: &Tenant) -> Vec<String> {
    let names = [&tenant.tenant_id, &tenant.default_domain];
    let paths = ["oauth2/v2.0/token", "oauth2/token", "v2.0", ""];
    let pairs = names.into_iter().flat_map(|name| paths.map(|path| (name, path)));
    pairs.map(|(name, path)| format!("{}/{name}/{path}", entra.endpoint)).collect()
}

/// The `aud` claim for a requested scope or resource: the identifier as the client spelled it, as in Entra.
fn audience(
    entra: &Entra<'_>,
    requested: &str,
    tenant: &Tenant,
    version: EndpointVersion,
) -> Result<String, EntraError> {
    let identifier = match version {
        EndpointVersion::V1 => requested,
        EndpointVersion::V2 => {
            // OpenID scopes are allowed and have no effect.
            let openid = ["openid", "profile", "offline_access", "email"];
            let mut scopes = requested.split_whitespace().filter(|scope| !openid.contains(scope));
            let scope = scopes.next().ok_or_else(|| EntraError::scope_malformed(requested))?;
            if scopes.next().is_some() {
                return Err(EntraError::scope_malformed(requested));
            }
            scope.strip_suffix("/.default").ok_or_else(|| EntraError::scope_not_default(scope))?
        }
    };
    match Audience::of(identifier, entra.endpoint) {
        Some(_) => Ok(identifier.to_owned()),
        None => Err(EntraError::resource_not_found(identifier, &tenant.display_name)),
    }
}

fn issue(
    entra: &Entra<'_>,
    world: &World,
    application: &Application,
    tenant: &Tenant,
    audience: &str,
    method: AuthenticationMethod,
    version: EndpointVersion,
) -> Response {
    let lifetime = world.settings.behaviors.token_lifetime_seconds;
    let claims = claims(entra, world, application, tenant, audience, method);
    let token = entra.signer.sign(&claims);
    Response::ok(&match version {
        EndpointVersion::V1 => json!({
            "token_type": "Bearer",
            "expires_in": lifetime.to_string(),
            "ext_expires_in": lifetime.to_string(),
            "expires_on": claims.exp.to_string(),
            "not_before": claims.nbf.to_string(),
            "resource": audience,
            "access_token": token,
        }),
        EndpointVersion::V2 => json!({
            "token_type": "Bearer",
            "expires_in": lifetime,
            "ext_expires_in": lifetime,
            "access_token": token,
        }),
    })
}

/// The claims of a new token.
pub(super) fn claims(
    entra: &Entra<'_>,
    world: &World,
    application: &Application,
    tenant: &Tenant,
    audience: &str,
    method: AuthenticationMethod,
) -> Claims {
    let now = world.now().unix_timestamp();
    // Both endpoints issue version 1 tokens for Resource Manager.
    let issuer = discovery::issuer(entra.endpoint, &tenant.tenant_id, EndpointVersion::V1);
    Claims {
        aud: audience.to_owned(),
        iss: issuer.clone(),
        iat: now,
        nbf: now,
        exp: now + world.settings.behaviors.token_lifetime_seconds,
        appid: application.client_id.clone(),
        appidacr: match method {
            AuthenticationMethod::Secret => "1",
            AuthenticationMethod::Assertion => "2",
        }
        .to_owned(),
        idp: Some(issuer),
        idtyp: "app".to_owned(),
        oid: application.object_id.clone(),
        roles: if Audience::of(audience, entra.endpoint) == Some(Audience::Graph) {
            application.graph_permissions.clone()
        } else {
            Vec::new()
        },
        scp: None,
        sub: application.object_id.clone(),
        tid: tenant.tenant_id.clone(),
        uti: Uuid::new_v4().simple().to_string(),
        ver: "1.0".to_owned(),
        wids: Vec::new(),
    }
}
