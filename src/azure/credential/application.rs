//! The application that the provider authenticates as: tenant and client ID.

use super::setting::Setting;
use super::settings::Settings;

/// An application in a tenant.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub(super) tenant_id: Setting<String>,
    pub(super) client_id: Setting<String>,
}

impl Application {
    /// The same application in `tenant`, if there is one.
    pub(super) fn in_tenant(&self, tenant: Option<&Setting<String>>) -> Self {
        let tenant_id = tenant.unwrap_or(&self.tenant_id).clone();
        Self { tenant_id, client_id: self.client_id.clone() }
    }

    /// Reads the tenant and the client ID. The error lists the missing settings.
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, Vec<&'static str>> {
        match (&settings.tenant_id, &settings.client_id) {
            (Some(tenant_id), Some(client_id)) => {
                Ok(Self { tenant_id: tenant_id.clone(), client_id: client_id.clone() })
            }
            (tenant, client) => {
                let missing = [("tenant_id", tenant.is_none()), ("client_id", client.is_none())];
                Err(missing.into_iter().filter_map(|(name, is_missing)| is_missing.then_some(name)).collect())
            }
        }
    }
}
