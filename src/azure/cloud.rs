//! Clouds: where Azure answers and who gives tokens, for the public cloud, the national ones, and any other.

mod metadata;

use reqwest::Url;

use super::http::Http;
use super::{Deadline, Error};

/// The endpoints of one Azure cloud.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cloud {
    name: String,
    arm_endpoint: Url,
    arm_audience: String,
    authority: Url,
    graph_endpoint: Option<Url>,
    log_analytics_audience: Option<String>,
    log_analytics_endpoint: Option<Url>,
    portal: Option<Url>,
}

/// One row of the table of known clouds.
struct Known {
    name: &'static str,
    aliases: &'static [&'static str],
    arm: &'static str,
    authority: &'static str,
    graph: &'static str,
    log_analytics_audience: &'static str,
    log_analytics: &'static str,
    portal: &'static str,
}

const PUBLIC: Known = Known {
    name: "public",
    aliases: &["azurecloud", "azurepubliccloud"],
    arm: "https://management.azure.com",
    authority: "https://login.microsoftonline.com",
    graph: "https://graph.microsoft.com",
    log_analytics_audience: "https://api.loganalytics.io",
    log_analytics: "https://api.loganalytics.azure.com",
    portal: "https://portal.azure.com",
};

const US_GOVERNMENT: Known = Known {
    name: "usgovernment",
    aliases: &["azureusgovernment", "azureusgovernmentcloud"],
    arm: "https://management.usgovcloudapi.net",
    authority: "https://login.microsoftonline.us",
    graph: "https://graph.microsoft.us",
    log_analytics_audience: "https://api.loganalytics.us",
    log_analytics: "https://api.loganalytics.us",
    portal: "https://portal.azure.us",
};

const CHINA: Known = Known {
    name: "china",
    aliases: &["azurechinacloud"],
    arm: "https://management.chinacloudapi.cn",
    authority: "https://login.chinacloudapi.cn",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    log_analytics_audience: "https://api.loganalytics.azure.cn",
    log_analytics: "https://api.loganalytics.azure.cn",
    portal: "https://portal.azure.cn",
};

impl Cloud {
    /// The public cloud.
    #[must_use]
    pub fn public() -> Self {
        Self::known(&PUBLIC)
    }

    /// Azure for the US government.
    #[must_use]
    pub fn us_government() -> Self {
        Self::known(&US_GOVERNMENT)
    }

    /// Azure in China, operated by 21Vianet.
    #[must_use]
    pub fn china() -> Self {
        Self::known(&CHINA)
    }

    /// The cloud with this name, as the argument `environment` of Terraform's Azure providers spells it
    /// (`public`, `usgovernment`, `china`) or as Azure itself does (`AzureCloud`, …); without case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        [&PUBLIC, &US_GOVERNMENT, &CHINA]
            .into_iter()
            .find(|known| known.name == name || known.aliases.contains(&name.as_str()))
            .map(Self::known)
    }

    /// A cloud given by its endpoints. `audience` defaults to the Resource Manager endpoint.
    ///
    /// # Errors
    /// The endpoint that is not an `https` address of a host, and what was found.
    pub fn custom(arm_endpoint: &str, authority: &str, audience: Option<&str>) -> Result<Self, CloudError> {
        let arm_endpoint = endpoint("the Resource Manager endpoint", arm_endpoint)?;
        let audience = audience.unwrap_or(arm_endpoint.as_str()).trim_end_matches('/').to_owned();
        Ok(Self {
            name: "custom".to_owned(),
            arm_audience: audience,
            authority: endpoint("the authority host", authority)?,
            arm_endpoint,
            graph_endpoint: None,
            log_analytics_audience: None,
            log_analytics_endpoint: None,
            portal: None,
        })
    }

    /// Asks a Resource Manager for the endpoints of its cloud (`metadata_host`, as in azurerm):
    /// `GET https://{host}/metadata/endpoints?api-version=2022-09-01`.
    ///
    /// # Errors
    /// What a call can end with; [`Error::InvalidResponse`] when the answer names no usable endpoints.
    pub async fn from_metadata(host: &str, http: &Http, deadline: &Deadline) -> Result<Self, Error> {
        metadata::fetch(host, http, deadline).await
    }

    /// A short name for messages: `public`, `usgovernment`, `china`, `custom`, or what the metadata says.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Azure Resource Manager.
    #[must_use]
    pub fn arm_endpoint(&self) -> &Url {
        &self.arm_endpoint
    }

    /// The scope to ask a token for Resource Manager with: `{audience}/.default`.
    #[must_use]
    pub fn arm_scope(&self) -> String {
        format!("{}/.default", self.arm_audience)
    }

    /// Microsoft Entra: who gives tokens.
    #[must_use]
    pub fn authority(&self) -> &Url {
        &self.authority
    }

    /// Microsoft Graph, where known.
    #[must_use]
    pub fn graph_endpoint(&self) -> Option<&Url> {
        self.graph_endpoint.as_ref()
    }

    /// The scope to ask a token for Log Analytics queries with, where known.
    #[must_use]
    pub fn log_analytics_scope(&self) -> Option<String> {
        self.log_analytics_audience.as_ref().map(|audience| format!("{audience}/.default"))
    }

    /// The Log Analytics query service, where known.
    #[must_use]
    pub fn log_analytics_endpoint(&self) -> Option<&Url> {
        self.log_analytics_endpoint.as_ref()
    }

    /// The portal, where known: for links in messages.
    #[must_use]
    pub fn portal(&self) -> Option<&Url> {
        self.portal.as_ref()
    }

    /// May a Resource Manager token go to this address? Only to this cloud's Resource Manager: same host, same port,
    /// over https, without a user name in it.
    #[must_use]
    pub fn allows(&self, url: &Url) -> bool {
        url.scheme() == "https"
            && url.host() == self.arm_endpoint.host()
            && url.port_or_known_default() == self.arm_endpoint.port_or_known_default()
            && url.username().is_empty()
            && url.password().is_none()
    }

    fn known(known: &Known) -> Self {
        let url = |text: &str| Url::parse(text).expect("invariant: the table holds valid addresses");
        Self {
            name: known.name.to_owned(),
            arm_endpoint: url(known.arm),
            arm_audience: known.arm.to_owned(),
            authority: url(known.authority),
            graph_endpoint: Some(url(known.graph)),
            log_analytics_audience: Some(known.log_analytics_audience.to_owned()),
            log_analytics_endpoint: Some(url(known.log_analytics)),
            portal: Some(url(known.portal)),
        }
    }
}

/// An endpoint that cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{what} {found:?} cannot be used: {problem}; expected an address such as \"https://management.azure.com\"")]
pub struct CloudError {
    /// Which endpoint.
    pub what: &'static str,
    /// What was given.
    pub found: String,
    /// What is wrong with it.
    pub problem: String,
}

/// Reads an endpoint; `login.example.com` alone is taken for `https://login.example.com`, as azapi does.
fn endpoint(what: &'static str, text: &str) -> Result<Url, CloudError> {
    let fail = |problem: &str| CloudError { what, found: without_user(text), problem: problem.to_owned() };
    let trimmed = text.trim();
    let full = if trimmed.contains("://") { trimmed.to_owned() } else { format!("https://{trimmed}") };
    let url = Url::parse(&full).map_err(|error| fail(&error.to_string()))?;
    if url.scheme() != "https" {
        return Err(fail("tokens and secrets are only sent over https"));
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    if url.host().is_none() || has_user || url.query().is_some() || url.fragment().is_some() {
        return Err(fail("it is not the plain address of a host"));
    }
    Ok(url)
}

/// The address without what stands before an `@`, which may be a password.
fn without_user(text: &str) -> String {
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

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a valid address")
    }

    #[test]
    fn every_known_cloud_is_found_by_terraforms_name_and_by_azures() {
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
    fn the_scope_is_the_audience_with_default() {
        assert_eq!(Cloud::public().arm_scope(), "https://management.azure.com/.default");
    }

    #[test]
    fn a_token_goes_to_the_clouds_resource_manager_only() {
        let cloud = Cloud::public();

        assert!(cloud.allows(&url("https://management.azure.com/subscriptions?page=2")));
        assert!(cloud.allows(&url("https://management.azure.com:443/")));
        for foreign in [
            "http://management.azure.com/",
            "https://management.azure.com:8443/",
            "https://management.azure.com.evil.example/",
            "https://evil.example/management.azure.com",
            "https://user@management.azure.com/",
            "https://graph.microsoft.com/",
            "https://management.usgovcloudapi.net/",
        ] {
            assert!(!cloud.allows(&url(foreign)), "{foreign}");
        }
    }

    #[test]
    fn a_custom_cloud_defaults_its_audience_to_its_endpoint() {
        let cloud = Cloud::custom("https://arm.example:8443/", "login.example", None).expect("a valid cloud");

        assert_eq!(cloud.arm_scope(), "https://arm.example:8443/.default");
        assert_eq!(cloud.authority().as_str(), "https://login.example/");
    }

    #[test]
    fn a_custom_endpoint_without_tls_is_refused() {
        let error = Cloud::custom("http://arm.example", "https://login.example", None).expect_err("http is refused");

        assert_eq!(
            error.to_string(),
            "the Resource Manager endpoint \"http://arm.example\" cannot be used: tokens and secrets are only sent \
             over https; expected an address such as \"https://management.azure.com\""
        );
    }

    #[test]
    fn a_password_in_an_endpoint_is_refused_and_not_repeated() {
        for given in [
            "https://me:hunter2@arm.example",
            "https://:hunter2@arm.example",
            "me:hunter2@arm.example",
            "http://hunter2@arm.example",
        ] {
            let told = Cloud::custom(given, "https://login.example", None).expect_err("refused").to_string();

            assert!(told.contains("…@arm.example") && !told.contains("hunter2"), "{told}");
        }
    }
}
