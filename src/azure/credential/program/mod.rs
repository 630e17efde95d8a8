//! The programs that return access tokens of a developer: finds them, runs them, and reads their output.

pub(super) mod executor;
pub(super) mod output;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use azure_core::credentials::TokenCredential;

use super::availability::Availability;
use super::entra::find_code;
use super::setting::Setting;
use super::token_cache::AccessToken;
use super::token_request::TokenRequest;
use crate::azure::error::{AuthenticationError, AuthenticationProblem};
use crate::azure::http::causes;
use crate::azure::text::excerpt;

/// The maximum number of characters of an error. A program may print a megabyte.
const TEXT_LIMIT: usize = 1000;

/// How long a caller waits for a new token while the old one is valid: longer than the time limit of any program.
pub(super) const RENEWAL_LIMIT: Duration = Duration::from_secs(65);

/// The result of looking up a program on the `PATH`.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Program {
    /// The program exists under this file name.
    Found(&'static str),
    /// The file exists, but is not executable for this user.
    NotExecutable(PathBuf),
    NotFound,
}

impl Program {
    /// Looks up the first of these file names on the `PATH` of this process.
    pub(super) fn find(names: &[&'static str]) -> Self {
        Self::find_in(std::env::var_os("PATH").as_deref(), names)
    }

    /// Looks up a program as the operating system does: files that are not executable are skipped.
    fn find_in(path: Option<&OsStr>, names: &[&'static str]) -> Self {
        let folders: Vec<PathBuf> = path.into_iter().flat_map(std::env::split_paths).collect();
        let mut not_executable = None;
        for name in names {
            for file in folders.iter().map(|folder| folder.join(name)).filter(|file| file.is_file()) {
                if is_executable(&file) {
                    return Self::Found(name);
                }
                not_executable.get_or_insert(file);
            }
        }
        not_executable.map_or(Self::NotFound, Self::NotExecutable)
    }
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn is_executable(_file: &Path) -> bool {
    true
}

/// The availability of a method that the user selects and that needs a program.
pub(super) fn availability<T>(found: &Program, name: &'static str, flag: &Setting<bool>, method: T) -> Availability<T> {
    let level = flag.source.level();
    let problem = match found {
        Program::Found(_) => return Availability::Available { method, level },
        Program::NotExecutable(path) => format!("the program {} is not executable for this user", path.display()),
        Program::NotFound => format!("the program `{name}` is not on the PATH"),
    };
    Availability::Unusable { reason: format!("{} is true, but {problem}", flag.source), level }
}

/// The tenant to pass to a program: the tenant of the request, or the tenant of the identity.
pub(super) fn tenant<'a>(request: TokenRequest<'a>, own: Option<&'a Setting<String>>) -> Option<&'a Setting<String>> {
    request.tenant.or(own)
}

/// Gets a token of a program from a credential of `azure_identity`.
pub(super) async fn token<C: TokenCredential>(
    method: &'static str,
    host: &'static str,
    credential: azure_core::Result<Arc<C>>,
    scope: &str,
    tenant: Option<&Setting<String>>,
) -> Result<AccessToken, Box<AuthenticationError>> {
    let result = match credential {
        Ok(credential) => credential.get_token(&[scope], None).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(token) => Ok(AccessToken::new(token.token.secret().to_owned(), SystemTime::from(token.expires_on))),
        Err(failure) => Err(error(method, host, &failure, tenant)),
    }
}

/// The error of a program that returned no token, with its output.
fn error(
    method: &'static str,
    host: &'static str,
    error: &azure_core::Error,
    tenant: Option<&Setting<String>>,
) -> Box<AuthenticationError> {
    // The innermost cause is the output of the program. The layers above repeat it and add a link.
    explain(method, host, &innermost(error), tenant)
}

/// The error of a program that returned no token, with this output.
pub(super) fn explain(
    method: &'static str,
    host: &'static str,
    text: &str,
    tenant: Option<&Setting<String>>,
) -> Box<AuthenticationError> {
    let text = output::without_color(text);
    let code = find_code(&text);
    // Programs print warnings before the error, and traces after it.
    let start = code.as_deref().or_else(|| text.contains("ERROR:").then_some("ERROR:"));
    let text = excerpt(&text, start, TEXT_LIMIT);
    let argument = tenant.map(|setting| setting.source.to_string());
    let problem = match code {
        Some(code) => {
            AuthenticationProblem::Rejected { host: host.to_owned(), status: None, code: Some(code), message: text }
        }
        None => AuthenticationProblem::Local { cause: text },
    };
    AuthenticationError::new(method, problem, argument)
}

fn innermost(error: &azure_core::Error) -> String {
    let mut deepest: &(dyn std::error::Error + 'static) = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let text = deepest.to_string();
    if text.trim().is_empty() { causes(error) } else { text }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn finds_the_program_in_any_folder_of_the_path() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::Builder::new().prefix("Program Files ").tempdir().expect("a folder");
        let path = std::env::join_paths([Path::new("/nonexistent"), folder.path()]).expect("a path");
        let az = folder.path().join("az");
        let find = || Program::find_in(Some(&path), &["other", "az"]);

        assert_eq!(find(), Program::NotFound);
        std::fs::write(&az, "").expect("a file");
        assert_eq!(find(), Program::NotExecutable(az.clone()));
        std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).expect("a program");
        assert_eq!(find(), Program::Found("az"));
        assert_eq!(Program::find_in(None, &["az"]), Program::NotFound);
    }

    #[test]
    fn shortens_a_long_output() {
        let noise = "WARNING: something is old.\n".repeat(40_000);
        for (text, expected) in [
            (format!("{noise}ERROR: AADSTS50076: log in again.\n{noise}"), "AADSTS50076: log in again."),
            (format!("{noise}ERROR: Please run 'az login'."), "Please run 'az login'."),
        ] {
            let explained = explain("Azure CLI", "reported by the Azure CLI", &text, None).to_string();
            assert!(explained.contains(expected) && explained.len() < 1200, "{explained}");
        }
    }

    #[test]
    fn reads_message_and_code_from_the_output() {
        let text = "ERROR: AADSTS50076: you must use multi-factor authentication.\nInteractive login is needed.";
        let failed = azure_core::Error::with_message(azure_core::error::ErrorKind::Credential, text);

        let explained = error("Azure CLI", "reported by the Azure CLI", &failed, None);

        assert_eq!(explained.code(), Some("AADSTS50076"));
        assert!(explained.to_string().contains("multi-factor authentication. Interactive login is needed."));
    }
}
