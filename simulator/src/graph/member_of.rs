//! `transitiveMemberOf`: the groups and directory roles of a user or service principal, including those of its groups.
//!
//! | permission of the caller | result |
//! |---|---|
//! | delegated `User.Read` (only `/me`), or `Directory.Read.All` | complete objects |
//! | application `Application.Read.All` | only type and ID of directory roles and groups |
//! | none of them | 403 |

use serde_json::{Value, json};

use super::error::GraphError;
use crate::entra::GRAPH_PATH;
use crate::http::{Request, Response};
use crate::world::{Claims, World};

const ROLE: &str = "#microsoft.graph.directoryRole";
const GROUP: &str = "#microsoft.graph.group";

/// Permissions that show every kind of object.
const DIRECTORY: [&str; 2] = ["Directory.Read.All", "Directory.ReadWrite.All"];

/// The memberships of the signed-in user.
pub(super) fn me(
    request: &Request,
    world: &World,
    caller: &Claims,
    cast: Option<&str>,
    endpoint: &str,
) -> Result<Response, GraphError> {
    let Some(scopes) = &caller.scp else { return Err(GraphError::only_delegated()) };
    let own = ["User.Read", "User.ReadBasic.All", "User.Read.All"];
    if !scopes.split(' ').any(|scope| own.contains(&scope) || DIRECTORY.contains(&scope)) {
        return Err(GraphError::insufficient_privileges());
    }
    list(request, world, caller, &caller.oid, cast, true, endpoint)
}

/// The memberships of a service principal. `key` is an object ID or `servicePrincipals(appId='{client ID}')`.
pub(super) fn service_principal(
    request: &Request,
    world: &World,
    caller: &Claims,
    key: &str,
    cast: Option<&str>,
    endpoint: &str,
) -> Result<Response, GraphError> {
    let granted: Vec<&str> = match &caller.scp {
        Some(scopes) => scopes.split(' ').collect(),
        None => caller.roles.iter().map(String::as_str).collect(),
    };
    let has = |names: &[&str]| granted.iter().any(|scope| names.contains(scope));
    let is_complete = has(&DIRECTORY);
    if !is_complete && !has(&["Application.Read.All", "Application.ReadWrite.All"]) {
        return Err(GraphError::insufficient_privileges());
    }
    let by_client = key.strip_prefix("servicePrincipals(appId='").and_then(|rest| rest.strip_suffix("')"));
    let found = world.settings.applications.iter().find(|application| {
        let is_here = application.tenant_id == caller.tid || application.other_tenants.contains(&caller.tid);
        is_here
            && match by_client {
                Some(client) => application.client_id.eq_ignore_ascii_case(client),
                None => application.object_id.eq_ignore_ascii_case(key),
            }
    });
    let principal = found.ok_or_else(|| GraphError::not_found(by_client.unwrap_or(key)))?;
    list(request, world, caller, &principal.object_id, cast, is_complete, endpoint)
}

fn list(
    request: &Request,
    world: &World,
    caller: &Claims,
    principal: &str,
    cast: Option<&str>,
    is_complete: bool,
    endpoint: &str,
) -> Result<Response, GraphError> {
    let is_advanced = request.header("consistencylevel").is_some_and(|level| level.eq_ignore_ascii_case("eventual"))
        && request.parameter("$count").as_deref() == Some("true");
    if cast.is_some() && !is_advanced {
        return Err(GraphError::advanced_query());
    }
    let wanted = cast.map(|cast| format!("#{cast}"));
    let objects = world.transitive_member_of(&caller.tid, principal).into_iter();
    let objects = objects.filter(|object| wanted.as_deref().is_none_or(|wanted| object["@odata.type"] == wanted));
    let value: Vec<Value> = objects.map(|object| if is_complete { object } else { hidden(&object) }).collect();
    let mut document = json!({
        "@odata.context": format!("{endpoint}{GRAPH_PATH}/v1.0/$metadata#directoryObjects"),
        "value": value,
    });
    if is_advanced {
        document["@odata.count"] = json!(document["value"].as_array().map_or(0, Vec::len));
    }
    Ok(Response::ok(&document))
}

/// An object whose type the caller may not read: its members are null.
fn hidden(object: &Value) -> Value {
    let mut object = object.clone();
    for (name, value) in object.as_object_mut().into_iter().flatten() {
        if name != "@odata.type" && name != "id" {
            *value = Value::Null;
        }
    }
    object
}

impl World {
    /// The template IDs of a principal's directory roles, including those of its groups.
    pub(crate) fn role_templates_of(&self, tenant: &str, principal: &str) -> Vec<String> {
        let objects = self.transitive_member_of(tenant, principal).into_iter();
        objects.filter_map(|object| object["roleTemplateId"].as_str().map(str::to_owned)).collect()
    }

    /// The direct and indirect groups of a principal, and the directory roles of the principal and its groups.
    fn transitive_member_of(&self, tenant: &str, principal: &str) -> Vec<Value> {
        let mut ids = vec![principal.to_lowercase()];
        let mut objects = Vec::new();
        let mut next = 0;
        while let Some(id) = ids.get(next).cloned() {
            next += 1;
            let has = |members: &[String]| members.iter().any(|member| member.eq_ignore_ascii_case(&id));
            for group in self.settings.groups.iter().filter(|group| group.tenant_id == tenant && has(&group.members)) {
                let own = group.object_id.to_lowercase();
                if !ids.contains(&own) {
                    objects.push(json!({"@odata.type": GROUP, "id": own, "displayName": group.display_name}));
                    ids.push(own);
                }
            }
        }
        let is_member = |members: &[String]| members.iter().any(|member| ids.contains(&member.to_lowercase()));
        let roles = self.settings.directory_roles.iter();
        for role in roles.filter(|role| role.tenant_id == tenant && is_member(&role.members)) {
            // The object ID of a role is different in each tenant.
            let id = uuid::Uuid::from_u128(
                uuid::Uuid::try_parse(&role.role_template_id).map_or(0, |id| id.as_u128()).rotate_left(8),
            );
            objects.push(json!({
                "@odata.type": ROLE,
                "id": id,
                "displayName": role.display_name,
                "description": null,
                "roleTemplateId": role.role_template_id,
            }));
        }
        objects
    }
}
