//! Diagnostics for an incomplete authentication method. They name the missing settings.

use super::wording::render;
use crate::azure::credential::{Interface, Method, variable};
use crate::azure::{Error, Unused, UnusedMethod};

/// The method with the fewest missing settings, or the first one of several.
pub(super) fn nearest(unused: &[UnusedMethod]) -> Option<&UnusedMethod> {
    let incomplete = unused.iter().filter(|method| !missing(method).is_empty());
    incomplete.min_by_key(|method| missing(method).len())
}

/// The method that the user probably wants, if the provider fell back to the Azure CLI and that failed.
pub(super) fn method_before_the_azure_cli(error: &Error) -> Option<&UnusedMethod> {
    match error {
        Error::Authentication(error) if error.method == Method::AZURE_CLI => nearest(&error.unused),
        _ => None,
    }
}

pub(super) fn title(method: &UnusedMethod) -> String {
    format!("Authentication with the {} is incomplete", method.method)
}

/// How a pipeline gets a token without an OIDC setting.
const PIPELINES: &str = "In GitHub Actions, the job needs only `permissions: id-token: write`. In Azure DevOps, set \
                         SYSTEM_ACCESSTOKEN and {ado_pipeline_service_connection_id}.";

/// "Only `client_secret` is missing. Set `client_secret` (ARM_CLIENT_SECRET) or …"
pub(super) fn remedy(method: &UnusedMethod, interface: Interface) -> String {
    let missing = missing(method);
    let settings = missing.iter().map(|setting| full_names(setting, interface)).collect::<Vec<_>>().join(", and ");
    match missing {
        [one] if method.method == "OIDC token" && one.contains(" or ") => {
            format!("Only {} is missing. Set {settings}. {}", name(one, interface), render(PIPELINES, interface))
        }
        [one] => format!("Only {} is missing. Set {settings}.", name(one, interface)),
        several => {
            let names = several.iter().map(|setting| name(setting, interface)).collect::<Vec<_>>().join(" and ");
            format!("{names} are missing. Set {settings}.")
        }
    }
}

fn missing(method: &UnusedMethod) -> &[&'static str] {
    match &method.why {
        Unused::Incomplete { missing } => missing,
        _ => &[],
    }
}

/// The first setting of alternatives that are separated by "or".
fn name(settings: &str, interface: Interface) -> String {
    let first = settings.split(" or ").next().unwrap_or(settings);
    match (interface, assignment(first)) {
        (Interface::Provider, _) => format!("`{first}`"),
        (Interface::Command, Some((setting, value))) => format!("{}={value}", interface.name(setting)),
        (Interface::Command, None) if is_variable(first) => first.to_owned(),
        (Interface::Command, None) => interface.name(first),
    }
}

/// "`client_secret` (ARM_CLIENT_SECRET) or `client_secret_file_path` (ARM_CLIENT_SECRET_FILE_PATH)".
fn full_names(settings: &str, interface: Interface) -> String {
    let full_name = |setting: &str| match assignment(setting) {
        _ if is_variable(setting) => setting.to_owned(),
        Some((name, value)) if interface == Interface::Provider => {
            format!("`{setting}` ({}={value})", variable(name))
        }
        Some(_) => name(setting, interface),
        None => interface.full_name(setting),
    };
    settings.split(" or ").map(full_name).collect::<Vec<_>>().join(" or ")
}

/// The setting and its value in "use_oidc = true".
fn assignment(setting: &str) -> Option<(&str, &str)> {
    setting.split_once(" = ")
}

/// Whether the setting is an environment variable without a provider argument.
fn is_variable(setting: &str) -> bool {
    setting.starts_with("AZURE_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incomplete(method: &'static str, missing: &[&'static str]) -> UnusedMethod {
        let why = Unused::Incomplete { missing: missing.to_vec() };
        UnusedMethod { method, reason: "…".to_owned(), why }
    }

    #[test]
    fn remedy_names_arguments_for_terraform_and_variables_for_commands() {
        let secret = incomplete("client secret", &["client_secret or client_secret_file_path"]);
        let oidc = incomplete("OIDC token", &["use_oidc = true"]);
        let application = incomplete("client secret", &["tenant_id", "client_id"]);
        let pod = incomplete("AKS workload identity", &["AZURE_FEDERATED_TOKEN_FILE"]);

        for (method, of_provider, of_command) in [
            (
                &secret,
                "Only `client_secret` is missing. Set `client_secret` (ARM_CLIENT_SECRET) or `client_secret_file_path` \
                 (ARM_CLIENT_SECRET_FILE_PATH).",
                "Only ARM_CLIENT_SECRET is missing. Set ARM_CLIENT_SECRET or ARM_CLIENT_SECRET_FILE_PATH.",
            ),
            (
                &oidc,
                "Only `use_oidc = true` is missing. Set `use_oidc = true` (ARM_USE_OIDC=true).",
                "Only ARM_USE_OIDC=true is missing. Set ARM_USE_OIDC=true.",
            ),
            (
                &application,
                "`tenant_id` and `client_id` are missing. Set `tenant_id` (ARM_TENANT_ID), and `client_id` (ARM_CLIENT_ID).",
                "ARM_TENANT_ID and ARM_CLIENT_ID are missing. Set ARM_TENANT_ID, and ARM_CLIENT_ID.",
            ),
            (
                &pod,
                "Only `AZURE_FEDERATED_TOKEN_FILE` is missing. Set AZURE_FEDERATED_TOKEN_FILE.",
                "Only AZURE_FEDERATED_TOKEN_FILE is missing. Set AZURE_FEDERATED_TOKEN_FILE.",
            ),
        ] {
            assert_eq!(remedy(method, Interface::Provider), of_provider);
            assert_eq!(remedy(method, Interface::Command), of_command);
        }
    }

    #[test]
    fn selects_the_method_with_the_fewest_missing_settings() {
        let unused = [
            UnusedMethod { method: "managed identity", reason: "…".to_owned(), why: Unused::NotConfigured },
            incomplete("client secret", &["tenant_id", "client_id"]),
            incomplete("OIDC token", &["oidc_token"]),
        ];

        assert_eq!(nearest(&unused).map(|method| method.method), Some("OIDC token"));
        assert_eq!(nearest(&unused[..1]), None);
    }
}
