//! Which cloud the provider talks to.

use super::arguments as argument;
use super::endpoint::ENDPOINT;
use crate::azure::cloud::Cloud;
use crate::azure::credential::Setting;
use crate::azure::http::Http;
use crate::azure::{Deadline, Error};
use crate::azure_diagnostics;
use crate::framework::Diagnostic;

/// What the provider block says about the cloud.
///
/// `metadata_host` goes before `environment`; the parts of `endpoint` then replace those of the cloud that was found.
#[derive(Clone, Debug, Default)]
pub(super) struct CloudChoice {
    pub(super) environment: Option<Setting<String>>,
    pub(super) metadata_host: Option<Setting<String>>,
    pub(super) resource_manager_endpoint: Option<Setting<String>>,
    pub(super) resource_manager_audience: Option<Setting<String>>,
    pub(super) active_directory_authority_host: Option<Setting<String>>,
}

/// The name that needs `endpoint`.
const CUSTOM: &str = "custom";

impl CloudChoice {
    /// The cloud. Asks the metadata host where there is one, and nobody otherwise.
    ///
    /// # Errors
    /// An unknown name, an endpoint that cannot be used, a metadata host that does not answer.
    pub(super) async fn resolve(&self, http: &Http, deadline: &Deadline) -> Result<Cloud, Diagnostic> {
        let base = match &self.metadata_host {
            Some(host) => described_by(host, http, deadline).await?,
            None => self.named()?,
        };
        self.with_endpoints(base)
    }

    /// The cloud that `environment` names; the public one where it names none.
    fn named(&self) -> Result<Cloud, Diagnostic> {
        let Some(Setting { value: name, source }) = &self.environment else { return Ok(Cloud::public()) };
        if name.trim().eq_ignore_ascii_case(CUSTOM) {
            return self.complete_endpoints(source).map(|()| Cloud::public());
        }
        Cloud::named(name.trim()).ok_or_else(|| {
            Diagnostic::error(
                "Unknown Azure environment",
                format!(
                    "\"{name}\", which comes from {source}, is not one. Known are \"public\", \"usgovernment\", \"china\" and \"custom\"; a cloud that \
                     describes itself is given with metadata_host instead."
                ),
            )
            .at(argument::ENVIRONMENT.attribute.path())
        })
    }

    /// A custom cloud takes nothing from a known one.
    fn complete_endpoints(&self, source: &str) -> Result<(), Diagnostic> {
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
            "\"{CUSTOM}\", which comes from {source}, needs endpoint.{} as well.",
            missing.join(" and endpoint.")
        );
        Err(Diagnostic::error("Incomplete custom environment", detail).at(argument::ENVIRONMENT.attribute.path()))
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
        // another endpoint is an audience of its own, unless one is given
        let own_audience = endpoint.is_none().then(|| base.arm().audience());
        let cloud = Cloud::custom(
            endpoint.map_or_else(|| base.arm().endpoint().as_str(), |setting| &setting.value),
            authority.map_or_else(|| base.authority().as_str(), |setting| &setting.value),
            audience.map(|setting| setting.value.as_str()).or(own_audience),
        );
        cloud.map_err(|error| {
            let from: Vec<&str> =
                [endpoint, audience, authority].into_iter().flatten().map(|setting| setting.source.as_str()).collect();
            let detail = format!("Given by {}: {error}.", from.join(" and "));
            Diagnostic::error("Invalid endpoint", detail).at(ENDPOINT.path())
        })
    }
}

async fn described_by(host: &Setting<String>, http: &Http, deadline: &Deadline) -> Result<Cloud, Diagnostic> {
    let Setting { value, source } = host;
    let name = bare_host(value);
    Cloud::from_metadata(name, http, deadline).await.map_err(|error: Error| {
        let doing = format!("asking the metadata host {name}, given by {source}, for the endpoints of its cloud");
        azure_diagnostics::from_error(&error, &doing).at(argument::METADATA_HOST.attribute.path())
    })
}

/// People paste addresses where a host is asked for.
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
        Some(Setting::new(value.to_owned(), "the argument x"))
    }

    async fn resolve(choice: CloudChoice) -> Result<Cloud, Diagnostic> {
        let http = Http::new(&UserAgent::default());
        choice.resolve(&http, &Deadline::lasting(Duration::from_secs(20))).await
    }

    #[tokio::test]
    async fn the_public_cloud_is_the_default() {
        assert_eq!(resolve(CloudChoice::default()).await, Ok(Cloud::public()));
    }

    #[tokio::test]
    async fn a_cloud_is_known_by_its_name() {
        let choice = CloudChoice { environment: setting("usgovernment"), ..CloudChoice::default() };

        assert_eq!(resolve(choice).await, Ok(Cloud::named("usgovernment").expect("a known cloud")));
    }

    #[tokio::test]
    async fn an_unknown_name_lists_the_known_ones() {
        let choice = CloudChoice { environment: setting("german"), ..CloudChoice::default() };

        let error = resolve(choice).await.expect_err("no such cloud");

        assert!(error.detail.contains("\"german\"") && error.detail.contains("\"usgovernment\""), "{}", error.detail);
        assert_eq!(error.path, Some(argument::ENVIRONMENT.attribute.path()));
    }

    #[tokio::test]
    async fn a_custom_cloud_says_which_endpoints_it_misses() {
        let choice = CloudChoice { environment: setting("custom"), ..CloudChoice::default() };

        let error = resolve(choice).await.expect_err("nothing to go by");

        assert!(
            error.detail.contains("endpoint.resource_manager_endpoint and endpoint.active_directory_authority_host")
        );
    }

    #[tokio::test]
    async fn endpoints_replace_those_of_the_named_cloud() {
        let choice = CloudChoice {
            environment: setting("china"),
            resource_manager_endpoint: setting("https://arm.example"),
            ..CloudChoice::default()
        };

        let cloud = resolve(choice).await.expect("a cloud");

        assert_eq!(cloud.arm().endpoint().as_str(), "https://arm.example/");
        assert_eq!(cloud.arm().scope(), "https://arm.example/.default");
        assert_eq!(Some(cloud.authority()), Cloud::named("china").as_ref().map(Cloud::authority));
    }

    #[tokio::test]
    async fn another_authority_keeps_the_audience() {
        let choice =
            CloudChoice { active_directory_authority_host: setting("https://login.example"), ..CloudChoice::default() };

        let cloud = resolve(choice).await.expect("a cloud");

        assert_eq!(cloud.arm().scope(), Cloud::public().arm().scope());
    }

    #[tokio::test]
    async fn an_endpoint_without_tls_names_where_it_comes_from() {
        let choice = CloudChoice { resource_manager_endpoint: setting("http://arm.example"), ..CloudChoice::default() };

        let error = resolve(choice).await.expect_err("no TLS");

        assert!(
            error.detail.contains("http://arm.example") && error.detail.contains("the argument x"),
            "{}",
            error.detail
        );
    }

    #[test]
    fn a_metadata_host_may_be_pasted_as_an_address() {
        assert_eq!(
            bare_host(" https://management.local.azurestack.external/ "),
            "management.local.azurestack.external"
        );
        assert_eq!(bare_host("127.0.0.1:8443"), "127.0.0.1:8443");
    }
}
