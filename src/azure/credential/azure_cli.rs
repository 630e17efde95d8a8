//! Authentication with an account of the Azure CLI.

use std::time::Duration;

use azure_identity::{AzureCliCredential, AzureCliCredentialOptions};
use tokio::sync::Mutex;

use super::availability::Availability;
use super::program::executor::LimitedExecutor;
use super::program::{self, Program, output};
use super::setting::{Level, Setting};
use super::settings::Settings;
use super::token_cache::AccessToken;
use super::token_request::TokenRequest;
use crate::azure::error::AuthenticationError;

/// A cold start of `az` takes a few seconds.
const EXECUTOR: LimitedExecutor = LimitedExecutor {
    limit: Duration::from_secs(30),
    command: "az account get-access-token",
    read: output::token_document,
};

/// The file names of the program.
const NAMES: &[&str] = if cfg!(windows) { &["az.cmd", "az.exe", "az.bat"] } else { &["az"] };

/// Serializes the calls of `az`, which writes to `~/.azure` without a lock.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// An account of the Azure CLI.
#[derive(Debug)]
pub(super) struct AzureCli {
    tenant_id: Option<Setting<String>>,
    subscription_id: Option<Setting<String>>,
}

impl AzureCli {
    pub(super) const NAME: &str = "Azure CLI";

    pub(super) fn from_settings(settings: &Settings) -> Availability<Self> {
        if let Some(Setting { value: false, source }) = &settings.use_cli {
            return Availability::NotConfigured(format!("disabled by {source}"));
        }
        match Program::find(NAMES) {
            Program::Found(_) => Availability::Available {
                method: Self {
                    tenant_id: settings.tenant_id.clone(),
                    subscription_id: settings.subscription_id.clone(),
                },
                level: Level::Default,
            },
            Program::NotExecutable(path) => {
                Availability::NotConfigured(format!("the program {} is not executable for this user", path.display()))
            }
            Program::NotFound => Availability::NotConfigured("the program `az` is not on the PATH".to_owned()),
        }
    }

    /// Gets a token. Ignores requested claims, because the program cannot request them without a new interactive
    /// sign-in.
    pub(super) async fn fetch(&self, request: TokenRequest<'_>) -> Result<AccessToken, Box<AuthenticationError>> {
        let _guard = ONE_AT_A_TIME.lock().await;
        let tenant = program::tenant(request, self.tenant_id.as_ref());
        // Without a tenant, the subscription selects the account.
        let subscription = self.subscription_id.as_ref().filter(|_| tenant.is_none());
        let options = AzureCliCredentialOptions {
            subscription: subscription.map(|setting| setting.value.clone()),
            tenant_id: tenant.map(|setting| setting.value.clone()),
            executor: Some(EXECUTOR.shared()),
        };
        let credential = AzureCliCredential::new(Some(options));
        program::token(Self::NAME, "reported by the Azure CLI", credential, request.scope, tenant).await
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::azure::cloud::Cloud;
    use crate::azure::credential::{Credential, Source};
    use crate::azure::deadline::Deadline;
    use crate::azure::http::Http;
    use crate::azure::user_agent::UserAgent;

    /// The variable that marks the child process of the test below.
    const CHILD: &str = "SENTINEL_TEST_CHILD_CALLS_AZ";

    /// The test sets `PATH`, so it runs itself again in a child process.
    #[tokio::test]
    async fn concurrent_callers_run_az_once_with_the_tenant() {
        use std::os::unix::fs::PermissionsExt;

        if std::env::var_os(CHILD).is_some() {
            return request_ten_tokens().await;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let az = folder.path().join("az");
        let script = "#!/bin/sh\n/bin/echo \"$@\" >> \"${0%/*}/calls\"\n/bin/sleep 0.1\n\
                      /bin/echo '{\"accessToken\": \"from-az\", \"expires_on\": 4102444800, \"tokenType\": \"Bearer\"}'\n";
        std::fs::write(&az, script).expect("a file");
        std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).expect("a program");

        let name = "azure::credential::azure_cli::tests::concurrent_callers_run_az_once_with_the_tenant";
        let child = std::process::Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", name])
            .env(CHILD, "1")
            .env("PATH", folder.path())
            .output()
            .expect("a child process");

        assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
        assert_eq!(
            std::fs::read_to_string(folder.path().join("calls")).expect("az was called"),
            "account get-access-token -o json --scope https://management.azure.com/.default --tenant contoso.com\n"
        );
    }

    async fn request_ten_tokens() {
        let settings = Settings {
            tenant_id: Some(Setting::new("contoso.com".to_owned(), Source::argument("tenant_id"))),
            ..Settings::default()
        };
        let http = Http::new(&UserAgent::default());
        let credential = Credential::select(&settings, &Cloud::public(), http).expect("az is on the PATH");
        let (scope, deadline) = (Cloud::public().arm().scope(), Deadline::lasting(Duration::from_secs(10)));

        let requests = (0..10).map(|_| credential.token(&scope, &deadline));
        let tokens = futures_util::future::join_all(requests).await;

        assert!(tokens.iter().all(|token| token.as_ref().is_ok_and(|token| token.expose() == "from-az")), "{tokens:?}");
    }
}
