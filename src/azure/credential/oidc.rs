//! Login as an application with a token of another identity provider (workload identity federation).

use azure_core::credentials::TokenCredential;
use azure_core::http::ClientMethodOptions;
use azure_identity::{ClientAssertion, ClientAssertionCredential, ClientAssertionCredentialOptions};
use secrecy::{ExposeSecret, SecretString};

use super::application::Application;
use super::entra::Entra;
use super::secret_source::SecretSource;
use super::settings::Settings;
use super::token_cache::Token;
use super::verdict::Verdict;
use crate::azure::error::AuthenticationError;

/// An application and the token of the other provider. A file is read at every login, so that pipelines can renew it.
#[derive(Debug)]
pub(super) struct Oidc {
    application: Application,
    token: SecretSource,
}

impl Oidc {
    pub(super) const TOKEN: &str = "OIDC token";
    pub(super) const TOKEN_FILE: &str = "OIDC token file";

    pub(super) fn consider_token(settings: &Settings) -> Verdict<Self> {
        let token = Settings::secret(&settings.oidc_token).cloned().map(SecretSource::Value);
        Self::consider(settings, token, "oidc_token")
    }

    pub(super) fn consider_token_file(settings: &Settings) -> Verdict<Self> {
        let file = Settings::text(&settings.oidc_token_file_path).cloned().map(SecretSource::File);
        Self::consider(settings, file, "oidc_token_file_path")
    }

    pub(super) fn name(&self) -> &'static str {
        match self.token {
            SecretSource::Value(_) => Self::TOKEN,
            SecretSource::File(_) => Self::TOKEN_FILE,
        }
    }

    pub(super) async fn fetch(&self, scope: &str, entra: &Entra) -> Result<Token, Box<AuthenticationError>> {
        let token = self.token.read(self.name()).await?;
        let login = entra.login(self.name(), &self.application, self.token.argument(), &token)?;
        let options = ClientAssertionCredentialOptions { client_options: login.options() };
        let Application { tenant_id, client_id } = &self.application;
        let (tenant, client) = (tenant_id.value.clone(), client_id.value.clone());
        match ClientAssertionCredential::new(tenant, client, Assertion(token), Some(options)) {
            Ok(credential) => login.finish(credential.get_token(&[scope], None).await),
            Err(error) => login.finish(Err(error)),
        }
    }

    fn consider(settings: &Settings, token: Option<SecretSource>, argument: &str) -> Verdict<Self> {
        let Some(token) = token else {
            return Verdict::Missing(format!("{argument} is not set"));
        };
        if !Settings::flag(&settings.use_oidc, false) {
            return Verdict::Missing(format!("{} is set, but use_oidc is not true", token.argument()));
        }
        match Application::from_settings(settings) {
            Ok(application) => Verdict::Use(Self { application, token }),
            Err(reason) => Verdict::Missing(format!("{} is set, but {reason}", token.argument())),
        }
    }
}

#[derive(Debug)]
struct Assertion(SecretString);

#[async_trait::async_trait]
impl ClientAssertion for Assertion {
    async fn secret(&self, _options: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        Ok(self.0.expose_secret().to_owned())
    }
}
