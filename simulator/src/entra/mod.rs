//! Microsoft Entra: discovery documents, token endpoints, and access tokens.

mod assertion;
mod certificate;
mod discovery;
mod error;
mod resource;
mod token;
mod token_request;
mod user_token;

use hyper::{Method, StatusCode};

use crate::http::{Request, Response};
use crate::world::identities::Tenant;
use crate::world::{Claims, World};

pub(crate) use error::EntraError;
pub(crate) use resource::{Audience, GRAPH_PATH, LOG_ANALYTICS_PATH};
pub(crate) use token::Signer;

/// Microsoft Entra at one address.
#[derive(Clone, Copy)]
pub(crate) struct Entra<'a> {
    /// Base URL, without a trailing slash.
    pub(crate) endpoint: &'a str,
    pub(crate) signer: &'a Signer,
}

/// The two versions of Entra's endpoints. They differ in the name of the scope parameter, the issuer and the format of
/// lifetimes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointVersion {
    V1,
    V2,
}

impl Entra<'_> {
    /// Handles a request to Entra. Returns none for other paths.
    pub(crate) fn handle(&self, request: &Request, world: &World) -> Option<Response> {
        let segments = request.path.split('/').filter(|segment| !segment.is_empty());
        let segments: Vec<String> = segments.map(str::to_lowercase).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (tenant, rest) = segments.split_first()?;
        let get = |response: Response| Some(allow(request, &Method::GET, || response));
        match rest {
            ["discovery", "instance"] => get(discovery::instance(request, self.endpoint)),
            ["discovery", "keys"] | ["discovery", "v2.0", "keys"] => get(discovery::keys(self.signer)),
            [".well-known", "openid-configuration"] => {
                get(self.configuration(request, world, tenant, EndpointVersion::V1))
            }
            ["v2.0", ".well-known", "openid-configuration"] => {
                get(self.configuration(request, world, tenant, EndpointVersion::V2))
            }
            ["oauth2", "token"] => Some(allow(request, &Method::POST, || {
                token_request::handle(self, request, world, tenant, EndpointVersion::V1)
            })),
            ["oauth2", "v2.0", "token"] => Some(allow(request, &Method::POST, || {
                token_request::handle(self, request, world, tenant, EndpointVersion::V2)
            })),
            _ => None,
        }
    }

    /// A Resource Manager token of the world's first application, as if it had authenticated with a secret.
    pub(crate) fn token_of_first_application(&self, world: &World) -> Option<String> {
        let application = world.settings.applications.first()?;
        let tenant = find_tenant(world, &application.tenant_id).ok()?;
        let method = token_request::AuthenticationMethod::Secret;
        Some(self.signer.sign(&token_request::claims(self, world, application, tenant, self.endpoint, method)))
    }

    /// The token of a managed identity, which is an application of the world. None if the identity or the resource is
    /// unknown.
    pub(crate) fn token_of_identity(&self, world: &World, client_id: &str, resource: &str) -> Option<(String, Claims)> {
        let mut applications = world.settings.applications.iter();
        let application = applications.find(|application| application.client_id.eq_ignore_ascii_case(client_id))?;
        let tenant = find_tenant(world, &application.tenant_id).ok()?;
        Audience::of(resource, self.endpoint)?;
        let method = token_request::AuthenticationMethod::Assertion;
        let claims = token_request::claims(self, world, application, tenant, resource, method);
        Some((self.signer.sign(&claims), claims))
    }

    fn configuration(&self, request: &Request, world: &World, tenant: &str, version: EndpointVersion) -> Response {
        let tenant = match tenant {
            // Without a tenant, the issuer is a template.
            "common" | "organizations" | "consumers" => "{tenantid}".to_owned(),
            _ => match find_tenant(world, tenant) {
                Ok(tenant) => tenant.tenant_id.clone(),
                Err(failure) => return failure.response(request, world),
            },
        };
        discovery::configuration(self.endpoint, &tenant, version)
    }
}

/// Looks up the tenant in a URL by ID or domain.
fn find_tenant<'a>(world: &'a World, name: &str) -> Result<&'a Tenant, EntraError> {
    let found =
        world.settings.tenants.iter().find(|tenant| {
            tenant.tenant_id.eq_ignore_ascii_case(name) || tenant.default_domain.eq_ignore_ascii_case(name)
        });
    found.ok_or_else(|| {
        let is_well_formed = uuid::Uuid::try_parse(name).is_ok() || name.contains('.');
        if is_well_formed { EntraError::tenant_not_found(name) } else { EntraError::invalid_tenant(name) }
    })
}

fn allow(request: &Request, method: &Method, response: impl FnOnce() -> Response) -> Response {
    if request.method == *method || (*method == Method::GET && request.method == Method::HEAD) {
        response()
    } else {
        Response::empty(StatusCode::METHOD_NOT_ALLOWED).with_header("allow", method.as_str())
    }
}
