//! Tokens of users. Interactive authentication is not simulated, so a test requests the token of a user directly.

use uuid::Uuid;

use super::resource::Audience;
use super::{EndpointVersion, Entra, discovery};
use crate::world::{Claims, World};

/// The application ID of the Azure CLI, which users authenticate with.
const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

impl Entra<'_> {
    /// The token of a user for a resource, and its claims. The error is Entra's, unless the user does not exist.
    pub(crate) fn token_of_user(
        &self,
        world: &World,
        user_principal_name: &str,
        resource: &str,
    ) -> Result<(String, Claims), String> {
        let mut users = world.settings.users.iter();
        let user = users
            .find(|user| user.user_principal_name.eq_ignore_ascii_case(user_principal_name))
            .ok_or_else(|| format!("the world has no user {user_principal_name}"))?;
        let audience = Audience::of(resource, self.endpoint)
            .ok_or_else(|| format!("AADSTS500011: The resource principal named {resource} was not found."))?;
        if audience == Audience::Graph && user.graph_scopes.is_empty() {
            return Err("AADSTS65001: The user or administrator has not consented to use the application.".to_owned());
        }
        let issuer = |tenant: &str| discovery::issuer(self.endpoint, tenant, EndpointVersion::V1);
        let now = world.now().unix_timestamp();
        let claims = Claims {
            aud: resource.to_owned(),
            iss: issuer(&user.tenant_id),
            iat: now,
            nbf: now,
            exp: now + world.settings.behaviors.token_lifetime_seconds,
            appid: AZURE_CLI.to_owned(),
            appidacr: "0".to_owned(),
            idp: user.home_tenant_id.as_deref().map(issuer),
            idtyp: "user".to_owned(),
            oid: user.object_id.clone(),
            roles: Vec::new(),
            scp: Some(match audience {
                Audience::Graph => user.graph_scopes.join(" "),
                _ => "user_impersonation".to_owned(),
            }),
            sub: user.object_id.clone(),
            tid: user.tenant_id.clone(),
            uti: Uuid::new_v4().simple().to_string(),
            ver: "1.0".to_owned(),
            wids: world.role_templates_of(&user.tenant_id, &user.object_id),
        };
        Ok((self.signer.sign(&claims), claims))
    }
}
