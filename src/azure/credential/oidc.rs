//! Login as an application with a token of another identity provider (workload identity federation).

use azure_core::credentials::TokenCredential;
use azure_core::http::ClientMethodOptions;
use azure_identity::{ClientAssertion, ClientAssertionCredential, ClientAssertionCredentialOptions};
use secrecy::{ExposeSecret, SecretString};

use super::application::Application;
use super::assertion::claims_of;
use super::entra::Entra;
use super::secret_source::SecretSource;
use super::settings::{Level, Settings};
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
    /// The settings of which one is required.
    const EITHER: &str = "oidc_token or oidc_token_file_path";

    pub(super) fn consider(settings: &Settings) -> Verdict<Self> {
        let enabled = Settings::enabled(&settings.use_oidc);
        match (&settings.oidc_token, enabled) {
            (Some(token), Some(flag)) => {
                let level = token.level().min(flag.source.level());
                match Application::from_settings(settings) {
                    Ok(application) => Verdict::Use { method: Self { application, token: token.clone() }, level },
                    Err(missing) => Verdict::incomplete(&format!("{} is set", token.source()), missing, level),
                }
            }
            (None, Some(flag)) => {
                let because = format!("{} is true", flag.source);
                let mut missing = vec![Self::EITHER];
                missing.extend(Application::from_settings(settings).err().into_iter().flatten());
                Verdict::incomplete(&because, missing, flag.source.level())
            }
            (Some(token), None) => {
                let reason = format!("{} is set, but `use_oidc` is not true", token.source());
                // The variables of a Kubernetes pod do not ask for it.
                match token.level() {
                    level @ (Level::Argument | Level::Arm) => {
                        Verdict::Incomplete { reason, missing: vec!["use_oidc = true"], level }
                    }
                    _ => Verdict::NotConfigured(reason),
                }
            }
            (None, None) => Verdict::NotConfigured("`use_oidc` is not true".to_owned()),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self.token {
            SecretSource::Value(_) => Self::TOKEN,
            SecretSource::File(_) => Self::TOKEN_FILE,
        }
    }

    pub(super) async fn fetch(
        &self,
        scope: &str,
        claims: Option<&str>,
        entra: &Entra,
    ) -> Result<Token, Box<AuthenticationError>> {
        let token = self.token.read(self.name()).await?;
        let assertion = claims_of(token.expose_secret()).map_err(|problem| {
            let cause = format!("the OIDC token {problem}");
            AuthenticationError::local(self.name(), cause, Some(self.token.source().to_string()))
        })?;
        let login = entra.login(self.name(), &self.application, self.token.source(), &token, claims)?;
        let login = login.with_assertion(assertion);
        let options = ClientAssertionCredentialOptions { client_options: login.options() };
        let Application { tenant_id, client_id } = &self.application;
        let (tenant, client) = (tenant_id.value.clone(), client_id.value.clone());
        match ClientAssertionCredential::new(tenant, client, Assertion(token), Some(options)) {
            Ok(credential) => login.finish(credential.get_token(&[scope], None).await),
            Err(error) => login.finish(Err(error)),
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
