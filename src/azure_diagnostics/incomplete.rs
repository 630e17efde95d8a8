//! Diagnostics for an authentication method that is incomplete or cannot be used. They name what the user must do.

use super::detail::sentence;
use super::wording::render;
use crate::azure::credential::{Interface, Method, missing_settings, variable};
use crate::azure::{Error, Unused, UnusedMethod, with_article};

/// The method that the user probably wants: one that cannot be used here, or the one with the fewest missing settings.
pub(super) fn nearest(unused: &[UnusedMethod]) -> Option<&UnusedMethod> {
    let unusable = unused.iter().find(|method| method.why == Unused::Unusable);
    let incomplete = unused.iter().filter(|method| !missing(method).is_empty());
    unusable.or_else(|| incomplete.min_by_key(|method| missing(method).len()))
}

/// The method that the user probably wants, if the provider fell back to the Azure CLI and that failed.
pub(super) fn method_before_the_azure_cli(error: &Error) -> Option<&UnusedMethod> {
    match error {
        Error::Authentication(error) if error.method == Method::AZURE_CLI => nearest(&error.unused),
        _ => None,
    }
}

pub(super) fn title(method: &UnusedMethod) -> String {
    match method.why {
        Unused::Unusable => sentence(method.method).trim_end_matches('.').to_owned() + " cannot be used",
        _ => format!("Authentication with {} is incomplete", with_article(method.method)),
    }
}

/// What to do in the pipeline or the pod, for what is not set in the provider block.
const STEPS: &[(&str, &str)] = &[
    (missing_settings::GITHUB_PERMISSION, "Add `permissions: id-token: write` to the job in GitHub Actions."),
    (
        missing_settings::GITLAB_TOKENS,
        "Define `id_tokens` in the GitLab job, with the token ARM_OIDC_TOKEN and `aud: api://AzureADTokenExchange`.",
    ),
    (
        missing_settings::AZURE_DEVOPS_TOKEN,
        "Set `SYSTEM_ACCESSTOKEN: $(System.AccessToken)` in the env of the step in Azure DevOps.",
    ),
    (
        missing_settings::AKS_TOKEN_FILE,
        "Give the pod the label `azure.workload.identity/use: \"true\"` and a service account with the annotation \
         `azure.workload.identity/client-id`. The guide \"Authenticate with AKS workload identity\" shows both.",
    ),
    (
        missing_settings::OIDC_TOKEN,
        "In GitHub Actions, add `permissions: id-token: write` to the job. In Azure DevOps, set `SYSTEM_ACCESSTOKEN: \
         $(System.AccessToken)` in the env of the step, and {ado_pipeline_service_connection_id}. In GitLab, define \
         `id_tokens` in the job. Elsewhere, set {oidc_token} or {oidc_token_file_path}.",
    ),
];

/// What to do about the method, for example "Only `client_secret` is missing. Set `client_secret` (ARM_CLIENT_SECRET)."
pub(super) fn remedy(method: &UnusedMethod, interface: Interface) -> String {
    if method.why == Unused::Unusable {
        return unusable(method);
    }
    let step = |setting: &str| STEPS.iter().find(|(name, _)| *name == setting).map(|(_, text)| *text);
    let missing = missing(method);
    let steps = missing.iter().filter_map(|setting| step(setting)).map(|text| render(text, interface));
    let settings: Vec<&str> = missing.iter().copied().filter(|setting| step(setting).is_none()).collect();
    let values = settings.iter().map(|setting| full_names(setting, interface)).collect::<Vec<_>>().join(", and ");
    let about_settings = match settings[..] {
        [] => None,
        [one] if missing.len() == 1 => Some(format!("Only {} is missing. Set {values}.", name(one, interface))),
        [_] => Some(format!("Set {values}.")),
        _ => {
            let names = settings.iter().map(|setting| name(setting, interface)).collect::<Vec<_>>().join(" and ");
            Some(format!("{names} are missing. Set {values}."))
        }
    };
    steps.chain(about_settings).collect::<Vec<_>>().join(" ")
}

/// What to do about a method that cannot be used on this machine.
fn unusable(method: &UnusedMethod) -> String {
    let install = match method.method {
        Method::DEV_CLI => "Install the Azure Developer CLI (`azd`)",
        Method::POWERSHELL => "Install PowerShell (`pwsh`) and its module Az.Accounts",
        _ => return format!("{} Correct this, or use another authentication method.", sentence(&method.reason)),
    };
    format!("{install}. The folder of the program must be in PATH, and this user must be allowed to run it.")
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
        (Interface::Command, None) => interface.name(first),
    }
}

/// "`client_secret` (ARM_CLIENT_SECRET) or `client_secret_file_path` (ARM_CLIENT_SECRET_FILE_PATH)".
fn full_names(settings: &str, interface: Interface) -> String {
    let full_name = |setting: &str| match assignment(setting) {
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
        ] {
            assert_eq!(remedy(method, Interface::Provider), of_provider);
            assert_eq!(remedy(method, Interface::Command), of_command);
        }
    }

    #[test]
    fn remedy_names_what_the_user_changes_in_the_pipeline_or_the_pod() {
        for (missing, part) in [
            ("SYSTEM_ACCESSTOKEN", "Set `SYSTEM_ACCESSTOKEN: $(System.AccessToken)` in the env of the step"),
            ("AZURE_FEDERATED_TOKEN_FILE", "the label `azure.workload.identity/use: \"true\"` and a service account"),
            ("permissions: id-token: write", "Add `permissions: id-token: write` to the job"),
            ("id_tokens", "Define `id_tokens` in the GitLab job"),
            ("oidc_token or oidc_token_file_path", "In GitLab, define `id_tokens` in the job."),
        ] {
            let remedy = remedy(&incomplete("OIDC token", &[missing, "client_id"]), Interface::Provider);

            assert!(remedy.contains(part) && remedy.ends_with(" Set `client_id` (ARM_CLIENT_ID)."), "{remedy}");
            assert!(!remedy.contains("missing"), "{remedy}");
        }
    }

    #[test]
    fn a_missing_program_is_named() {
        let unusable = |method| UnusedMethod { method, reason: "…".to_owned(), why: Unused::Unusable };
        let unused = [incomplete("client secret", &["client_id"]), unusable("Azure PowerShell")];

        let nearest = nearest(&unused).expect("a method");

        assert_eq!(title(nearest), "Azure PowerShell cannot be used");
        assert!(remedy(nearest, Interface::Provider).starts_with("Install PowerShell (`pwsh`)"));
        assert!(remedy(&unusable("Azure Developer CLI"), Interface::Provider).contains("(`azd`)"));
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
