//! The arguments of the provider block as one table: name, type, environment variables and description.
//!
//! The schema, the documentation, the parsing and the messages follow from this table. Names and variables are those of
//! the azurerm and azapi providers, so that an existing pipeline needs no change.

use crate::azure::credential::Source;
use crate::framework::{Attribute, AttributeValue};

/// One argument of the provider block.
pub(super) struct Argument<T: 'static> {
    /// The attribute in the schema.
    pub(super) attribute: Attribute<Option<T>>,
    /// The environment variables that can set it. The first one that is set applies.
    pub(super) env_vars: &'static [&'static str],
}

impl<T: AttributeValue> Argument<T> {
    pub(super) const fn new(attribute: Attribute<Option<T>>, env_vars: &'static [&'static str]) -> Self {
        Self { attribute, env_vars }
    }

    /// The argument in the configuration as the source of a setting.
    pub(super) fn source(&self) -> Source {
        Source::argument(self.attribute.path())
    }
}

/// The metadata of an argument, without its type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) env_vars: &'static [&'static str],
    /// The description without the environment variables.
    pub(super) description: &'static str,
}

/// A table of arguments: each row becomes a constant whose description ends with its environment variables, and a [`Row`]
/// of `ROWS`. With `schema name;` in front, the macro also defines a function `name` that adds all rows to a schema.
macro_rules! arguments {
    (@schema $schema:ident; $(
        $constant:ident: $type:ty = $name:literal $(($modifier:ident))?, [$($variable:literal),*], $description:literal;
    )*) => {
        /// Adds every argument of the table to `schema`, in the order of the table.
        pub(super) fn $schema(schema: $crate::framework::Schema) -> $crate::framework::Schema {
            schema $(.attribute(&$constant.attribute))*
        }
    };
    (@variables $only:literal) => { concat!(" Environment variable: `", $only, "`.") };
    (@variables $first:literal, $($further:literal),+) => {
        concat!(" Environment variables: `", $first, "`" $(, ", `", $further, "`")+, ".")
    };
    (schema $schema:ident; $($rows:tt)*) => {
        arguments! { $($rows)* }
        arguments! { @schema $schema; $($rows)* }
    };
    ($(
        $constant:ident: $type:ty = $name:literal $(($modifier:ident))?, [$($variable:literal),+], $description:literal;
    )*) => {
        $(
            pub(super) const $constant: Argument<$type> = Argument::new(
                $crate::framework::Attribute::optional($name)
                    .description(concat!($description, arguments!(@variables $($variable),+)))
                    $(.$modifier())?,
                &[$($variable),+],
            );
        )*

        /// All arguments of the table.
        pub(super) const ROWS: &[$crate::provider::arguments::Row] = &[$(
            $crate::provider::arguments::Row { name: $name, env_vars: &[$($variable),+], description: $description },
        )*];
    };
}
pub(super) use arguments;

arguments! {
    schema add_to;

    TENANT_ID: String = "tenant_id", ["ARM_TENANT_ID"],
        "The Microsoft Entra tenant, as a GUID or a domain name.";
    SUBSCRIPTION_ID: String = "subscription_id", ["ARM_SUBSCRIPTION_ID"],
        "Selects the Azure CLI account when `tenant_id` is not set. Resources use the subscription of their workspace.";
    CLIENT_ID: String = "client_id", ["ARM_CLIENT_ID", "AZURE_CLIENT_ID"],
        "The client ID (application ID) of the service principal. With `use_msi`, the client ID or resource ID of the user-assigned managed identity.";
    CLIENT_ID_FILE_PATH: String = "client_id_file_path", ["ARM_CLIENT_ID_FILE_PATH"],
        "The path to a file with the client ID.";

    CLIENT_SECRET: String = "client_secret" (sensitive), ["ARM_CLIENT_SECRET"],
        "The client secret of the service principal.";
    CLIENT_SECRET_FILE_PATH: String = "client_secret_file_path", ["ARM_CLIENT_SECRET_FILE_PATH"],
        "The path to a file with the client secret.";

    CLIENT_CERTIFICATE: String = "client_certificate" (sensitive), ["ARM_CLIENT_CERTIFICATE"],
        "The client certificate with its private key, as a base64-encoded PKCS#12 bundle (PFX) or PEM file.";
    CLIENT_CERTIFICATE_PATH: String = "client_certificate_path", ["ARM_CLIENT_CERTIFICATE_PATH"],
        "The path to a PKCS#12 bundle (PFX) or a PEM file with the client certificate and its private key. The provider reads the file each time it requests an access token.";
    CLIENT_CERTIFICATE_PASSWORD: String = "client_certificate_password" (sensitive), ["ARM_CLIENT_CERTIFICATE_PASSWORD"],
        "The password of the client certificate. Omit it if the certificate has none.";

    USE_OIDC: bool = "use_oidc", ["ARM_USE_OIDC"],
        "Whether to authenticate with an OIDC token (workload identity federation). Defaults to `false`.";
    OIDC_TOKEN: String = "oidc_token" (sensitive), ["ARM_OIDC_TOKEN", "TFC_WORKLOAD_IDENTITY_TOKEN"],
        "The OIDC token. If a run takes longer than the OIDC token is valid, use `oidc_token_file_path` instead.";
    OIDC_TOKEN_FILE_PATH: String = "oidc_token_file_path", ["ARM_OIDC_TOKEN_FILE_PATH"],
        "The path to a file with the OIDC token. The provider reads the file each time it requests an access token.";
    OIDC_REQUEST_URL: String = "oidc_request_url", ["ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"],
        "The URL that issues OIDC tokens in GitHub Actions or Azure DevOps. The provider requests a new OIDC token each time it requests an access token.";
    OIDC_REQUEST_TOKEN: String = "oidc_request_token" (sensitive), ["ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"],
        "The bearer token for requests to `oidc_request_url`.";
    OIDC_AZURE_SERVICE_CONNECTION_ID: String = "oidc_azure_service_connection_id",
        ["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
        "Alias of `ado_pipeline_service_connection_id`, for compatibility with azapi.";
    ADO_PIPELINE_SERVICE_CONNECTION_ID: String = "ado_pipeline_service_connection_id",
        ["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID"],
        "The ID (GUID) of the Azure DevOps service connection. Required with `oidc_request_url` in Azure DevOps.";

    USE_AKS_WORKLOAD_IDENTITY: bool = "use_aks_workload_identity", ["ARM_USE_AKS_WORKLOAD_IDENTITY"],
        "Whether to authenticate with AKS workload identity (the pod's variables `AZURE_FEDERATED_TOKEN_FILE`, `AZURE_CLIENT_ID` and `AZURE_TENANT_ID`). Defaults to `false`.";

    USE_MSI: bool = "use_msi", ["ARM_USE_MSI"],
        "Whether to authenticate with the managed identity of a virtual machine, App Service, Container Apps or Azure Arc. Defaults to `false`.";
    MSI_ENDPOINT: String = "msi_endpoint", ["ARM_MSI_ENDPOINT"],
        "The managed identity endpoint. Defaults to the value of `IDENTITY_ENDPOINT`, or to the endpoint of a virtual machine if that is not set.";
    MSI_API_VERSION: String = "msi_api_version", ["ARM_MSI_API_VERSION"],
        "The API version of the managed identity endpoint. Defaults to the version that the host requires.";

    USE_DEV_CLI: bool = "use_dev_cli", ["ARM_USE_DEV_CLI"],
        "Whether to authenticate with the Azure Developer CLI (`azd auth login`). Defaults to `false`.";

    USE_POWERSHELL: bool = "use_powershell", ["ARM_USE_POWERSHELL"],
        "Whether to authenticate with Azure PowerShell (`Connect-AzAccount`). Defaults to `false`.";

    USE_CLI: bool = "use_cli", ["ARM_USE_CLI"],
        "Whether to authenticate with the Azure CLI if no other method is configured. Defaults to `true`.";

    AUXILIARY_TENANT_IDS: Vec<String> = "auxiliary_tenant_ids", ["ARM_AUXILIARY_TENANT_IDS"],
        "The IDs of up to three additional tenants, for operations that access resources in several tenants. Not used with `use_msi` or `ARM_ACCESS_TOKEN`. In the environment variable, separate the IDs with `;`.";

    ENVIRONMENT: String = "environment", ["ARM_ENVIRONMENT"],
        "The Azure cloud. Possible values are `public`, `usgovernment`, `china` and `custom`; `custom` requires `endpoint`. Defaults to `public`.";
    METADATA_HOST: String = "metadata_host", ["ARM_METADATA_HOSTNAME", "ARM_METADATA_HOST"],
        "The host name of the Azure Metadata Service, from which the provider reads the endpoints of the cloud. \
         Overrides `environment`.";

    PARTNER_ID: String = "partner_id", ["ARM_PARTNER_ID"],
        "The GUID of a Microsoft partner for customer usage attribution.";
    DISABLE_TERRAFORM_PARTNER_ID: bool = "disable_terraform_partner_id", ["ARM_DISABLE_TERRAFORM_PARTNER_ID"],
        "Whether to omit Terraform's own partner ID, which is sent if `partner_id` is not set. Defaults to `false`.";
    CUSTOM_CORRELATION_REQUEST_ID: String = "custom_correlation_request_id", ["ARM_CORRELATION_REQUEST_ID"],
        "The `x-ms-correlation-request-id` header, which identifies a run in the Azure activity log. Defaults to a random UUID.";
    DISABLE_CORRELATION_REQUEST_ID: bool = "disable_correlation_request_id", ["ARM_DISABLE_CORRELATION_REQUEST_ID"],
        "Whether to omit the `x-ms-correlation-request-id` header. Defaults to `false`.";

    PREFLIGHT: String = "preflight", ["SENTINEL_PREFLIGHT"],
        "What to do if a plan creates a connector and a prerequisite is missing: the onboarding of the workspace, \
         Azure roles on it, the Defender XDR license, or the solution version. Solutions and incident creation rules require only the \
         onboarding. Possible values are `off`, `warn` and \
         `error`. Do not use `error` if the same apply assigns the roles. This is not the ARM preflight validation of \
         azurerm and azapi. Defaults to `warn`.";
}
