//! The settings that select the Azure cloud.

use super::arguments;
use super::endpoint::ENDPOINT;
use crate::azure::cloud::Cloud;
use crate::azure::credential::{Setting, Source};
use crate::azure::http::Http;
use crate::azure::{Deadline, Error, without_user};
use crate::azure_diagnostics;
use crate::framework::Diagnostic;

/// The settings about the cloud.
///
/// `metadata_host` overrides `environment`. The parts of `endpoint` then override the endpoints of the selected cloud.
#[derive(Clone, Debug, Default)]
pub(super) struct CloudSettings {
    pub(super) environment: Option<Setting<String>>,
    pub(super) metadata_host: Option<Setting<String>>,
    pub(super) resource_manager_endpoint: Option<Setting<String>>,
    pub(super) resource_manager_audience: Option<Setting<String>>,
    pub(super) active_directory_authority_host: Option<Setting<String>>,
}

/// The `environment` that requires `endpoint`.
const CUSTOM: &str = "custom";

impl CloudSettings {
    /// The selected cloud. Sends a request only if `metadata_host` is set.
    ///
    /// # Errors
    /// An unknown name, an invalid endpoint, or a metadata host that does not answer.
    pub(super) async fn resolve(&self, http: &Http, deadline: &Deadline) -> Result<Cloud, Diagnostic> {
        let base = match &self.metadata_host {
            Some(host) => from_metadata_host(host, http, deadline).await?,
            None => self.named()?,
        };
        self.with_endpoints(base)
    }

    /// The cloud in `environment`, by default the public one.
    fn named(&self) -> Result<Cloud, Diagnostic> {
        let Some(Setting { value: name, source }) = &self.environment else { return Ok(Cloud::public()) };
        if name.trim().eq_ignore_ascii_case(CUSTOM) {
            return self.require_endpoints(source).map(|()| Cloud::public());
        }
        Cloud::named(name.trim()).ok_or_else(|| {
            Diagnostic::error(
                "Unknown Azure environment",
                format!(
                    "\"{name}\" from {source} is not the name of an Azure cloud. Possible values are \"public\", \
                     \"usgovernment\", \"china\" and \"custom\". For any other cloud, set `metadata_host`."
                ),
            )
            .at(arguments::ENVIRONMENT.attribute.path())
        })
    }

    /// A custom cloud takes no endpoint from a known one.
    fn require_endpoints(&self, source: &Source) -> Result<(), Diagnostic> {
        let missing: Vec<&str> = [
            ("resource_manager_endpoint", &self.resource_manager_endpoint),
            ("active_directory_authority_host", &self.active_directory_authority_host),
        ]
        .into_iter()
        .filter_map(|(name, setting)| setting.is_none().then_some(name))
        .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let detail = format!(
            "\"{CUSTOM}\" from {source} requires endpoints that are not set. Set `endpoint.{}`.",
            missing.join("` and `endpoint.")
        );
        Err(Diagnostic::error("Missing endpoints of the custom environment", detail)
            .at(arguments::ENVIRONMENT.attribute.path()))
    }

    fn with_endpoints(&self, base: Cloud) -> Result<Cloud, Diagnostic> {
        let (endpoint, audience, authority) = (
            self.resource_manager_endpoint.as_ref(),
            self.resource_manager_audience.as_ref(),
            self.active_directory_authority_host.as_ref(),
        );
        if endpoint.is_none() && audience.is_none() && authority.is_none() {
            return Ok(base);
        }
        // The audience of an overridden endpoint defaults to that endpoint.
        let base_audience = endpoint.is_none().then(|| base.arm().audience());
        let cloud = base.clone().with_endpoints(
            endpoint.map_or_else(|| base.arm().endpoint().as_str(), |setting| &setting.value),
            authority.map_or_else(|| base.authority().as_str(), |setting| &setting.value),
            audience.map(|setting| setting.value.as_str()).or(base_audience),
        );
        cloud.map_err(|error| {
            let sources: Vec<String> = [endpoint, audience, authority]
                .into_iter()
                .flatten()
                .map(|setting| setting.source.to_string())
                .collect();
            let detail = format!("The endpoint from {} is invalid: {error}.", sources.join(" or "));
            Diagnostic::error("Invalid endpoint", detail).at(ENDPOINT.path())
        })
    }
}

async fn from_metadata_host(host: &Setting<String>, http: &Http, deadline: &Deadline) -> Result<Cloud, Diagnostic> {
    let Setting { value, source } = host;
    let name = bare_host(value);
    Cloud::from_metadata(name, http, deadline).await.map_err(|error: Error| {
        let name = without_user(name);
        let activity = format!("reading the endpoints of the cloud from the metadata host {name}, set by {source}");
        azure_diagnostics::while_configuring(&error, &activity).at(arguments::METADATA_HOST.attribute.path())
    })
}

/// The host of a pasted URL.
fn bare_host(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("https://").unwrap_or(text).trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::azure::user_agent::UserAgent;

    fn setting(value: &str) -> Option<Setting<String>> {
        Some(Setting::new(value.to_owned(), Source::argument("x")))
    }

    async fn resolve(settings: CloudSettings) -> Result<Cloud, Diagnostic> {
        let http = Http::new(&UserAgent::default());
        settings.resolve(&http, &Deadline::lasting(Duration::from_secs(20))).await
    }

    #[tokio::test]
    async fn the_public_cloud_is_the_default() {
        assert_eq!(resolve(CloudSettings::default()).await, Ok(Cloud::public()));
    }

    #[tokio::test]
    async fn environment_selects_a_cloud_by_name() {
        let settings = CloudSettings { environment: setting("usgovernment"), ..CloudSettings::default() };

        assert_eq!(resolve(settings).await, Ok(Cloud::named("usgovernment").expect("a known cloud")));
    }

    #[tokio::test]
    async fn an_unknown_name_lists_the_possible_values() {
        let settings = CloudSettings { environment: setting("german"), ..CloudSettings::default() };

        let error = resolve(settings).await.expect_err("no such cloud");

        assert!(error.detail.contains("\"german\"") && error.detail.contains("\"usgovernment\""), "{}", error.detail);
        assert_eq!(error.path, Some(arguments::ENVIRONMENT.attribute.path()));
    }

    #[tokio::test]
    async fn a_custom_cloud_requires_its_endpoints() {
        let settings = CloudSettings { environment: setting("custom"), ..CloudSettings::default() };

        let error = resolve(settings).await.expect_err("no endpoints");

        assert!(
            error
                .detail
                .contains("`endpoint.resource_manager_endpoint` and `endpoint.active_directory_authority_host`")
        );
    }

    #[tokio::test]
    async fn endpoints_override_those_of_the_named_cloud() {
        let settings = CloudSettings {
            environment: setting("china"),
            resource_manager_endpoint: setting("https://arm.example"),
            ..CloudSettings::default()
        };

        let cloud = resolve(settings).await.expect("a cloud");

        assert_eq!(cloud.arm().endpoint().as_str(), "https://arm.example/");
        assert_eq!(cloud.arm().scope(), "https://arm.example/.default");
        assert_eq!(Some(cloud.authority()), Cloud::named("china").as_ref().map(Cloud::authority));
    }

    #[tokio::test]
    async fn custom_authority_keeps_the_audience() {
        let settings = CloudSettings {
            active_directory_authority_host: setting("https://login.example"),
            ..CloudSettings::default()
        };

        let cloud = resolve(settings).await.expect("a cloud");

        assert_eq!(cloud.arm().scope(), Cloud::public().arm().scope());
    }

    #[tokio::test]
    async fn an_endpoint_without_tls_is_reported_with_its_source() {
        let settings =
            CloudSettings { resource_manager_endpoint: setting("http://arm.example"), ..CloudSettings::default() };

        let error = resolve(settings).await.expect_err("no TLS");

        assert!(
            error.detail.contains("http://arm.example") && error.detail.contains("the argument `x`"),
            "{}",
            error.detail
        );
    }

    #[tokio::test]
    async fn rejects_a_metadata_host_with_a_password_and_hides_it() {
        for host in ["me:hunter2@arm.example", "http://me:hunter2@arm.example", "me:hunter2@arm example"] {
            let settings = CloudSettings { metadata_host: setting(host), ..CloudSettings::default() };

            let Diagnostic { summary, detail, .. } = resolve(settings).await.expect_err("not a plain host");

            assert!(detail.contains("arm") && !detail.contains("hunter2") && !summary.contains("hunter2"), "{detail}");
        }
    }

    #[test]
    fn accepts_a_url_as_metadata_host() {
        assert_eq!(
            bare_host(" https://management.local.azurestack.external/ "),
            "management.local.azurestack.external"
        );
        assert_eq!(bare_host("127.0.0.1:8443"), "127.0.0.1:8443");
    }
}
