//! Azure clouds: the public cloud, the national clouds, and custom clouds such as Azure Stack.

mod metadata;

use reqwest::Url;

use super::deadline::Deadline;
use super::error::Error;
use super::error::InvalidEndpoint;
use super::http::Http;
use super::service::{EndpointKind, Service, parse_endpoint};

/// An Azure cloud and its services.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cloud {
    name: String,
    authority: Url,
    arm: Service,
    log_analytics: Option<Service>,
    graph: Option<Service>,
    portal: Option<Url>,
}

/// A cloud with known services.
struct KnownCloud {
    name: &'static str,
    aliases: &'static [&'static str],
    authority: &'static str,
    arm: &'static str,
    log_analytics: &'static str,
    log_analytics_audience: &'static str,
    graph: &'static str,
    portal: &'static str,
}

const CLOUDS: [KnownCloud; 3] = [
    KnownCloud {
        name: "public",
        aliases: &["azurecloud", "azurepubliccloud"],
        authority: "https://login.microsoftonline.com",
        arm: "https://management.azure.com",
        log_analytics: "https://api.loganalytics.azure.com",
        log_analytics_audience: "https://api.loganalytics.io",
        graph: "https://graph.microsoft.com",
        portal: "https://portal.azure.com",
    },
    KnownCloud {
        name: "usgovernment",
        aliases: &["azureusgovernment", "azureusgovernmentcloud"],
        authority: "https://login.microsoftonline.us",
        arm: "https://management.usgovcloudapi.net",
        log_analytics: "https://api.loganalytics.us",
        log_analytics_audience: "https://api.loganalytics.us",
        graph: "https://graph.microsoft.us",
        portal: "https://portal.azure.us",
    },
    KnownCloud {
        name: "china",
        aliases: &["azurechinacloud"],
        authority: "https://login.chinacloudapi.cn",
        arm: "https://management.chinacloudapi.cn",
        log_analytics: "https://api.loganalytics.azure.cn",
        log_analytics_audience: "https://api.loganalytics.azure.cn",
        graph: "https://microsoftgraph.chinacloudapi.cn",
        portal: "https://portal.azure.cn",
    },
];

impl Cloud {
    /// The public cloud.
    #[must_use]
    pub fn public() -> Self {
        Self::known(&CLOUDS[0])
    }

    /// The cloud with this name: `public`, `usgovernment` or `china`, as in the argument `environment` of other Azure
    /// providers, or Azure's own name, such as `AzureCloud`. Ignores case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        CLOUDS.iter().find(|known| known.name == name || known.aliases.contains(&name.as_str())).map(Self::known)
    }

    /// A cloud with these endpoints. The audience of Resource Manager defaults to its endpoint. The cloud has no other
    /// services, so that its tokens never go to another cloud.
    ///
    /// # Errors
    /// An endpoint is not an `https` URL, or the authority has a path. The provider appends the tenant as the first
    /// segment of the path.
    pub fn custom(arm: &str, authority: &str, audience: Option<&str>) -> Result<Self, InvalidEndpoint> {
        let kind = EndpointKind::AUTHORITY;
        let url = parse_endpoint(kind, authority)?;
        if url.path() != "/" {
            return Err(kind.invalid(authority, "it has a path", "a URL without a path"));
        }
        Ok(Self {
            name: "custom".to_owned(),
            arm: Service::configured(EndpointKind::RESOURCE_MANAGER, arm, audience)?,
            authority: url,
            log_analytics: None,
            graph: None,
            portal: None,
        })
    }

    /// This cloud with another endpoint or audience of Log Analytics queries.
    ///
    /// # Errors
    /// The endpoint is not an `https` URL, or there is an audience without an endpoint.
    pub fn with_log_analytics(self, endpoint: Option<&str>, audience: Option<&str>) -> Result<Self, InvalidEndpoint> {
        let log_analytics = Service::overridden(self.log_analytics, EndpointKind::LOG_ANALYTICS, endpoint, audience)?;
        Ok(Self { log_analytics, ..self })
    }

    /// This cloud with another endpoint or audience of Microsoft Graph.
    ///
    /// # Errors
    /// As [`Cloud::with_log_analytics`].
    pub fn with_graph(self, endpoint: Option<&str>, audience: Option<&str>) -> Result<Self, InvalidEndpoint> {
        let graph = Service::overridden(self.graph, EndpointKind::GRAPH, endpoint, audience)?;
        Ok(Self { graph, ..self })
    }

    /// This cloud with other endpoints. It keeps its other services only if the endpoints are the same, because tokens
    /// for those services would otherwise come from another authority.
    ///
    /// # Errors
    /// As [`Cloud::custom`].
    pub fn with_endpoints(self, arm: &str, authority: &str, audience: Option<&str>) -> Result<Self, InvalidEndpoint> {
        let custom = Self::custom(arm, authority, audience)?;
        let is_same = custom.arm.endpoint() == self.arm.endpoint() && custom.authority == self.authority;
        Ok(if is_same { Self { arm: custom.arm, ..self } } else { custom })
    }

    /// Reads a cloud from the metadata of its Resource Manager at `host` (`metadata_host`, as in azurerm):
    /// `GET https://{host}/metadata/endpoints?api-version=2022-09-01`.
    ///
    /// # Errors
    /// The call failed, or its response does not describe a cloud ([`Error::InvalidResponse`]).
    pub async fn from_metadata(host: &str, http: &Http, deadline: &Deadline) -> Result<Self, Error> {
        metadata::fetch(host, http, deadline).await
    }

    /// A short name for messages: `public`, `usgovernment`, `china`, `custom`, or the name in the metadata.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The authority host: Microsoft Entra, which issues the tokens.
    #[must_use]
    pub fn authority(&self) -> &Url {
        &self.authority
    }

    /// Azure Resource Manager.
    #[must_use]
    pub fn arm(&self) -> &Service {
        &self.arm
    }

    /// Log Analytics queries, if known.
    #[must_use]
    pub fn log_analytics(&self) -> Option<&Service> {
        self.log_analytics.as_ref()
    }

    /// Microsoft Graph, if known.
    #[must_use]
    pub fn graph(&self) -> Option<&Service> {
        self.graph.as_ref()
    }

    /// The Azure portal, if known.
    #[must_use]
    pub fn portal(&self) -> Option<&Url> {
        self.portal.as_ref()
    }

    fn known(known: &KnownCloud) -> Self {
        const VALID: &str = "invariant: the table contains valid addresses";
        let service = |kind, endpoint, audience| Service::new(kind, endpoint, Some(audience)).expect(VALID);
        let url = |text: &str| Url::parse(text).expect(VALID);
        Self {
            name: known.name.to_owned(),
            authority: url(known.authority),
            arm: service(EndpointKind::RESOURCE_MANAGER, known.arm, known.arm),
            log_analytics: Some(service(
                EndpointKind::LOG_ANALYTICS,
                known.log_analytics,
                known.log_analytics_audience,
            )),
            graph: Some(service(EndpointKind::GRAPH, known.graph, known.graph)),
            portal: Some(url(known.portal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_known_clouds_by_terraform_and_azure_names() {
        for (terraform, azure, authority) in [
            ("public", "AzureCloud", "https://login.microsoftonline.com/"),
            ("usgovernment", "AzureUSGovernment", "https://login.microsoftonline.us/"),
            ("china", "AzureChinaCloud", "https://login.chinacloudapi.cn/"),
        ] {
            let cloud = Cloud::named(terraform).expect(terraform);
            assert_eq!(cloud.authority().as_str(), authority);
            assert_eq!(Cloud::named(azure), Some(cloud));
        }
        assert_eq!(Cloud::named("german"), None);
    }

    #[test]
    fn known_clouds_have_endpoints_and_scopes() {
        let services = |name: &str| {
            let cloud = Cloud::named(name).expect(name);
            let services = [Some(cloud.arm()), cloud.log_analytics(), cloud.graph()];
            services.map(|service| service.map(|service| (service.endpoint().to_string(), service.scope())))
        };
        let service = |endpoint: &str, scope: &str| Some((endpoint.to_owned(), scope.to_owned()));

        assert_eq!(
            services("public"),
            [
                service("https://management.azure.com/", "https://management.azure.com/.default"),
                service("https://api.loganalytics.azure.com/", "https://api.loganalytics.io/.default"),
                service("https://graph.microsoft.com/", "https://graph.microsoft.com/.default"),
            ]
        );
        assert_eq!(
            services("usgovernment"),
            [
                service("https://management.usgovcloudapi.net/", "https://management.usgovcloudapi.net/.default"),
                service("https://api.loganalytics.us/", "https://api.loganalytics.us/.default"),
                service("https://graph.microsoft.us/", "https://graph.microsoft.us/.default"),
            ]
        );
        assert_eq!(
            services("china"),
            [
                service("https://management.chinacloudapi.cn/", "https://management.chinacloudapi.cn/.default"),
                service("https://api.loganalytics.azure.cn/", "https://api.loganalytics.azure.cn/.default"),
                service("https://microsoftgraph.chinacloudapi.cn/", "https://microsoftgraph.chinacloudapi.cn/.default"),
            ]
        );
    }

    #[test]
    fn custom_cloud_has_no_other_services() {
        let cloud = Cloud::custom("https://arm.example:8443/", "login.example", None).expect("a valid cloud");

        assert_eq!(cloud.arm().scope(), "https://arm.example:8443/.default");
        assert_eq!(cloud.authority().as_str(), "https://login.example/");
        assert_eq!((cloud.log_analytics(), cloud.graph()), (None, None));
    }

    #[test]
    fn rejects_an_authority_with_a_path() {
        let error = Cloud::custom("https://arm.example", "https://adfs.example/adfs", None).expect_err("not used");

        assert!(
            error
                .to_string()
                .contains("the authority host \"https://adfs.example/adfs\" cannot be used: it has a path")
        );
    }

    #[test]
    fn with_the_same_endpoints_keeps_the_other_services() {
        let (arm, authority) = ("https://management.azure.com/", "https://login.microsoftonline.com");
        let with = |arm, authority| Cloud::public().with_endpoints(arm, authority, Some("https://x")).expect("a cloud");

        let same = with(arm, authority);
        assert_eq!((same.arm().audience(), same.graph()), ("https://x", Cloud::public().graph()));
        assert_eq!(same.name(), "public");
        for other in [with(arm, "https://login.example"), with("https://arm.example", authority)] {
            assert_eq!((other.log_analytics(), other.graph(), other.portal()), (None, None, None));
        }
    }

    #[test]
    fn rejects_a_custom_endpoint_without_tls() {
        let error = Cloud::custom("http://arm.example", "https://login.example", None).expect_err("http is rejected");

        assert_eq!(
            error.to_string(),
            "the Resource Manager endpoint \"http://arm.example\" cannot be used: tokens and secrets are only sent \
             over https; expected a URL that starts with https://, for example \"https://management.azure.com\""
        );
    }

    #[test]
    fn rejects_an_endpoint_with_a_password_and_hides_it() {
        for given in [
            "https://me:hunter2@arm.example",
            "https://:hunter2@arm.example",
            "me:hunter2@arm.example",
            "http://hunter2@arm.example",
        ] {
            let error = Cloud::custom(given, "https://login.example", None).expect_err("rejected").to_string();

            assert!(error.contains("…@arm.example") && !error.contains("hunter2"), "{error}");
        }
    }
}
