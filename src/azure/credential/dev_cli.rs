//! Authentication with an account of the Azure Developer CLI, `azd`.

use std::time::Duration;

use azure_identity::{AzureDeveloperCliCredential, AzureDeveloperCliCredentialOptions};
use tokio::sync::Mutex;

use super::availability::{Availability, not_true};
use super::program::executor::LimitedExecutor;
use super::program::{self, Program, output};
use super::setting::Setting;
use super::settings::Settings;
use super::token_cache::AccessToken;
use super::token_request::TokenRequest;
use crate::azure::error::AuthenticationError;

const EXECUTOR: LimitedExecutor =
    LimitedExecutor { limit: Duration::from_secs(30), command: "azd auth token", read: output::dev_cli_document };

/// The file names of the program.
const NAMES: &[&str] = if cfg!(windows) { &["azd.exe", "azd.cmd"] } else { &["azd"] };

/// Serializes the calls of `azd`, which writes to `~/.azd` without a lock.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// An account of the Azure Developer CLI.
#[derive(Debug)]
pub(super) struct DevCli {
    tenant_id: Option<Setting<String>>,
}

impl DevCli {
    pub(super) const NAME: &str = "Azure Developer CLI";

    pub(super) fn from_settings(settings: &Settings) -> Availability<Self> {
        let Some(flag) = Settings::enabled(&settings.use_dev_cli) else {
            return Availability::NotConfigured(not_true(settings.interface, "use_dev_cli"));
        };
        let method = Self { tenant_id: settings.tenant_id.clone() };
        program::availability(&Program::find(NAMES), "azd", flag, method)
    }

    /// Gets a token. Ignores requested claims, because the program cannot request them without a new interactive
    /// sign-in.
    pub(super) async fn fetch(&self, request: TokenRequest<'_>) -> Result<AccessToken, Box<AuthenticationError>> {
        let _guard = ONE_AT_A_TIME.lock().await;
        let tenant = program::tenant(request, self.tenant_id.as_ref());
        let options = AzureDeveloperCliCredentialOptions {
            tenant_id: tenant.map(|setting| setting.value.clone()),
            executor: Some(EXECUTOR.shared()),
        };
        let credential = AzureDeveloperCliCredential::new(Some(options));
        program::token(Self::NAME, "reported by the Azure Developer CLI", credential, request.scope, tenant).await
    }
}
