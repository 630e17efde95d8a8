//! Authentication as an application with a client secret.

use azure_core::credentials::{Secret, TokenCredential};
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use secrecy::{ExposeSecret, SecretString};

use super::application::Application;
use super::availability::{Availability, not_set};
use super::cleaning;
use super::entra::Entra;
use super::secret_source::SecretSource;
use super::settings::Settings;
use super::token_cache::AccessToken;
use super::token_request::TokenRequest;
use crate::azure::error::AuthenticationError;
use crate::redaction;

/// The alternative settings for the secret.
const SECRET_SETTINGS: &str = "client_secret or client_secret_file_path";

/// An application and its secret.
#[derive(Debug)]
pub(super) struct ClientSecret {
    application: Application,
    secret: SecretSource,
}

impl ClientSecret {
    pub(super) const NAME: &str = "client secret";

    pub(super) fn from_settings(settings: &Settings) -> Availability<Self> {
        let (application, interface) = (Application::from_settings(settings), settings.interface);
        match (&settings.client_secret, application) {
            (Some(secret), Ok(application)) => {
                Availability::Available { method: Self { application, secret: secret.clone() }, level: secret.level() }
            }
            (Some(secret), Err(missing)) => {
                Availability::incomplete(interface, &format!("{} is set", secret.source()), missing, secret.level())
            }
            // An application needs a secret, unless another method is selected.
            (None, Ok(Application { client_id, .. })) if !settings.selects_other_method() => {
                let level = client_id.source.level();
                let application = format!("{} and {}", interface.name("tenant_id"), interface.name("client_id"));
                let because = format!("an application is configured ({application})");
                Availability::incomplete(interface, &because, vec![SECRET_SETTINGS], level)
            }
            (None, _) => Availability::NotConfigured(not_set(interface, &[SECRET_SETTINGS])),
        }
    }

    pub(super) async fn fetch(
        &self,
        request: TokenRequest<'_>,
        entra: &Entra,
    ) -> Result<AccessToken, Box<AuthenticationError>> {
        let secret: SecretString = cleaning::secret(self.secret.read(Self::NAME).await?.expose_secret()).into();
        redaction::protect(secret.expose_secret());
        let authentication =
            entra.authentication(Self::NAME, &self.application, self.secret.source(), &secret, request)?;
        let options = ClientSecretCredentialOptions { client_options: authentication.options() };
        let Application { tenant_id, client_id } = authentication.application();
        let credential = ClientSecretCredential::new(
            &tenant_id.value,
            client_id.value.clone(),
            Secret::new(secret.expose_secret().to_owned()),
            Some(options),
        );
        match credential {
            Ok(credential) => authentication.finish(credential.get_token(&[request.scope], None).await),
            Err(error) => authentication.finish(Err(error)),
        }
    }
}
