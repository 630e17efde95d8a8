//! The OIDC methods: a token, Azure DevOps, GitHub, and a pod of AKS.

use super::id_token_request::{IdTokenRequest, is_azure_devops};
use super::{Assertion, Oidc};
use crate::azure::credential::application::Application;
use crate::azure::credential::availability::{Availability, not_set, not_true};
use crate::azure::credential::missing_settings;
use crate::azure::credential::secret_source::SecretSource;
use crate::azure::credential::setting::{Level, Setting};
use crate::azure::credential::settings::{Pipeline, Settings};

/// A token in `oidc_token` or in a file.
pub(in crate::azure::credential) fn token(settings: &Settings) -> Availability<Oidc> {
    let (enabled, not_enabled) = (Settings::enabled(&settings.use_oidc), not_enabled(settings));
    match (&settings.oidc_token, enabled) {
        (Some(token), Some(flag)) => {
            let level = token.level().min(flag.source.level());
            let because = format!("{} is set", token.source());
            oidc(settings, Oidc::name_of(token), Assertion::Given(token.clone()), &because, level)
        }
        (None, Some(flag)) => {
            if requests_token(settings) || pod_token(settings).is_some() {
                return Availability::NotConfigured(not_set(settings.interface, &[missing_settings::OIDC_TOKEN]));
            }
            let because = format!("{} is true", flag.source);
            let mut missing = vec![missing_settings::OIDC_TOKEN];
            missing.extend(Application::from_settings(settings).err().into_iter().flatten());
            let problem = not_set(settings.interface, &missing);
            missing[0] = match settings.pipeline {
                Some(Pipeline::GitHub) => missing_settings::GITHUB_PERMISSION,
                Some(Pipeline::GitLab) => missing_settings::GITLAB_TOKENS,
                None => missing_settings::OIDC_TOKEN,
            };
            Availability::Incomplete { because, problem, missing, level: flag.source.level() }
        }
        (Some(token), None) => {
            let because = format!("{} is set", token.source());
            // Pipelines always set the other variables, so those do not select the method.
            match token.level() {
                level @ (Level::Argument | Level::Arm) => {
                    Availability::Incomplete { because, problem: not_enabled, missing: vec!["use_oidc = true"], level }
                }
                _ => Availability::NotConfigured(format!("{because}, but {not_enabled}")),
            }
        }
        (None, None) => Availability::NotConfigured(not_enabled),
    }
}

/// A pipeline of Azure DevOps with a service connection.
pub(in crate::azure::credential) fn azure_devops(settings: &Settings) -> Availability<Oidc> {
    let Some(flag) = Settings::enabled(&settings.use_oidc) else {
        return Availability::NotConfigured(not_enabled(settings));
    };
    match IdTokenRequest::azure_devops(settings) {
        Ok(request) => requested(settings, Oidc::AZURE_DEVOPS, request, flag),
        // Azure DevOps sets only the URL itself.
        Err(mut missing) if has_azure_devops_url(settings) && settings.oidc_token.is_none() => {
            for setting in missing.iter_mut().filter(|setting| **setting == "oidc_request_token") {
                *setting = missing_settings::AZURE_DEVOPS_TOKEN;
            }
            let because = format!("{} is true in a pipeline of Azure DevOps", flag.source);
            Availability::incomplete(settings.interface, &because, missing, flag.source.level())
        }
        Err(missing) => Availability::NotConfigured(not_set(settings.interface, &missing)),
    }
}

/// A workflow of GitHub Actions.
pub(in crate::azure::credential) fn github(settings: &Settings) -> Availability<Oidc> {
    let Some(flag) = Settings::enabled(&settings.use_oidc) else {
        return Availability::NotConfigured(not_enabled(settings));
    };
    if has_azure_devops_url(settings) {
        return Availability::NotConfigured(is_azure_devops_url(settings));
    }
    match IdTokenRequest::github(settings) {
        Ok(request) => requested(settings, Oidc::GITHUB, request, flag),
        Err(missing) => Availability::NotConfigured(not_set(settings.interface, &missing)),
    }
}

/// A pod of AKS. Its variables are used if `use_aks_workload_identity` is true, or if `use_oidc` is true without any
/// other token.
pub(in crate::azure::credential) fn aks(settings: &Settings) -> Availability<Oidc> {
    let explicit = Settings::enabled(&settings.use_aks_workload_identity);
    let implicit = || {
        let has_other = settings.oidc_token.is_some() || requests_token(settings);
        Settings::enabled(&settings.use_oidc).filter(|_| !has_other && pod_token(settings).is_some())
    };
    let Some(flag) = explicit.or_else(implicit) else {
        return Availability::NotConfigured(not_true(settings.interface, "use_aks_workload_identity"));
    };
    let because = format!("{} is true", flag.source);
    let Some(file) = pod_token(settings) else {
        let problem =
            "the environment variable AZURE_FEDERATED_TOKEN_FILE is not set: the webhook of AKS sets it if the \
                       pod has the label azure.workload.identity/use: \"true\""
                .to_owned();
        let missing = vec![missing_settings::AKS_TOKEN_FILE];
        return Availability::Incomplete { because, problem, missing, level: flag.source.level() };
    };
    let pod = &settings.pod;
    let of_pod = Settings {
        interface: settings.interface,
        tenant_id: settings.tenant_id.clone().or_else(|| pod.tenant_id.clone()),
        client_id: settings.client_id.clone().or_else(|| pod.client_id.clone()),
        ..Settings::default()
    };
    let token = Assertion::Given(SecretSource::File(file.clone()));
    oidc(&of_pod, Oidc::AKS, token, &because, flag.source.level())
}

fn requested(
    settings: &Settings,
    name: &'static str,
    request: IdTokenRequest,
    flag: &Setting<bool>,
) -> Availability<Oidc> {
    let level = flag.source.level().min(request.url().source.level());
    let because = format!("{} is set", request.url().source);
    oidc(settings, name, Assertion::Requested(request), &because, level)
}

fn oidc(
    settings: &Settings,
    name: &'static str,
    assertion: Assertion,
    because: &str,
    level: Level,
) -> Availability<Oidc> {
    match Application::from_settings(settings) {
        Ok(application) => Availability::Available { method: Oidc { name, application, assertion }, level },
        Err(missing) => Availability::incomplete(settings.interface, because, missing, level),
    }
}

fn not_enabled(settings: &Settings) -> String {
    not_true(settings.interface, "use_oidc")
}

fn is_azure_devops_url(settings: &Settings) -> String {
    format!("{} is the one of Azure DevOps", settings.interface.name("oidc_request_url"))
}

/// Whether the settings configure a token request of a pipeline, at least partly.
fn requests_token(settings: &Settings) -> bool {
    has_azure_devops_url(settings) || IdTokenRequest::github(settings).is_ok()
}

fn has_azure_devops_url(settings: &Settings) -> bool {
    settings.oidc_request_url.as_ref().is_some_and(is_azure_devops)
}

fn pod_token(settings: &Settings) -> Option<&Setting<String>> {
    settings.pod.token_file.as_ref()
}
