//! The names of login methods in errors.

use super::access_token::AccessToken;
use super::azure_cli::AzureCli;
use super::client_certificate::ClientCertificate;
use super::dev_cli::DevCli;
use super::managed_identity::ManagedIdentity;
use super::powershell::PowerShell;

/// The token in `ARM_ACCESS_TOKEN`.
pub const ACCESS_TOKEN: &str = AccessToken::NAME;
/// The account of the Azure CLI.
pub const AZURE_CLI: &str = AzureCli::NAME;
/// An application with a certificate.
pub const CLIENT_CERTIFICATE: &str = ClientCertificate::NAME;
/// The account of the Azure Developer CLI.
pub const DEV_CLI: &str = DevCli::NAME;
/// The identity of this machine.
pub const MANAGED_IDENTITY: &str = ManagedIdentity::NAME;
/// The account of Azure PowerShell.
pub const POWERSHELL: &str = PowerShell::NAME;
