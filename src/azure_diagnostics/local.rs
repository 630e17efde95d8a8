//! Advice for failures without a response from Azure: connections, timeouts, and the local machine.

use super::Advice;
use crate::azure::credential::Method;
use crate::azure::{AuthenticationError, TransportKind, UnusedMethod};

pub(super) const NO_CREDENTIAL: &str = "In a pipeline, set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET. Or set ARM_USE_OIDC=true and ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH, or ARM_CLIENT_CERTIFICATE_PATH, instead of the secret. On your own machine, install the Azure CLI and run `az login`.{terraform: You can also set these values as provider arguments.}";

pub(super) const TIMED_OUT: Advice = Advice {
    title: "The operation timed out",
    cause: "The operation was not finished when its timeout passed.",
    remedy: "{Again}.",
};

pub(super) const NO_TIME_TO_RETRY: Advice = Advice {
    title: "No time is left for another attempt",
    cause: "Each attempt failed with a temporary error. The remaining time is too short for another attempt.",
    remedy: "{Again} later.",
};

/// An addition to the remedy if the timeout of the operation is too short.
pub(super) const RAISE_TIMEOUT: &str = " Or increase the timeout in the `timeouts` block.";

pub(super) const CONFIGURING_TIMED_OUT: Advice = Advice {
    title: "The operation timed out",
    cause: "The host did not return a usable response in the short time that the provider waits for it during its configuration.",
    remedy: "Check that the host is correct, and that this machine reaches it quickly, for example with `curl -v https://HOST`. Then run the command again.",
};

pub(super) const CERTIFICATE_TIMED_OUT: Advice = Advice {
    title: "The client certificate was not read in time",
    cause: "The file of the certificate is on a network share that does not respond, or the password protection uses a very high iteration count.",
    remedy: "Copy the file to a disk of this machine, or export it again with the default settings of OpenSSL. To check a bundle: `openssl pkcs12 -info -noout -in FILE`.",
};

pub(super) const SETTINGS_TIMED_OUT: Advice = Advice {
    title: "The provider's settings were not read in time",
    cause: "A file in the provider's settings, or a folder in PATH, is on a network share that does not respond.",
    remedy: "Copy the files to a disk of this machine, and remove network shares from PATH.",
};

pub(super) const COMMAND_TIMED_OUT: Advice = Advice {
    title: "Azure did not respond in time",
    cause: "Azure, or a proxy or firewall between this machine and Azure, did not return a usable response in time.",
    remedy: "Run the command again later. If the error persists, check the network, the proxies and https://azure.status.microsoft.",
};

pub(super) const MORE_PAGES: Advice = Advice {
    title: "The list from Azure does not end",
    cause: "Each response contained a page of the list and a link to another page. Either the list is very long, or a proxy between this machine and Azure repeats responses.",
    remedy: "{Again}. If the error persists, check the proxies and gateways between this machine and Azure.",
};

pub(super) const THROTTLED: Advice = Advice {
    title: "Throttled by Azure",
    cause: "This identity has sent more requests to the subscription or the tenant than Azure allows. Requests of other tools with the same identity count too.",
    remedy: "{Again} later{terraform: with a smaller `-parallelism`}. The provider already waits for the time that Azure requests, but not longer than the timeout.",
};

pub(super) const CANCELLED: Advice = Advice {
    title: "The operation was canceled",
    cause: "The run was canceled.",
    remedy: "This step changed nothing.{terraform: Run `terraform plan` to see what is left to do.}",
};

pub(super) const CANCELLED_WRITE: Advice = Advice {
    title: "The operation was canceled",
    cause: "The run was canceled during a change, before Azure had responded.",
    remedy: "{terraform:Run `terraform plan` to see whether Azure made the change.}",
};

pub(super) const INVALID_RESPONSE: Advice = Advice {
    title: "Invalid response from Azure",
    cause: "The response was cut off or changed on the way, for example by a proxy.",
    remedy: "{Again}. If the error persists, check the proxies and firewalls between this machine and Azure.",
};

pub(super) const FOREIGN_HOST: Advice = Advice {
    title: "Azure's response contains a URL of an unknown host",
    cause: "The host does not belong to the configured cloud. The provider does not send its access token there.",
    remedy: "If this host belongs to your cloud, set {metadata_host} or {resource_manager_endpoint} to it. Otherwise check the proxies between this machine and Azure, because one of them may change the responses.",
};

pub(super) const ENDPOINT: Advice = Advice {
    title: "The cloud is not configured correctly",
    cause: "An endpoint of the cloud is malformed.",
    remedy: "Correct the setting in the error above. For Azure's own clouds, {environment} is enough: \"public\", \"usgovernment\" or \"china\".",
};

pub(super) const SETUP: Advice = Advice {
    title: "The HTTPS client cannot be set up",
    cause: "Usually, the system's CA certificates are missing.",
    remedy: "In a container, install the package ca-certificates, or mount a certificate bundle and set SSL_CERT_FILE. For any other cause, see the error above.",
};

pub(super) const ENVIRONMENT: Advice = Advice {
    title: "An environment variable has an invalid value",
    cause: "The provider uses the environment variable in the error above for its connections, and its value is invalid.",
    remedy: "Correct the variable, or unset it. The provider reads it when it starts.",
};

pub(super) const ENTRA_UNAVAILABLE: Advice = Advice {
    title: "Microsoft Entra is not available",
    cause: "Microsoft Entra did not respond after several attempts. It may be throttling, or a proxy or firewall may prevent the connection.",
    remedy: "{Again} later. If the error persists, check https://azure.status.microsoft and the proxies and firewalls between this machine and Microsoft Entra.",
};

pub(super) const UNUSABLE_TOKEN: Advice = Advice {
    title: "Authentication returned no usable token",
    cause: "The response did not come from Microsoft Entra, or a proxy changed it.",
    remedy: "Check HTTPS_PROXY, NO_PROXY, and the Microsoft Entra endpoint: {environment}, {metadata_host} and {active_directory_authority_host}.",
};

const AZ_NOT_LOGGED_IN: Advice = Advice {
    title: "The Azure CLI returned no token",
    cause: "The Azure CLI is not logged in, or its login has expired.",
    remedy: "Run `az login`. If you have several tenants, add `--tenant TENANT_ID`. In a pipeline, set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, or use OIDC.",
};

/// The advice if another method is configured, but not completely.
const AZ_NOT_LOGGED_IN_EITHER: Advice = Advice {
    remedy: "Or run `az login` to use the Azure CLI. If you have several tenants, add `--tenant TENANT_ID`.",
    ..AZ_NOT_LOGGED_IN
};

const AZ_SUBSCRIPTION: Advice = Advice {
    title: "The Azure CLI returned no token",
    cause: "The Azure CLI is logged in, but none of its accounts has access to the subscription in {subscription_id}.",
    remedy: "Correct or remove {subscription_id}, or set {tenant_id} instead. `az account list --all` lists the subscriptions.",
};

const AZ_OTHER: Advice = Advice {
    title: "The Azure CLI returned no token",
    cause: "The program `az` failed, is not installed, or took longer than 30 seconds.",
    remedy: "Run `az account get-access-token` to see the error. Errors of outdated versions often disappear after `az upgrade`.",
};

const AZ_NOT_EXECUTABLE: Advice = Advice {
    title: "The Azure CLI returned no token",
    cause: "This user is not allowed to run the program `az`, or a file of its configuration is not readable.",
    remedy: "Run `az account get-access-token` to see the error. Make the program executable for this user, and the folder ~/.azure (AZURE_CONFIG_DIR) writable.",
};

const ACCESS_TOKEN: Advice = Advice {
    title: "The access token cannot be used",
    cause: "The token in ARM_ACCESS_TOKEN has expired, is for another service or cloud, or is no access token.",
    remedy: "Request a new one, for example with `az account get-access-token --query accessToken --output tsv`. The provider cannot renew it; for runs that take longer, use another authentication method.",
};

pub(super) const CLIENT_CERTIFICATE: Advice = Advice {
    title: "The client certificate cannot be used",
    cause: "The file or the password of the client certificate is wrong, or the certificate is not valid now.",
    remedy: "Set {client_certificate_path} to a PKCS#12 bundle (.pfx, .p12) or a PEM file with the certificate and its private key, or {client_certificate} to its content in base64, and {client_certificate_password} if it has a password. To check a bundle: `openssl pkcs12 -info -noout -in FILE`.",
};

const DEV_CLI: Advice = Advice {
    title: "The Azure Developer CLI returned no token",
    cause: "The Azure Developer CLI is not logged in, its login has expired, or it took longer than 30 seconds.",
    remedy: "Run `azd auth login`. To see the error, run `azd auth token --output json`. If you have several tenants, set {tenant_id}.",
};

const POWERSHELL: Advice = Advice {
    title: "Azure PowerShell returned no token",
    cause: "Azure PowerShell is not logged in, its login has expired, the module Az.Accounts is not installed, or it took longer than 60 seconds.",
    remedy: "Run `Connect-AzAccount` in `pwsh`. To see the error, run `Get-AzAccessToken` there. To install the module, run `Install-Module Az.Accounts`. If you have several tenants, set {tenant_id}.",
};

const INVALID_SETTING: Advice = Advice {
    title: "An authentication setting is missing or invalid",
    cause: "A file or a setting of the authentication method is missing or malformed.",
    remedy: "Correct the setting in the error above. A file must exist, must not be empty, must be text, and must be readable by the current user.",
};

/// The advice for an authentication that failed before the provider sent a request.
pub(super) fn authentication(error: &AuthenticationError) -> Advice {
    match error.method {
        Method::ENVIRONMENT_TOKEN => return ACCESS_TOKEN,
        Method::CLIENT_CERTIFICATE => return CLIENT_CERTIFICATE,
        Method::DEV_CLI => return DEV_CLI,
        Method::POWERSHELL => return POWERSHELL,
        Method::AZURE_CLI => {}
        _ => return INVALID_SETTING,
    }
    let message = error.to_string().to_ascii_lowercase();
    // The Azure CLI reports "Subscription 'x' not found" if none of its accounts has access to the subscription.
    if message.contains("az login") {
        let has_other = error.unused.iter().any(UnusedMethod::is_configured);
        if has_other { AZ_NOT_LOGGED_IN_EITHER } else { AZ_NOT_LOGGED_IN }
    } else if message.contains("subscription") && message.contains("not found") {
        AZ_SUBSCRIPTION
    } else if message.contains("permission denied") || message.contains("read-only file system") {
        AZ_NOT_EXECUTABLE
    } else {
        AZ_OTHER
    }
}

/// The advice for a connection that could not be established or was interrupted.
pub(super) fn connection(kind: TransportKind) -> Advice {
    match kind {
        TransportKind::Name => Advice {
            title: "Host not found",
            cause: "The host name could not be resolved. Possible causes: a typing error in an endpoint, no network, or a network that requires a proxy.",
            remedy: "Check {environment}, {metadata_host}, {resource_manager_endpoint} and the network. If you connect through a proxy, set HTTPS_PROXY.",
        },
        TransportKind::Connect => Advice {
            title: "Host cannot be reached",
            cause: "The host refused the connection or did not respond after several attempts. Possible causes: a firewall, a missing proxy setting, or a wrong port.",
            remedy: "Check from this machine with `curl -v https://HOST`. If you connect through a proxy, set HTTPS_PROXY.",
        },
        TransportKind::Tls => Advice {
            title: "The host's certificate is not trusted",
            cause: "The TLS handshake failed. Usually a proxy that inspects TLS presents its own certificate, or the cloud has a private certificate authority.",
            remedy: "Add the authority's certificate to the system's certificates, or set SSL_CERT_FILE to a bundle that contains it. Certificate checks cannot be turned off.",
        },
        TransportKind::Proxy => Advice {
            title: "The proxy refused the connection",
            cause: "The proxy in HTTPS_PROXY does not connect to the host.",
            remedy: "Check HTTPS_PROXY, including its user name and password, and the proxy's rules. Or add the host to NO_PROXY.",
        },
        TransportKind::ProxyAuthentication => Advice {
            title: "The proxy requires authentication",
            cause: "The proxy between this machine and Azure requires a user name and a password, or rejected them. The provider tries only once, because repeated attempts may lock the account.",
            remedy: "Set them in HTTPS_PROXY (http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded), or add Azure's hosts to NO_PROXY.",
        },
        TransportKind::Interrupted => Advice {
            title: "The connection was interrupted",
            cause: "Azure, or a device on the way, closed the connection before Azure had responded.",
            remedy: "{Again}.{terraform: The plan reads the current state, whether or not Azure carried out the request.}",
        },
    }
}
