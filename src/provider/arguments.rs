//! The arguments of the provider block, as one table: name, type, environment variables, meaning.
//!
//! Schema, documentation, reading and messages follow from it. Names and variables are a superset of those of the
//! azurerm and azapi providers as far as they make sense here, so that an existing pipeline needs no change.

use crate::framework::{Attribute, AttributeValue};

/// One argument of the provider block.
pub(super) struct Argument<T: 'static> {
    /// Its row in the schema.
    pub(super) attribute: Attribute<Option<T>>,
    /// The environment variables that stand in for it; the first that is set wins.
    pub(super) environment: &'static [&'static str],
}

impl<T: AttributeValue> Argument<T> {
    pub(super) const fn new(attribute: Attribute<Option<T>>, environment: &'static [&'static str]) -> Self {
        Self { attribute, environment }
    }

    /// How messages call it when it was given in the configuration.
    pub(super) fn source(&self) -> String {
        format!("the argument {}", self.attribute.path())
    }
}

/// A table of arguments: each row becomes a constant whose description names its environment variables. With
/// `schema name;` in front there is also a function `name` that adds all rows to a schema.
macro_rules! arguments {
    (@schema $schema:ident; $(
        $constant:ident: $type:ty = $name:literal $(($modifier:ident))?, [$($variable:literal),*], $meaning:literal;
    )*) => {
        /// Adds every argument of the table, in its order.
        pub(super) fn $schema(schema: $crate::framework::Schema) -> $crate::framework::Schema {
            schema $(.attribute(&$constant.attribute))*
        }
    };
    (schema $schema:ident; $($rows:tt)*) => {
        arguments! { $($rows)* }
        arguments! { @schema $schema; $($rows)* }
    };
    ($(
        $constant:ident: $type:ty = $name:literal $(($modifier:ident))?,
        [$first:literal $(, $further:literal)*],
        $meaning:literal;
    )*) => {
        $(
            pub(super) const $constant: Argument<$type> = Argument::new(
                $crate::framework::Attribute::optional($name)
                    .description(concat!($meaning, " Environment: `", $first, "`" $(, ", `", $further, "`")*, "."))
                    $(.$modifier())?,
                &[$first $(, $further)*],
            );
        )*
    };
}
pub(super) use arguments;

arguments! {
    schema add_to;

    TENANT_ID: String = "tenant_id", ["ARM_TENANT_ID"],
        "Microsoft Entra tenant to log in to: its GUID or one of its domain names.";
    SUBSCRIPTION_ID: String = "subscription_id", ["ARM_SUBSCRIPTION_ID"],
        "Subscription that picks the account of the Azure CLI where `tenant_id` is not given. Resources take theirs from `workspace_id`.";
    CLIENT_ID: String = "client_id", ["ARM_CLIENT_ID", "AZURE_CLIENT_ID"],
        "Application (client) id to log in as: a service principal or a user-assigned managed identity.";
    CLIENT_ID_FILE_PATH: String = "client_id_file_path", ["ARM_CLIENT_ID_FILE_PATH"],
        "File that holds the application id, instead of `client_id`.";

    CLIENT_SECRET: String = "client_secret" (sensitive), ["ARM_CLIENT_SECRET"],
        "Client secret of the application.";
    CLIENT_SECRET_FILE_PATH: String = "client_secret_file_path", ["ARM_CLIENT_SECRET_FILE_PATH"],
        "File that holds the client secret, instead of `client_secret`.";

    CLIENT_CERTIFICATE: String = "client_certificate" (sensitive), ["ARM_CLIENT_CERTIFICATE"],
        "Client certificate and its key: a PKCS#12 bundle in base64. Not offered by this version: a certificate that is set is an error, not a fall-back to another method.";
    CLIENT_CERTIFICATE_PATH: String = "client_certificate_path", ["ARM_CLIENT_CERTIFICATE_PATH"],
        "File that holds the PKCS#12 bundle, instead of `client_certificate`. Not offered by this version.";
    CLIENT_CERTIFICATE_PASSWORD: String = "client_certificate_password" (sensitive), ["ARM_CLIENT_CERTIFICATE_PASSWORD"],
        "Password of the PKCS#12 bundle. Not used by this version.";

    USE_OIDC: bool = "use_oidc", ["ARM_USE_OIDC"],
        "Log in with an OIDC token of the pipeline (workload identity federation). Default `false`.";
    OIDC_TOKEN: String = "oidc_token" (sensitive), ["ARM_OIDC_TOKEN"],
        "The OIDC token itself. One that comes from a file can be renewed, so `oidc_token_file_path` suits longer runs better.";
    OIDC_TOKEN_FILE_PATH: String = "oidc_token_file_path", ["ARM_OIDC_TOKEN_FILE_PATH", "AZURE_FEDERATED_TOKEN_FILE"],
        "File that holds the OIDC token; read again whenever a new access token is needed.";
    OIDC_REQUEST_URL: String = "oidc_request_url", ["ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"],
        "Address at which GitHub Actions or Azure DevOps gives OIDC tokens. Not used by this version.";
    OIDC_REQUEST_TOKEN: String = "oidc_request_token" (sensitive), ["ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"],
        "Token to ask for OIDC tokens with. Not used by this version.";
    OIDC_AZURE_SERVICE_CONNECTION_ID: String = "oidc_azure_service_connection_id",
        ["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
        "Azure DevOps service connection (azapi's name for it). Not used by this version.";
    ADO_PIPELINE_SERVICE_CONNECTION_ID: String = "ado_pipeline_service_connection_id",
        ["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID"],
        "Azure DevOps service connection (azurerm's name for it). Not used by this version.";

    USE_AKS_WORKLOAD_IDENTITY: bool = "use_aks_workload_identity", ["ARM_USE_AKS_WORKLOAD_IDENTITY"],
        "Log in with the workload identity of an AKS pod. Not offered by this version. Default `false`.";

    USE_MSI: bool = "use_msi", ["ARM_USE_MSI"],
        "Log in with the managed identity of the machine. Not offered by this version. Default `false`.";
    MSI_ENDPOINT: String = "msi_endpoint", ["ARM_MSI_ENDPOINT"],
        "Endpoint of the managed identity where it is not the usual one. Not used by this version.";
    MSI_API_VERSION: String = "msi_api_version", ["ARM_MSI_API_VERSION"],
        "API version of `msi_endpoint`. Not used by this version.";

    USE_CLI: bool = "use_cli", ["ARM_USE_CLI"],
        "Log in as the user of the Azure CLI where no other method is configured. Default `true`.";

    AUXILIARY_TENANT_IDS: Vec<String> = "auxiliary_tenant_ids", ["ARM_AUXILIARY_TENANT_IDS"],
        "Up to three further tenants to have tokens for; in the environment separated by `;`. Not used by this version.";

    ENVIRONMENT: String = "environment", ["ARM_ENVIRONMENT"],
        "The Azure cloud: `public` (default), `usgovernment`, `china`, or `custom` with `endpoint`.";
    METADATA_HOST: String = "metadata_host", ["ARM_METADATA_HOSTNAME", "ARM_METADATA_HOST"],
        "Host, with a port if need be, of a Resource Manager that describes its cloud at `/metadata/endpoints`. Goes before `environment`.";

    PARTNER_ID: String = "partner_id", ["ARM_PARTNER_ID"],
        "GUID of a Microsoft partner for customer usage attribution.";
    DISABLE_TERRAFORM_PARTNER_ID: bool = "disable_terraform_partner_id", ["ARM_DISABLE_TERRAFORM_PARTNER_ID"],
        "Leave out Terraform's own partner id where no `partner_id` is given. Default `false`.";
    CUSTOM_CORRELATION_REQUEST_ID: String = "custom_correlation_request_id", ["ARM_CORRELATION_REQUEST_ID"],
        "Value of the header `x-ms-correlation-request-id`, by which Azure's activity log finds a run. A random one otherwise.";
    DISABLE_CORRELATION_REQUEST_ID: bool = "disable_correlation_request_id", ["ARM_DISABLE_CORRELATION_REQUEST_ID"],
        "Send no `x-ms-correlation-request-id`. Default `false`.";
}
