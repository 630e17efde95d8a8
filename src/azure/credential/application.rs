//! The application that the provider logs in as: tenant and client id.

use super::settings::{Setting, Settings};
use super::verdict::missing;

/// An application in a tenant.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub(super) tenant_id: Setting<String>,
    pub(super) client_id: Setting<String>,
}

impl Application {
    /// Reads tenant and client id, or says which of them is missing.
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, String> {
        let tenant_id = Settings::text(&settings.tenant_id).cloned();
        match (tenant_id, client_id(settings)?) {
            (Some(tenant_id), Some(client_id)) => Ok(Self { tenant_id, client_id }),
            (tenant, client) => Err(missing(&[("tenant_id", tenant.is_some()), ("client_id", client.is_some())])),
        }
    }
}

/// The client id, from its argument or from its file.
fn client_id(settings: &Settings) -> Result<Option<Setting<String>>, String> {
    if let Some(setting) = Settings::text(&settings.client_id) {
        return Ok(Some(Setting::new(setting.value.trim().to_owned(), setting.source.clone())));
    }
    let Some(file) = Settings::text(&settings.client_id_file_path) else { return Ok(None) };
    match std::fs::read_to_string(&file.value) {
        Ok(id) if !id.trim().is_empty() => Ok(Some(Setting::new(id.trim().to_owned(), file.source.clone()))),
        Ok(_) => Err(format!("the file {:?} of {} is empty", file.value, file.source)),
        Err(error) => Err(format!("the file {:?} of {} cannot be read: {error}", file.value, file.source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_id_may_be_in_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("client-id");
        std::fs::write(&file, "from-file\n").expect("a file");
        let settings = Settings {
            client_id_file_path: Some(Setting::new(file.display().to_string(), "the argument client_id_file_path")),
            ..Settings::default()
        };

        assert_eq!(client_id(&settings).expect("read").expect("set").value, "from-file");
    }
}
