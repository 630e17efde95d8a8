//! An Azure service: its endpoint and the audience of its access tokens.

use reqwest::Url;

use super::error::{Error, InvalidEndpoint};
use super::text::host_of;

/// What messages say about an endpoint in the configuration.
#[derive(Clone, Copy, Debug)]
pub struct EndpointKind {
    /// Which endpoint.
    pub(super) what: &'static str,
    /// The argument that sets the audience of its tokens.
    pub(super) audience_argument: &'static str,
    /// The endpoint in the public cloud.
    pub(super) example: &'static str,
}

impl EndpointKind {
    /// Azure Resource Manager.
    pub const RESOURCE_MANAGER: Self = Self {
        what: "the Resource Manager endpoint",
        audience_argument: "resource_manager_audience",
        example: "https://management.azure.com",
    };
    /// Microsoft Entra. It has no audience.
    pub const AUTHORITY: Self =
        Self { what: "the authority host", audience_argument: "", example: "https://login.microsoftonline.com" };
    /// Log Analytics queries.
    pub const LOG_ANALYTICS: Self = Self {
        what: "the Log Analytics endpoint",
        audience_argument: "log_analytics_audience",
        example: "https://api.loganalytics.azure.com",
    };
    /// Microsoft Graph.
    pub const GRAPH: Self = Self {
        what: "the Microsoft Graph endpoint",
        audience_argument: "microsoft_graph_audience",
        example: "https://graph.microsoft.com",
    };

    /// Checks an endpoint in the configuration.
    ///
    /// # Errors
    /// It is not an `https` URL.
    pub fn check(self, endpoint: &str) -> Result<(), InvalidEndpoint> {
        parse_endpoint(self, endpoint).map(|_| ())
    }

    pub(super) fn invalid(self, found: &str, problem: impl Into<String>, expected: &str) -> InvalidEndpoint {
        let expected = format!("{expected}, for example \"{}\"", self.example);
        InvalidEndpoint { what: self.what, found: without_user(found), problem: problem.into(), expected }
    }
}

/// One service of a cloud. Only a [`super::cloud::Cloud`] creates services, so tokens never leave the configured cloud.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Service {
    endpoint: Url,
    audience: String,
}

impl Service {
    /// A service at `endpoint`. Its audience defaults to the endpoint.
    ///
    /// # Errors
    /// The endpoint is not an `https` URL.
    pub(super) fn new(kind: EndpointKind, endpoint: &str, audience: Option<&str>) -> Result<Self, InvalidEndpoint> {
        let endpoint = parse_endpoint(kind, endpoint)?;
        let audience = audience.unwrap_or(endpoint.as_str()).trim_end_matches('/').to_owned();
        Ok(Self { endpoint, audience })
    }

    /// A service at an endpoint from the configuration. Its audience defaults to the endpoint.
    ///
    /// # Errors
    /// As [`Service::new`], and if the endpoint has a path without an audience: the path of a gateway is not part of an
    /// audience.
    pub(super) fn configured(
        kind: EndpointKind,
        endpoint: &str,
        audience: Option<&str>,
    ) -> Result<Self, InvalidEndpoint> {
        let service = Self::new(kind, endpoint, audience)?;
        if audience.is_none() && service.endpoint.path() != "/" {
            let problem = format!(
                "it has a path, so the audience of the access tokens is not known, and `{}` is not set",
                kind.audience_argument
            );
            return Err(kind.invalid(endpoint, problem, "also the audience, or a URL without a path"));
        }
        Ok(service)
    }

    /// The `known` service of the cloud, with `endpoint` and `audience` of the configuration if they are set.
    ///
    /// # Errors
    /// As [`Service::configured`], and if there is an audience without an endpoint.
    pub(super) fn overridden(
        known: Option<Self>,
        kind: EndpointKind,
        endpoint: Option<&str>,
        audience: Option<&str>,
    ) -> Result<Option<Self>, InvalidEndpoint> {
        match (endpoint, audience, known) {
            (Some(endpoint), _, _) => Self::configured(kind, endpoint, audience).map(Some),
            (None, Some(audience), Some(known)) => Self::new(kind, known.endpoint.as_str(), Some(audience)).map(Some),
            (None, Some(audience), None) => {
                let problem = format!("it is not set, but `{}` is {audience:?}", kind.audience_argument);
                Err(kind.invalid("", problem, "also the endpoint"))
            }
            (None, None, known) => Ok(known),
        }
    }

    /// The base URL of the service.
    #[must_use]
    pub fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// The audience of the access tokens.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// The scope of the access tokens: `{audience}/.default`.
    #[must_use]
    pub fn scope(&self) -> String {
        format!("{}/.default", self.audience)
    }

    /// Checks that an access token of this service may be sent to `url`: same host, same port, https, no user name.
    ///
    /// # Errors
    /// [`Error::ForeignHost`].
    pub(super) fn check(&self, url: &Url) -> Result<(), Error> {
        let is_https = url.scheme() == "https";
        let is_own = is_https
            && url.host() == self.endpoint.host()
            && url.port_or_known_default() == self.endpoint.port_or_known_default()
            && url.username().is_empty()
            && url.password().is_none();
        if is_own {
            return Ok(());
        }
        let host = if is_https { host_of(url) } else { format!("{}://{}", url.scheme(), host_of(url)) };
        Err(Error::ForeignHost { host, expected: host_of(&self.endpoint) })
    }
}

/// Parses an endpoint. Like azapi, it accepts `login.example.com` for `https://login.example.com`. Without a scheme, a
/// single word is probably not a host.
pub(super) fn parse_endpoint(kind: EndpointKind, text: &str) -> Result<Url, InvalidEndpoint> {
    let fail = |problem: &str| kind.invalid(text, problem, "a URL that starts with https://");
    let trimmed = text.trim();
    let has_scheme = trimmed.contains("://");
    let full = if has_scheme { trimmed.to_owned() } else { format!("https://{trimmed}") };
    let url = Url::parse(&full).map_err(|error| fail(&error.to_string()))?;
    if url.scheme() != "https" {
        return Err(fail("tokens and secrets are only sent over https"));
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    if url.host().is_none() || has_user || url.query().is_some() || url.fragment().is_some() {
        return Err(fail("it is not the plain URL of a host"));
    }
    // `Url` turns a number into an IP address, so this looks at the text.
    let host = trimmed.split(['/', ':']).next().unwrap_or_default();
    if !has_scheme && !trimmed.starts_with('[') && !host.contains('.') && host != "localhost" {
        return Err(fail("it is not the name of a host"));
    }
    Ok(url)
}

/// Removes the user information before an `@` of a URL, which may contain a password.
#[must_use]
pub fn without_user(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((before, host)) => match before.split_once("://") {
            Some((scheme, _)) => format!("{scheme}://…@{host}"),
            None => format!("…@{host}"),
        },
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(endpoint: &str) -> Service {
        Service::new(EndpointKind::RESOURCE_MANAGER, endpoint, None).expect("a service")
    }

    #[test]
    fn sends_a_token_only_to_the_host_of_its_service() {
        let arm = service("https://management.azure.com");
        let check = |url: &str| arm.check(&Url::parse(url).expect("an address"));

        assert!(check("https://management.azure.com/subscriptions?page=2").is_ok());
        assert!(check("https://management.azure.com:443/").is_ok());
        for foreign in [
            "http://management.azure.com/",
            "https://management.azure.com:8443/",
            "https://management.azure.com.evil.example/",
            "https://evil.example/management.azure.com",
            "https://user@management.azure.com/",
            "https://:password@management.azure.com/",
            "https://graph.microsoft.com/",
            "https://management.usgovcloudapi.net/",
        ] {
            assert!(matches!(check(foreign), Err(Error::ForeignHost { .. })), "{foreign}");
        }
    }

    #[test]
    fn endpoint_with_a_path_requires_an_audience() {
        let configured = |endpoint, audience| Service::configured(EndpointKind::LOG_ANALYTICS, endpoint, audience);
        let error = configured("https://gw.example/arm", None).expect_err("no audience");
        let given = configured("https://gw.example/arm", Some("https://arm.example"));

        assert_eq!(
            error.to_string(),
            "the Log Analytics endpoint \"https://gw.example/arm\" cannot be used: it has a path, so the audience of the \
             access tokens is not known, and `log_analytics_audience` is not set; expected also the audience, or a URL \
             without a path, for example \"https://api.loganalytics.azure.com\""
        );
        assert_eq!(given.expect("a service").scope(), "https://arm.example/.default");
        assert!(configured("https://arm.example/", None).is_ok());
    }

    #[test]
    fn configuration_overrides_the_service_of_the_cloud() {
        let known = || Some(service("https://api.example"));
        let overridden = |known, endpoint, audience| {
            let service = Service::overridden(known, EndpointKind::LOG_ANALYTICS, endpoint, audience);
            service.map(|service| service.map(|service| (service.endpoint.to_string(), service.scope())))
        };
        let expected = |endpoint: &str, scope: &str| Ok(Some((endpoint.to_owned(), scope.to_owned())));

        assert_eq!(overridden(known(), None, None), expected("https://api.example/", "https://api.example/.default"));
        assert_eq!(overridden(None, None, None), Ok(None));
        let other = expected("https://gw.example/", "https://gw.example/.default");
        assert_eq!(overridden(known(), Some("https://gw.example"), None), other);
        let both = expected("https://gw.example/logs", "https://api.io/.default");
        assert_eq!(overridden(None, Some("https://gw.example/logs"), Some("https://api.io/")), both);
        assert_eq!(
            overridden(known(), None, Some("https://api.io")),
            expected("https://api.example/", "https://api.io/.default")
        );
        let error = overridden(None, None, Some("https://api.io")).expect_err("no endpoint").to_string();
        assert!(error.contains("the Log Analytics endpoint") && error.contains("`log_analytics_audience`"), "{error}");
        let error = overridden(None, Some("http://gw.example"), None).expect_err("no TLS").to_string();
        assert!(error.contains("only sent over https"), "{error}");
    }

    #[test]
    fn audience_defaults_to_the_endpoint() {
        assert_eq!(service("https://arm.example:8443/").scope(), "https://arm.example:8443/.default");
        assert_eq!(service("login.example").endpoint().as_str(), "https://login.example/");
    }

    #[test]
    fn an_endpoint_without_a_scheme_is_the_name_of_a_host() {
        let check = |endpoint| EndpointKind::GRAPH.check(endpoint).map_err(|error| error.to_string());

        for host in ["graph.example", "localhost:8443", "127.0.0.1:8443", "[::1]:8443", "https://graph"] {
            assert_eq!(check(host), Ok(()), "{host}");
        }
        for word in ["x", "graph/v1.0", "1"] {
            let error = check(word).expect_err("not a host");
            assert!(error.ends_with("for example \"https://graph.microsoft.com\""), "{error}");
        }
    }
}
