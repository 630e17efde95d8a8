//! Authentication with an account of Azure PowerShell, the module `Az.Accounts`.

use std::ffi::OsStr;
use std::time::{Duration, SystemTime};

use azure_identity::Executor as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::sync::Mutex;

use super::availability::{Availability, not_true};
use super::program::executor::LimitedExecutor;
use super::program::{self, Program, output};
use super::setting::Setting;
use super::settings::Settings;
use super::token_cache::AccessToken;
use super::token_request::TokenRequest;
use crate::azure::error::AuthenticationError;

/// PowerShell loads a large module at each start.
const EXECUTOR: LimitedExecutor =
    LimitedExecutor { limit: Duration::from_secs(60), command: "Get-AzAccessToken", read: output::token_document };

/// The file names of the program. `powershell.exe` is part of Windows.
const NAMES: &[&str] = if cfg!(windows) { &["pwsh.exe", "powershell.exe"] } else { &["pwsh"] };

/// Serializes the calls, because each one loads a large module.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// An account of Azure PowerShell.
#[derive(Debug)]
pub(super) struct PowerShell {
    program: &'static str,
    tenant_id: Option<Setting<String>>,
}

impl PowerShell {
    pub(super) const NAME: &str = "Azure PowerShell";

    pub(super) fn from_settings(settings: &Settings) -> Availability<Self> {
        let Some(flag) = Settings::enabled(&settings.use_powershell) else {
            return Availability::NotConfigured(not_true(settings.interface, "use_powershell"));
        };
        let found = Program::find(NAMES);
        let program = if let Program::Found(name) = found { name } else { "pwsh" };
        let method = Self { program, tenant_id: settings.tenant_id.clone() };
        program::availability(&found, "pwsh", flag, method)
    }

    /// Gets a token. Ignores requested claims, because the program cannot request them without a new interactive
    /// sign-in.
    pub(super) async fn fetch(&self, request: TokenRequest<'_>) -> Result<AccessToken, Box<AuthenticationError>> {
        let _guard = ONE_AT_A_TIME.lock().await;
        let tenant = program::tenant(request, self.tenant_id.as_ref());
        let script = encode(&script(request.resource(), tenant.map_or("", |setting| &setting.value)));
        let arguments = ["-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand", &script];
        let message = match EXECUTOR.run(OsStr::new(self.program), &arguments.map(OsStr::new)).await {
            Ok(output) if output.status.success() => match read(&output.stdout) {
                Some(token) => return Ok(token),
                None => "`Get-AzAccessToken` printed no expiry of the token".to_owned(),
            },
            Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
            Err(error) => error.to_string(),
        };
        let message = if message.trim().is_empty() { "`Get-AzAccessToken` failed without a message" } else { &message };
        Err(program::explain(Self::NAME, "reported by Azure PowerShell", message, tenant))
    }
}

fn read(document: &[u8]) -> Option<AccessToken> {
    let document: Value = serde_json::from_slice(document).ok()?;
    let seconds = document.get("expires_on")?.as_u64()?;
    let expiry = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
    Some(AccessToken::new(document.get("accessToken")?.as_str()?.to_owned(), expiry))
}

/// A script that prints the token in the format of `az`. Tokens are secure strings since version 5 of the module, and
/// on request since version 2.17.
fn script(resource: &str, tenant: &str) -> String {
    format!(
        "$ErrorActionPreference = 'Stop'\n\
         $ProgressPreference = 'SilentlyContinue'\n\
         $module = Import-Module Az.Accounts -MinimumVersion 2.2.0 -PassThru\n\
         $options = @{{ ResourceUrl = {}; WarningAction = 'SilentlyContinue' }}\n\
         if ({}) {{ $options.TenantId = {} }}\n\
         if ($module.Version -ge [version]'2.17.0' -and $module.Version.Major -lt 5) {{ $options.AsSecureString = $true }}\n\
         $answer = Get-AzAccessToken @options\n\
         $token = $answer.Token\n\
         if ($token -is [securestring]) {{ $token = [System.Net.NetworkCredential]::new('', $token).Password }}\n\
         ConvertTo-Json -Compress @{{ accessToken = $token; expires_on = $answer.ExpiresOn.ToUnixTimeSeconds() }}\n",
        quoted(resource),
        if tenant.is_empty() { "$false" } else { "$true" },
        quoted(tenant),
    )
}

/// Quotes a literal string. In PowerShell, typographic quotation marks also end a string.
fn quoted(text: &str) -> String {
    const MARKS: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
    format!("'{}'", text.replace(MARKS, "''"))
}

/// Encodes a script for `-EncodedCommand`: UTF-16 in base64, which needs no quoting.
fn encode(script: &str) -> String {
    STANDARD.encode(script.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_contains_resource_and_tenant() {
        let script = script("https://management.azure.com", "contoso.com");

        assert!(script.contains("ResourceUrl = 'https://management.azure.com';"), "{script}");
        assert!(script.contains("if ($true) { $options.TenantId = 'contoso.com' }"), "{script}");
        assert!(super::script("r", "").contains("if ($false)"));
    }

    #[test]
    fn escapes_quotation_marks_in_values() {
        assert_eq!(quoted("https://x'; Remove-Item /"), "'https://x''; Remove-Item /'");
        assert_eq!(quoted("\u{2019}"), "''''");
    }

    #[test]
    fn encodes_the_script_as_utf16_in_base64() {
        assert_eq!(encode("hi"), "aABpAA==");
    }
}
