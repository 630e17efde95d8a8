//! The endpoints of a cloud, as its Resource Manager tells them.

use reqwest::Url;
use serde_json::Value;

use super::{Cloud, CloudError, endpoint, without_user};
use crate::azure::http::{self, Http};
use crate::azure::{Deadline, Error};

const API_VERSION: &str = "2022-09-01";

/// Asks `host` (with or without a port) for the endpoints of its cloud.
pub(super) async fn fetch(host: &str, http: &Http, deadline: &Deadline) -> Result<Cloud, Error> {
    let url = address(host)?;
    let (status, body) = http::get_public(http, &url, deadline).await?;
    let invalid = |cause: String| Error::InvalidResponse {
        host: http::host_of(&url),
        method: "GET".to_owned(),
        path: url.path().to_owned(),
        status,
        cause,
    };
    if status != 200 {
        return Err(invalid(not_described(status).to_owned()));
    }
    let document: Value = serde_json::from_slice(&body).map_err(|error| invalid(error.to_string()))?;
    read(&document, host).map_err(invalid)
}

/// Why an answer other than 200 holds no cloud. Those that may pass have been asked for more than once.
fn not_described(status: u16) -> &'static str {
    match status {
        429 => "this host refuses to answer so many requests at the moment; try again later",
        408 | 500 | 502..=504 => "this host has a fault at the moment; try again later",
        407 => "a proxy wants a login; see HTTPS_PROXY and NO_PROXY",
        _ => "this host does not describe an Azure cloud",
    }
}

fn address(host: &str) -> Result<Url, CloudError> {
    let fail =
        |problem: &str| CloudError { what: "the metadata host", found: host.to_owned(), problem: problem.to_owned() };
    if host.contains("://") {
        return Err(fail("it is the name of a host, with or without a port, and not an address"));
    }
    let url = Url::parse(&format!("https://{host}/metadata/endpoints?api-version={API_VERSION}"));
    let url = url.map_err(|error| fail(&error.to_string()))?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.path() == "/metadata/endpoints";
    if is_plain {
        Ok(url)
    } else {
        Err(CloudError { found: without_user(host), ..fail("it is not the plain name of a host") })
    }
}

/// Reads the document: one cloud, or (older versions and some gateways) a list in which `host` finds its own.
fn read(document: &Value, host: &str) -> Result<Cloud, String> {
    let cloud = match document {
        Value::Array(clouds) => {
            let own = clouds.iter().find(|cloud| {
                text(cloud, "/resourceManager")
                    .and_then(|arm| endpoint("", arm).ok())
                    .is_some_and(|arm| http::host_of(&arm).eq_ignore_ascii_case(host))
            });
            own.or_else(|| clouds.first()).ok_or("the list of clouds is empty")?
        }
        Value::Object(_) => document,
        _ => return Err("neither one cloud nor a list of clouds".to_owned()),
    };
    let default_arm = format!("https://{host}");
    let arm = text(cloud, "/resourceManager").unwrap_or(&default_arm);
    let authority = text(cloud, "/authentication/loginEndpoint").ok_or("authentication.loginEndpoint is missing")?;
    let audience = audience(cloud, arm);
    let mut read = Cloud::custom(arm, authority, audience).map_err(|error| error.to_string())?;
    if let Some(name) = text(cloud, "/name") {
        name.clone_into(&mut read.name);
    }
    read.graph_endpoint = text(cloud, "/microsoftGraphResourceId").and_then(|url| endpoint("", url).ok());
    read.log_analytics_endpoint = text(cloud, "/logAnalyticsResourceId").and_then(|url| endpoint("", url).ok());
    read.log_analytics_audience =
        text(cloud, "/logAnalyticsResourceId").map(|url| url.trim_end_matches('/').to_owned());
    read.portal = text(cloud, "/portal").and_then(|url| endpoint("", url).ok());
    Ok(read)
}

/// The audience that equals the endpoint if it is among those offered, else the first: Azure Stack has its own.
fn audience<'a>(cloud: &'a Value, arm: &str) -> Option<&'a str> {
    let offered: Vec<&str> = cloud
        .pointer("/authentication/audiences")
        .and_then(Value::as_array)?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let plain = |url: &str| url.trim_end_matches('/').to_ascii_lowercase();
    offered.iter().copied().find(|audience| plain(audience) == plain(arm)).or_else(|| offered.first().copied())
}

fn text<'a>(cloud: &'a Value, pointer: &str) -> Option<&'a str> {
    cloud.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn azure() -> Value {
        json!({
            "name": "AzureCloud",
            "portal": "https://portal.azure.com",
            "authentication": {
                "loginEndpoint": "https://login.microsoftonline.com/",
                "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
                "tenant": "common"
            },
            "resourceManager": "https://management.azure.com/",
            "microsoftGraphResourceId": "https://graph.microsoft.com/",
            "logAnalyticsResourceId": "https://api.loganalytics.io"
        })
    }

    #[test]
    fn the_public_cloud_describes_itself() {
        let cloud = read(&azure(), "management.azure.com").expect("a cloud");

        assert_eq!(cloud.name(), "AzureCloud");
        assert_eq!(cloud.arm_endpoint(), Cloud::public().arm_endpoint());
        assert_eq!(cloud.authority(), Cloud::public().authority());
        assert_eq!(cloud.arm_scope(), Cloud::public().arm_scope());
        assert_eq!(cloud.graph_endpoint(), Cloud::public().graph_endpoint());
        assert_eq!(cloud.log_analytics_scope(), Cloud::public().log_analytics_scope());
    }

    #[test]
    fn a_list_is_searched_for_the_host_that_was_asked() {
        let mut other = azure();
        other["resourceManager"] = json!("https://arm.example:8443/");
        other["name"] = json!("Mine");

        let cloud = read(&json!([azure(), other]), "arm.example:8443").expect("a cloud");

        assert_eq!(cloud.name(), "Mine");
        assert_eq!(cloud.arm_endpoint().as_str(), "https://arm.example:8443/");
    }

    #[test]
    fn a_host_that_does_not_name_its_resource_manager_is_it() {
        let stack = json!({"authentication": {"loginEndpoint": "https://adfs.example/adfs", "audiences": ["https://management.x"]}});

        let cloud = read(&stack, "management.local.stack").expect("a cloud");

        assert_eq!(cloud.arm_endpoint().as_str(), "https://management.local.stack/");
        assert_eq!(cloud.arm_scope(), "https://management.x/.default");
    }

    #[test]
    fn a_metadata_host_that_is_an_address_is_refused() {
        let error = address("https://management.azure.com").expect_err("not a host");

        assert!(error.to_string().contains("the metadata host \"https://management.azure.com\""), "{error}");
    }

    #[test]
    fn a_metadata_host_with_a_password_is_refused_and_not_repeated() {
        let told = address("me:hunter2@arm.example").expect_err("refused").to_string();

        assert!(told.contains("plain name") && !told.contains("hunter2"), "{told}");
    }

    #[test]
    fn a_host_that_is_busy_is_not_taken_for_none() {
        assert!(not_described(429).contains("at the moment"));
        assert!(not_described(503).contains("at the moment"));
        assert_eq!(not_described(404), "this host does not describe an Azure cloud");
    }

    #[test]
    fn a_document_without_a_login_endpoint_says_so() {
        assert_eq!(read(&json!({}), "h"), Err("authentication.loginEndpoint is missing".to_owned()));
    }

    #[test]
    fn a_cloud_that_asks_for_plain_http_is_refused() {
        let mut unsafe_cloud = azure();
        unsafe_cloud["authentication"]["loginEndpoint"] = json!("http://login.example");

        assert!(read(&unsafe_cloud, "h").expect_err("http is refused").contains("only sent over https"));
    }
}
