//! A login method that the settings ask for and that lacks something: what exactly.

use crate::azure::credential::Method;
use crate::azure::{Error, Unused, UnusedMethod};

/// The method that lacks the least. Of several, the first.
pub(super) fn nearest(unused: &[UnusedMethod]) -> Option<&UnusedMethod> {
    let incomplete = unused.iter().filter(|method| !missing(method).is_empty());
    incomplete.min_by_key(|method| missing(method).len())
}

/// The method that the user asked for, if the Azure CLI failed in its place.
pub(super) fn method_before_the_azure_cli(error: &Error) -> Option<&UnusedMethod> {
    match error {
        Error::Authentication(error) if error.method == Method::AZURE_CLI => nearest(&error.unused),
        _ => None,
    }
}

pub(super) fn title(method: &UnusedMethod) -> String {
    format!("Authentication with the {} is incomplete", method.method)
}

/// A pipeline can request a token, if it is allowed to.
const PIPELINES: &str = "In GitHub Actions, the job needs only `permissions: id-token: write`. In Azure DevOps, set \
                         SYSTEM_ACCESSTOKEN and `ado_pipeline_service_connection_id`.";

/// "Only `client_secret` is missing. Set `client_secret` (ARM_CLIENT_SECRET) or …"
pub(super) fn remedy(method: &UnusedMethod) -> String {
    let missing = missing(method);
    let settings = missing.iter().map(|setting| with_variables(setting)).collect::<Vec<_>>().join(", and ");
    match missing {
        [one] if method.method == "OIDC token" && one.contains(" or ") => {
            format!("Only `{}` is missing. Set {settings}. {PIPELINES}", name(one))
        }
        [one] => format!("Only `{}` is missing. Set {settings}.", name(one)),
        several => {
            let names = several.iter().map(|setting| name(setting)).collect::<Vec<_>>().join("` and `");
            format!("`{names}` are missing. Set {settings}.")
        }
    }
}

fn missing(method: &UnusedMethod) -> &[&'static str] {
    match &method.why {
        Unused::Incomplete { missing } => missing,
        _ => &[],
    }
}

/// The first of the settings of which one is needed.
fn name(setting: &str) -> &str {
    setting.split(" or ").next().unwrap_or(setting)
}

/// "client_secret (ARM_CLIENT_SECRET) or client_secret_file_path (ARM_CLIENT_SECRET_FILE_PATH)".
fn with_variables(setting: &str) -> String {
    let with_variable = |setting: &str| {
        if setting.starts_with("AZURE_") {
            return setting.to_owned();
        }
        let variable = setting.to_ascii_uppercase().replace(" = TRUE", "=true");
        format!("`{setting}` (ARM_{variable})")
    };
    setting.split(" or ").map(with_variable).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incomplete(method: &'static str, missing: &[&'static str]) -> UnusedMethod {
        let why = Unused::Incomplete { missing: missing.to_vec() };
        UnusedMethod { method, reason: "…".to_owned(), why }
    }

    #[test]
    fn remedy_names_missing_arguments_and_their_variables() {
        assert_eq!(
            remedy(&incomplete("client secret", &["client_secret or client_secret_file_path"])),
            "Only `client_secret` is missing. Set `client_secret` (ARM_CLIENT_SECRET) or `client_secret_file_path` \
             (ARM_CLIENT_SECRET_FILE_PATH)."
        );
        assert_eq!(
            remedy(&incomplete("OIDC token", &["use_oidc = true"])),
            "Only `use_oidc = true` is missing. Set `use_oidc = true` (ARM_USE_OIDC=true)."
        );
        assert_eq!(
            remedy(&incomplete("client secret", &["tenant_id", "client_id"])),
            "`tenant_id` and `client_id` are missing. Set `tenant_id` (ARM_TENANT_ID), and `client_id` (ARM_CLIENT_ID)."
        );
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
