//! The directory roles of the identity, including those of its groups.
//!
//! | identity | request | Graph permission |
//! |---|---|---|
//! | user | `GET /v1.0/me/transitiveMemberOf/microsoft.graph.directoryRole` | delegated `User.Read` |
//! | application | `GET /v1.0/servicePrincipals(appId='…')/transitiveMemberOf` | `Directory.Read.All` |
//!
//! With only `Application.Read.All`, Microsoft Graph returns the roles of an application without their template IDs. It
//! returns an eligible role (Privileged Identity Management) only after the role is activated.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::Value;

use crate::azure::credential::{Caller, CallerKind};
use crate::azure::{Client, Deadline, Error, Request};
use crate::session::{CachePolicy, Lookup, cache_failure};

/// Looks up the directory roles of the identity.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct DirectoryRoles {
    principal: Principal,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Principal {
    /// The signed-in user.
    Me,
    /// A service principal by its client ID.
    Application(String),
    /// A service principal by its object ID.
    Object(String),
}

/// One directory role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DirectoryRole {
    /// The template ID, which is the same in every tenant. `None` if the identity may not read it.
    pub template_id: Option<String>,
    /// The name in the portal.
    pub name: Option<String>,
}

impl DirectoryRoles {
    /// Looks up the roles of this identity.
    #[must_use]
    pub fn of(caller: &Caller) -> Self {
        let principal = match (caller.kind, &caller.application_id) {
            (CallerKind::User, _) => Principal::Me,
            (CallerKind::Application, Some(client)) => Principal::Application(client.clone()),
            (CallerKind::Application, None) => Principal::Object(caller.object_id.clone()),
        };
        Self { principal }
    }

    fn request(&self) -> Request {
        match &self.principal {
            // Graph supports the cast to a type only as an advanced query.
            Principal::Me => Request::new(Method::GET, "/v1.0/me/transitiveMemberOf/microsoft.graph.directoryRole")
                .query("$count", "true")
                .header("consistencylevel", "eventual"),
            Principal::Application(client) => {
                Request::new(Method::GET, format!("/v1.0/servicePrincipals(appId='{client}')/transitiveMemberOf"))
            }
            Principal::Object(id) => {
                Request::new(Method::GET, format!("/v1.0/servicePrincipals/{id}/transitiveMemberOf"))
            }
        }
    }
}

impl Lookup for DirectoryRoles {
    /// The roles, or the error of the request. `None` if the configured cloud has no Microsoft Graph endpoint.
    type Response = Result<Option<Arc<Vec<DirectoryRole>>>, Error>;
    /// The data sources of several workspaces look up the roles of the same identity.
    const CACHE: CachePolicy = CachePolicy::For(Duration::from_secs(60));

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<Self::Response, Error> {
        let Some(graph) = client.graph() else { return Ok(Ok(None)) };
        let objects = graph.list(&self.request(), deadline).await;
        cache_failure(objects.map(|objects| Some(Arc::new(objects.iter().filter_map(DirectoryRole::parse).collect()))))
    }
}

impl DirectoryRole {
    /// Parses a directory role. Returns `None` for a group or another object.
    fn parse(object: &Value) -> Option<Self> {
        let text = |name: &str| object[name].as_str().map(str::to_owned);
        // A list that is cast to one type omits the type.
        let is_role =
            text("@odata.type").is_none_or(|kind| kind.eq_ignore_ascii_case("#microsoft.graph.directoryRole"));
        is_role.then(|| Self { template_id: text("roleTemplateId"), name: text("displayName") })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn caller(kind: CallerKind, application_id: Option<&str>) -> Caller {
        Caller {
            object_id: "o".to_owned(),
            tenant_id: "t".to_owned(),
            kind,
            application_id: application_id.map(str::to_owned),
            is_external: false,
            role_hints: Vec::new(),
        }
    }

    #[test]
    fn each_identity_requests_its_own_roles() {
        for (kind, application, path) in [
            (CallerKind::User, Some("az"), "/v1.0/me/transitiveMemberOf/microsoft.graph.directoryRole"),
            (CallerKind::Application, Some("a"), "/v1.0/servicePrincipals(appId='a')/transitiveMemberOf"),
            (CallerKind::Application, None, "/v1.0/servicePrincipals/o/transitiveMemberOf"),
        ] {
            let request = DirectoryRoles::of(&caller(kind, application)).request();
            assert_eq!(request.path(), path);
            assert_eq!(request.headers().is_empty(), kind == CallerKind::Application, "an advanced query has a header");
        }
    }

    #[test]
    fn skips_groups_and_keeps_hidden_roles_without_template() {
        let role = json!({"@odata.type": "#microsoft.graph.directoryRole", "roleTemplateId": "r", "displayName": "R"});
        let hidden = json!({"@odata.type": "#microsoft.graph.directoryRole", "id": "i", "roleTemplateId": null});

        let of = |object| DirectoryRole::parse(&object).map(|role| role.template_id);
        assert_eq!(of(role), Some(Some("r".to_owned())));
        assert_eq!(of(hidden), Some(None));
        assert_eq!(of(json!({"@odata.type": "#microsoft.graph.group", "id": "g"})), None);
        assert_eq!(of(json!({"roleTemplateId": "r"})), Some(Some("r".to_owned())));
    }
}
