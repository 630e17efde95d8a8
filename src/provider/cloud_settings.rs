//! The settings that select the Azure cloud.

use std::fmt::Display;

use super::arguments;
use super::endpoint::ENDPOINT;
use crate::azure::cloud::Cloud;
use crate::azure::credential::{Interface, Setting, Source};
use crate::azure::http::Http;
use crate::azure::{Deadline, Error, without_user};
use crate::azure_diagnostics;
use crate::framework::Diagnostic;

/// The settings that select the cloud and its endpoints.
///
/// `metadata_host` overrides `environment`. The attributes of `endpoint` override the endpoints of the selected cloud.
#[derive(Clone, Debug, Default)]
pub(super) struct CloudSettings {
    pub(super) environment: Option<Setting<String>>,
    pub(super) metadata_host: Option<Setting<String>>,
    pub(super) resource_manager: ServiceSettings,
    pub(super) active_directory_authority_host: Option<Setting<String>>,
    pub(super) log_analytics: ServiceSettings,
    pub(super) microsoft_graph: ServiceSettings,
}

/// The endpoint settings of one service.
#[derive(Clone, Debug, Default)]
pub(super) struct ServiceSettings {
    pub(super) endpoint: Option<Setting<String>>,
    pub(super) audience: Option<Setting<String>>,
}

impl ServiceSettings {
    /// The endpoint and the audience.
    fn values(&self) -> (Option<&str>, Option<&str>) {
        (text(self.endpoint.as_ref()), text(self.audience.as_ref()))
    }
}

fn text(setting: Option<&Setting<String>>) -> Option<&str> {
    setting.map(|setting| setting.value.as_str())
}

/// The value of `environment` that requires `endpoint`.
const CUSTOM: &str = "custom";

impl CloudSettings {
    /// The selected cloud. Sends a request only if `metadata_host` is set.
    ///
    /// # Errors
    /// An unknown name, an invalid endpoint, or a metadata host that does not respond.
    pub(super) async fn resolve(
        &self,
        http: &Http,
        deadline: &Deadline,
        interface: Interface,
    ) -> Result<Cloud, Diagnostic> {
        let base = match &self.metadata_host {
            Some(host) => from_metadata_host(host, http, deadline, interface).await?,
            None => self.named(interface)?,
        };
        self.with_endpoints(base)
    }

    /// The cloud that `environment` selects. Defaults to the public cloud.
    fn named(&self, interface: Interface) -> Result<Cloud, Diagnostic> {
        let Some(Setting { value: name, source }) = &self.environment else { return Ok(Cloud::public()) };
        if name.trim().eq_ignore_ascii_case(CUSTOM) {
            return self.require_endpoints(source, interface).map(|()| Cloud::public());
        }
        Cloud::named(name.trim()).ok_or_else(|| {
            Diagnostic::error(
                "Invalid environment",
                format!(
                    "\"{name}\" from {source} is not the name of an Azure cloud. Possible values are \"public\", \
                     \"usgovernment\", \"china\" and \"custom\". For any other cloud, set {}.",
                    interface.full_name("metadata_host")
                ),
            )
            .at(arguments::ENVIRONMENT.attribute.path())
        })
    }

    /// Checks that the endpoints of a custom cloud are set.
    fn require_endpoints(&self, source: &Source, interface: Interface) -> Result<(), Diagnostic> {
        let missing: Vec<String> = [
            ("resource_manager_endpoint", &self.resource_manager.endpoint),
            ("active_directory_authority_host", &self.active_directory_authority_host),
        ]
        .into_iter()
        .filter(|(_, setting)| setting.is_none())
        .map(|(name, _)| interface.full_name(name))
        .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let detail =
            format!("\"{CUSTOM}\" from {source} requires endpoints that are not set. Set {}.", missing.join(" and "));
        Err(Diagnostic::error("Missing endpoints of the custom environment", detail)
            .at(arguments::ENVIRONMENT.attribute.path()))
    }

    fn with_endpoints(&self, base: Cloud) -> Result<Cloud, Diagnostic> {
        let (logs, graph) = (&self.log_analytics, &self.microsoft_graph);
        let cloud = self.with_resource_manager(base)?;
        let (endpoint, audience) = logs.values();
        let cloud = cloud
            .with_log_analytics(endpoint, audience)
            .map_err(|error| invalid(&error, [&logs.endpoint, &logs.audience]))?;
        let (endpoint, audience) = graph.values();
        cloud.with_graph(endpoint, audience).map_err(|error| invalid(&error, [&graph.endpoint, &graph.audience]))
    }

    /// Overrides Resource Manager and Microsoft Entra. The result is another cloud, so its other services are unknown.
    fn with_resource_manager(&self, base: Cloud) -> Result<Cloud, Diagnostic> {
        let (endpoint, audience) = self.resource_manager.values();
        let authority = text(self.active_directory_authority_host.as_ref());
        if endpoint.is_none() && audience.is_none() && authority.is_none() {
            return Ok(base);
        }
        // The audience of an overridden endpoint defaults to that endpoint.
        let base_audience = endpoint.is_none().then(|| base.arm().audience());
        let cloud = base.clone().with_endpoints(
            endpoint.unwrap_or_else(|| base.arm().endpoint().as_str()),
            authority.unwrap_or_else(|| base.authority().as_str()),
            audience.or(base_audience),
        );
        let ServiceSettings { endpoint, audience } = &self.resource_manager;
        cloud.map_err(|error| invalid(&error, [endpoint, audience, &self.active_directory_authority_host]))
    }
}

/// The error about an invalid endpoint, which one of the settings contains.
fn invalid<const N: usize>(error: &impl Display, settings: [&Option<Setting<String>>; N]) -> Diagnostic {
    let sources: Vec<String> = settings.into_iter().flatten().map(|setting| setting.source.to_string()).collect();
    let detail = format!("The endpoint from {} is invalid: {error}.", sources.join(" or "));
    Diagnostic::error("Invalid endpoint", detail).at(ENDPOINT.path())
}

async fn from_metadata_host(
    host: &Setting<String>,
    http: &Http,
    deadline: &Deadline,
    interface: Interface,
) -> Result<Cloud, Diagnostic> {
    let Setting { value, source } = host;
    let name = bare_host(value);
    Cloud::from_metadata(name, http, deadline).await.map_err(|error: Error| {
        let name = without_user(name);
        let activity = format!("reading the endpoints of the cloud from the metadata host {name}, set by {source}");
        azure_diagnostics::while_configuring(&error, &activity, interface).at(arguments::METADATA_HOST.attribute.path())
    })
}

/// Removes the scheme and trailing slashes, in case the host is a URL.
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

    fn endpoint(value: &str) -> ServiceSettings {
        ServiceSettings { endpoint: setting(value), ..ServiceSettings::default() }
    }

    async fn resolve(settings: CloudSettings) -> Result<Cloud, Diagnostic> {
        let http = Http::new(&UserAgent::default());
        settings.resolve(&http, &Deadline::lasting(Duration::from_secs(20)), Interface::Provider).await
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
                .contains("`endpoint.resource_manager_endpoint` (ARM_RESOURCE_MANAGER_ENDPOINT) and `endpoint.active_directory_authority_host`")
        );
    }

    #[tokio::test]
    async fn endpoints_override_those_of_the_named_cloud() {
        let settings = CloudSettings {
            environment: setting("china"),
            resource_manager: endpoint("https://arm.example"),
            ..CloudSettings::default()
        };

        let cloud = resolve(settings).await.expect("a cloud");

        assert_eq!(cloud.arm().endpoint().as_str(), "https://arm.example/");
        assert_eq!(cloud.arm().scope(), "https://arm.example/.default");
        assert_eq!(Some(cloud.authority()), Cloud::named("china").as_ref().map(Cloud::authority));
    }

    #[tokio::test]
    async fn custom_cloud_has_only_configured_services() {
        for other in [
            CloudSettings { resource_manager: endpoint("https://arm.example"), ..CloudSettings::default() },
            CloudSettings {
                active_directory_authority_host: setting("https://login.example"),
                ..CloudSettings::default()
            },
        ] {
            let given = CloudSettings {
                log_analytics: endpoint("https://logs.example"),
                microsoft_graph: endpoint("https://graph.example"),
                ..other.clone()
            };

            let (other, given) = (resolve(other).await.expect("a cloud"), resolve(given).await.expect("a cloud"));

            assert_eq!((other.log_analytics(), other.graph()), (None, None));
            let scopes = [given.log_analytics(), given.graph()].map(|service| service.expect("a service").scope());
            assert_eq!(scopes, ["https://logs.example/.default", "https://graph.example/.default"]);
        }
    }

    #[tokio::test]
    async fn log_analytics_endpoint_keeps_the_rest_of_the_cloud() {
        let logs = ServiceSettings { endpoint: setting("https://gw.example/logs"), audience: setting("https://logs") };
        let cloud = resolve(CloudSettings { log_analytics: logs, ..CloudSettings::default() }).await.expect("a cloud");

        let logs = cloud.log_analytics().expect("a service");
        assert_eq!(
            (logs.endpoint().as_str(), logs.scope().as_str()),
            ("https://gw.example/logs", "https://logs/.default")
        );
        assert_eq!((cloud.arm(), cloud.graph()), (Cloud::public().arm(), Cloud::public().graph()));
    }

    #[tokio::test]
    async fn rejects_an_audience_without_an_endpoint() {
        let audience = ServiceSettings { audience: setting("https://logs"), ..ServiceSettings::default() };
        let settings = CloudSettings {
            resource_manager: endpoint("https://arm.example"),
            log_analytics: audience,
            ..CloudSettings::default()
        };

        let error = resolve(settings).await.expect_err("no endpoint");

        assert!(error.detail.contains("`log_analytics_audience`"), "{}", error.detail);
        assert_eq!(error.path, Some(ENDPOINT.path()));
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
        let settings = CloudSettings { resource_manager: endpoint("http://arm.example"), ..CloudSettings::default() };

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
