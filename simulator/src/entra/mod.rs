//! Microsoft Entra: discovery documents, token endpoints, and the tokens that Resource Manager believes.

mod assertion;
mod discovery;
mod error;
mod resource;
mod token;
mod token_request;

use hyper::{Method, StatusCode};

use crate::http::{Answer, Call};
use crate::world::World;
use crate::world::settings::Tenant;

pub(crate) use error::Failure;
pub(crate) use resource::Audience;
pub(crate) use token::{Claims, Signer};

/// The login host.
#[derive(Clone, Copy)]
pub(crate) struct Entra<'a> {
    /// Base URL without a slash at its end.
    pub(crate) endpoint: &'a str,
    pub(crate) signer: &'a Signer,
}

/// The two generations of endpoints: they name the wish, the issuer and the lifetimes differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

impl Entra<'_> {
    /// Answers if the path is one of Entra's.
    pub(crate) fn answer(&self, call: &Call, world: &World) -> Option<Answer> {
        let segments: Vec<String> = call.path.trim_matches('/').split('/').map(str::to_lowercase).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (tenant, rest) = segments.split_first()?;
        let get = |answer: Answer| Some(allow(call, &Method::GET, || answer));
        match rest {
            ["discovery", "instance"] => get(discovery::instance(call, self.endpoint)),
            ["discovery", "keys"] | ["discovery", "v2.0", "keys"] => get(discovery::keys(self.signer)),
            [".well-known", "openid-configuration"] => get(self.configuration(call, world, tenant, Version::V1)),
            ["v2.0", ".well-known", "openid-configuration"] => {
                get(self.configuration(call, world, tenant, Version::V2))
            }
            ["oauth2", "token"] => {
                Some(allow(call, &Method::POST, || token_request::answer(self, call, world, tenant, Version::V1)))
            }
            ["oauth2", "v2.0", "token"] => {
                Some(allow(call, &Method::POST, || token_request::answer(self, call, world, tenant, Version::V2)))
            }
            _ => None,
        }
    }

    fn configuration(&self, call: &Call, world: &World, tenant: &str, version: Version) -> Answer {
        let tenant = match tenant {
            // The tenant-less configuration: its issuer is a template.
            "common" | "organizations" | "consumers" => "{tenantid}".to_owned(),
            _ => match find_tenant(world, tenant) {
                Ok(tenant) => tenant.tenant_id.clone(),
                Err(failure) => return failure.answer(call, world),
            },
        };
        discovery::configuration(self.endpoint, &tenant, version)
    }
}

/// The tenant that a login URL names, by id or by domain.
fn find_tenant<'a>(world: &'a World, name: &str) -> Result<&'a Tenant, Failure> {
    let found =
        world.settings.tenants.iter().find(|tenant| {
            tenant.tenant_id.eq_ignore_ascii_case(name) || tenant.default_domain.eq_ignore_ascii_case(name)
        });
    found.ok_or_else(|| {
        let looks_right = uuid::Uuid::try_parse(name).is_ok() || name.contains('.');
        if looks_right { Failure::tenant_not_found(name) } else { Failure::invalid_tenant(name) }
    })
}

fn allow(call: &Call, method: &Method, answer: impl FnOnce() -> Answer) -> Answer {
    if call.method == *method || (*method == Method::GET && call.method == Method::HEAD) {
        answer()
    } else {
        Answer::empty(StatusCode::METHOD_NOT_ALLOWED).with_header("allow", method.as_str())
    }
}
