//! Login with an account of the Azure CLI.

mod executor;
mod output;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use azure_core::credentials::TokenCredential;
use azure_identity::{AzureCliCredential, AzureCliCredentialOptions};
use tokio::sync::Mutex;

use super::entra::find_code;
use super::setting::{Level, Setting};
use super::settings::Settings;
use super::token_cache::Token;
use super::verdict::Verdict;
use crate::azure::error::{AuthenticationError, AuthenticationProblem};
use crate::azure::http::causes;
use executor::{LIMIT, LimitedExecutor};

/// `az` writes to `~/.azure` without a lock, so this process calls it once at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// The account of the Azure CLI to use.
#[derive(Debug)]
pub(super) struct AzureCli {
    tenant_id: Option<Setting<String>>,
    subscription_id: Option<Setting<String>>,
}

impl AzureCli {
    pub(super) const NAME: &str = "Azure CLI";

    pub(super) fn consider(settings: &Settings) -> Verdict<Self> {
        if let Some(Setting { value: false, source }) = &settings.use_cli {
            return Verdict::NotConfigured(format!("turned off by {source}"));
        }
        match find(std::env::var_os("PATH").as_deref()) {
            Program::Runs => Verdict::Use {
                method: Self {
                    tenant_id: Settings::text(&settings.tenant_id).cloned(),
                    subscription_id: Settings::text(&settings.subscription_id).cloned(),
                },
                level: Level::Default,
            },
            Program::NotExecutable(path) => {
                Verdict::NotConfigured(format!("the program {} is not executable for this user", path.display()))
            }
            Program::Absent => Verdict::NotConfigured("the program `az` is not on the PATH".to_owned()),
        }
    }

    pub(super) async fn fetch(&self, scope: &str) -> Result<Token, Box<AuthenticationError>> {
        let _turn = ONE_AT_A_TIME.lock().await;
        let tenant_id = self.tenant_id.as_ref().map(|setting| setting.value.clone());
        // Without a tenant, the subscription selects the account.
        let subscription = self.subscription_id.as_ref().filter(|_| tenant_id.is_none());
        let options = AzureCliCredentialOptions {
            subscription: subscription.map(|setting| setting.value.clone()),
            tenant_id,
            executor: Some(LimitedExecutor::new(LIMIT)),
        };
        let result = match AzureCliCredential::new(Some(options)) {
            Ok(credential) => credential.get_token(&[scope], None).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(token) => Ok(Token::new(token.token.secret().to_owned(), SystemTime::from(token.expires_on))),
            Err(error) => Err(self.explain(&error)),
        }
    }

    fn explain(&self, error: &azure_core::Error) -> Box<AuthenticationError> {
        // The innermost cause is the output of az. The layers above repeat it and add a link.
        let text = innermost(error);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let argument = self.tenant_id.as_ref().map(|setting| setting.source.to_string());
        let problem = match find_code(&text) {
            Some(code) => AuthenticationProblem::Refused {
                host: "reported by the Azure CLI".to_owned(),
                status: None,
                code: Some(code),
                message: text,
            },
            None => AuthenticationProblem::Local { cause: text },
        };
        AuthenticationError::new(Self::NAME, problem, argument)
    }
}

fn innermost(error: &azure_core::Error) -> String {
    let mut deepest: &(dyn std::error::Error + 'static) = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let text = deepest.to_string();
    if text.trim().is_empty() { causes(error) } else { text }
}

/// What the folders of `PATH` have under the name `az`.
#[derive(Debug, Eq, PartialEq)]
enum Program {
    Runs,
    /// The file exists, but this user may not run it.
    NotExecutable(PathBuf),
    Absent,
}

/// Looks for the program as the operating system does: a file that is not executable is passed over.
fn find(path: Option<&OsStr>) -> Program {
    let names: &[&str] = if cfg!(windows) { &["az.cmd", "az.exe", "az.bat"] } else { &["az"] };
    let folders = path.into_iter().flat_map(std::env::split_paths);
    let files = folders.flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    let mut not_executable = None;
    for file in files.filter(|file| file.is_file()) {
        if is_executable(&file) {
            return Program::Runs;
        }
        not_executable.get_or_insert(file);
    }
    not_executable.map_or(Program::Absent, Program::NotExecutable)
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn is_executable(_file: &Path) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::azure::cloud::Cloud;
    use crate::azure::credential::{Credential, Source};
    use crate::azure::deadline::Deadline;
    use crate::azure::http::Http;
    use crate::azure::user_agent::UserAgent;

    #[test]
    fn finds_the_program_in_any_folder_of_the_path() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::Builder::new().prefix("Program Files ").tempdir().expect("a folder");
        let path = std::env::join_paths([Path::new("/nonexistent"), folder.path()]).expect("a path");
        let az = folder.path().join("az");

        assert_eq!(find(Some(&path)), Program::Absent);
        std::fs::write(&az, "").expect("a file");
        assert_eq!(find(Some(&path)), Program::NotExecutable(az.clone()));
        std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).expect("a program");
        assert_eq!(find(Some(&path)), Program::Runs);
        assert_eq!(find(None), Program::Absent);
    }

    /// Tells the child process of the test below what to do.
    const CHILD: &str = "SENTINEL_TEST_CHILD_ASKS_AZ";

    /// `PATH` belongs to the process, so this test runs itself again in a child process.
    #[tokio::test]
    async fn many_callers_call_az_once_and_with_the_tenant() {
        use std::os::unix::fs::PermissionsExt;

        if std::env::var_os(CHILD).is_some() {
            return ask_az_ten_times().await;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let az = folder.path().join("az");
        let script = "#!/bin/sh\n/bin/echo \"$@\" >> \"${0%/*}/calls\"\n/bin/sleep 0.1\n\
                      /bin/echo '{\"accessToken\": \"from-az\", \"expires_on\": 4102444800, \"tokenType\": \"Bearer\"}'\n";
        std::fs::write(&az, script).expect("a file");
        std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).expect("a program");

        let name = "azure::credential::azure_cli::tests::many_callers_call_az_once_and_with_the_tenant";
        let child = std::process::Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", name])
            .env(CHILD, "1")
            .env("PATH", folder.path())
            .output()
            .expect("a child process");

        assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
        assert_eq!(
            std::fs::read_to_string(folder.path().join("calls")).expect("az was asked"),
            "account get-access-token -o json --scope https://management.azure.com/.default --tenant contoso.com\n"
        );
    }

    async fn ask_az_ten_times() {
        let settings = Settings {
            tenant_id: Some(Setting::new("contoso.com".to_owned(), Source::argument("tenant_id"))),
            ..Settings::default()
        };
        let http = Http::new(&UserAgent::default());
        let credential = Credential::select(&settings, &Cloud::public(), http).expect("az is on the PATH");
        let (scope, deadline) = (Cloud::public().arm().scope(), Deadline::lasting(Duration::from_secs(10)));

        let asks = (0..10).map(|_| credential.token(&scope, &deadline));
        let tokens = futures_util::future::join_all(asks).await;

        assert!(tokens.iter().all(|token| token.as_ref().is_ok_and(|token| token.expose() == "from-az")), "{tokens:?}");
    }

    #[test]
    fn reads_message_and_code_from_the_output_of_az() {
        let cli = AzureCli { tenant_id: None, subscription_id: None };
        let error = azure_core::Error::with_message(
            azure_core::error::ErrorKind::Credential,
            "ERROR: AADSTS50076: you must use multi-factor authentication.\nInteractive login is needed.",
        );

        let explained = cli.explain(&error);

        assert_eq!(explained.code(), Some("AADSTS50076"));
        assert!(explained.to_string().contains("multi-factor authentication. Interactive login is needed."));
    }
}
