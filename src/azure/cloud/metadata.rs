//! The metadata of a cloud, which its Resource Manager publishes.

use ::http::StatusCode;
use bytes::Bytes;
use reqwest::Url;
use serde_json::Value;

use super::Cloud;
use crate::azure::deadline::Deadline;
use crate::azure::error::Error;
use crate::azure::error::InvalidEndpoint;
use crate::azure::http::{self, Anonymous, Call, Http, RawResponse, Sent};
use crate::azure::service::{EndpointKind, Service, parse_endpoint, without_user};
use crate::azure::text::host_of;
use crate::json;

const API_VERSION: &str = "2022-09-01";

/// Reads the cloud of the metadata host (with or without a port).
pub(super) async fn fetch(host: &str, http: &Http, deadline: &Deadline) -> Result<Cloud, Error> {
    let call = Call::get(address(host)?);
    let (status, body) = get(&call, http, deadline).await?;
    let document: Value = json::parse(&body).map_err(|error| call.invalid(status, error.to_string()))?;
    read(&document, host).map_err(|cause| call.invalid(status, cause))
}

/// Sends the call without authentication. After a timeout, the error is the last error response.
async fn get(call: &Call, http: &Http, deadline: &Deadline) -> Result<(StatusCode, Bytes), Error> {
    let read = |response: RawResponse| Ok((response.status, response.body));
    let error = match http::send(http, call, &mut Anonymous, deadline, read).await {
        Ok(Sent { response, .. }) => return Ok(response),
        Err(Error::TimedOut { last: Some(last), .. }) => *last,
        Err(error) => error,
    };
    match error.service().and_then(|error| StatusCode::from_u16(error.status).ok()) {
        Some(status) => Err(call.invalid(status, explain(status))),
        None => Err(error),
    }
}

/// The meaning of an error status of the metadata host. Temporary statuses were retried before.
fn explain(status: StatusCode) -> &'static str {
    match status.as_u16() {
        429 => "this host is throttling requests; try again later",
        408 | 500 | 502..=504 => "this host is temporarily unavailable; try again later",
        407 => "the proxy requires authentication; check HTTPS_PROXY and NO_PROXY",
        _ => "this host does not describe an Azure cloud",
    }
}

fn address(host: &str) -> Result<Url, InvalidEndpoint> {
    let fail = |problem: &str| InvalidEndpoint {
        what: "the metadata host",
        found: without_user(host),
        problem: problem.to_owned(),
        expected: "the name of a host, with or without a port, such as \"management.azure.com\"".to_owned(),
    };
    if host.contains("://") {
        let is_http = host.to_ascii_lowercase().starts_with("http://");
        return Err(fail(if is_http { "the metadata is only read over https" } else { "it is a URL" }));
    }
    let url = Url::parse(&format!("https://{host}/metadata/endpoints?api-version={API_VERSION}"));
    let url = url.map_err(|error| fail(&error.to_string()))?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.path() == "/metadata/endpoints";
    if is_plain { Ok(url) } else { Err(fail("it is not the plain name of a host")) }
}

/// Reads the document: one cloud, or, from older versions and some gateways, a list that contains the cloud of `host`.
fn read(document: &Value, host: &str) -> Result<Cloud, String> {
    let cloud = match document {
        Value::Array(clouds) => match clouds.as_slice() {
            [only] => only,
            clouds => of_host(clouds, host)?,
        },
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
    let service = |kind, pointer| text(cloud, pointer).and_then(|url| Service::new(kind, url, None).ok());
    read.graph = service(EndpointKind::GRAPH, "/microsoftGraphResourceId");
    read.log_analytics = service(EndpointKind::LOG_ANALYTICS, "/logAnalyticsResourceId");
    read.portal = text(cloud, "/portal").and_then(|url| parse_endpoint(EndpointKind::RESOURCE_MANAGER, url).ok());
    Ok(read)
}

/// Finds the cloud whose Resource Manager is `host`. Any other cloud of the list would get the secrets of this one.
fn of_host<'a>(clouds: &'a [Value], host: &str) -> Result<&'a Value, String> {
    let arm = |cloud| {
        text(cloud, "/resourceManager").and_then(|arm| parse_endpoint(EndpointKind::RESOURCE_MANAGER, arm).ok())
    };
    let bare = |host: &str| host.trim_end_matches(":443").trim_end_matches('.').to_ascii_lowercase();
    let own = clouds.iter().find(|cloud| arm(cloud).is_some_and(|arm| bare(&host_of(&arm)) == bare(host)));
    own.ok_or_else(|| {
        let hosts: Vec<_> = clouds.iter().filter_map(arm).map(|arm| host_of(&arm)).collect();
        format!("this host is none of the Resource Managers in its list of clouds: {}", hosts.join(", "))
    })
}

/// The audience that equals the endpoint, otherwise the first one: Azure Stack has its own audience.
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
    use crate::azure::testing::{Reply, Server, deadline};

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
    fn reads_the_metadata_of_the_public_cloud() {
        let cloud = read(&azure(), "management.azure.com").expect("a cloud");

        assert_eq!(cloud.name(), "AzureCloud");
        assert_eq!(cloud.authority(), Cloud::public().authority());
        assert_eq!(cloud.arm(), Cloud::public().arm());
        assert_eq!(cloud.graph(), Cloud::public().graph());
        assert_eq!(cloud.log_analytics().map(Service::scope), Cloud::public().log_analytics().map(Service::scope));
    }

    #[test]
    fn metadata_of_national_clouds_matches_the_known_clouds() {
        for (name, description) in [
            (
                "usgovernment",
                json!({
                    "name": "AzureUSGovernment",
                    "portal": "https://portal.azure.us",
                    "authentication": {
                        "loginEndpoint": "https://login.microsoftonline.us",
                        "audiences": ["https://management.core.usgovcloudapi.net", "https://management.usgovcloudapi.net"]
                    },
                    "resourceManager": "https://management.usgovcloudapi.net",
                    "microsoftGraphResourceId": "https://graph.microsoft.us/",
                    "logAnalyticsResourceId": "https://api.loganalytics.us"
                }),
            ),
            (
                "china",
                json!({
                    "name": "AzureChinaCloud",
                    "portal": "https://portal.azure.cn",
                    "authentication": {
                        "loginEndpoint": "https://login.chinacloudapi.cn",
                        "audiences": ["https://management.core.chinacloudapi.cn", "https://management.chinacloudapi.cn"]
                    },
                    "resourceManager": "https://management.chinacloudapi.cn",
                    "microsoftGraphResourceId": "https://microsoftgraph.chinacloudapi.cn",
                    "logAnalyticsResourceId": "https://api.loganalytics.azure.cn"
                }),
            ),
        ] {
            let read = read(&description, "h").expect("a cloud");
            let known = Cloud::named(name).expect("a known cloud");

            assert_eq!(read, Cloud { name: read.name.clone(), ..known });
        }
    }

    #[test]
    fn selects_the_cloud_of_the_requested_host_from_a_list() {
        let mut other = azure();
        other["resourceManager"] = json!("https://arm.example:8443/");
        other["name"] = json!("Mine");

        let clouds = json!([other, azure()]);
        let name = |document: &Value, host: &str| read(document, host).map(|cloud| cloud.name().to_owned());

        for (host, expected) in [
            ("arm.example:8443", "Mine"),
            ("management.azure.com", "AzureCloud"),
            ("Management.Azure.com.:443", "AzureCloud"),
        ] {
            assert_eq!(name(&clouds, host).as_deref(), Ok(expected), "{host}");
        }
        assert_eq!(name(&json!([azure()]), "gateway.example").as_deref(), Ok("AzureCloud"));
        for (document, problem) in [(clouds, "arm.example:8443, management.azure.com"), (json!([]), "list of clouds")] {
            let error = name(&document, "gateway.example").expect_err("not the first one");
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn metadata_host_is_the_default_resource_manager_endpoint() {
        let stack = json!({"authentication": {"loginEndpoint": "https://adfs.example/", "audiences": ["https://management.x"]}});

        let cloud = read(&stack, "management.local.stack").expect("a cloud");

        assert_eq!(cloud.arm().endpoint().as_str(), "https://management.local.stack/");
        assert_eq!(cloud.arm().scope(), "https://management.x/.default");
    }

    #[test]
    fn rejects_a_url_as_metadata_host() {
        let error = |host| address(host).expect_err("not a host").to_string();

        assert_eq!(
            error("https://management.azure.com"),
            "the metadata host \"https://management.azure.com\" cannot be used: it is a URL; expected the name of a \
             host, with or without a port, such as \"management.azure.com\""
        );
        assert!(error("http://arm.example").contains("the metadata is only read over https; expected the name"));
    }

    #[test]
    fn reports_a_busy_metadata_host() {
        assert!(explain(StatusCode::TOO_MANY_REQUESTS).contains("try again later"));
        assert!(explain(StatusCode::SERVICE_UNAVAILABLE).contains("try again later"));
        assert_eq!(explain(StatusCode::NOT_FOUND), "this host does not describe an Azure cloud");
    }

    #[test]
    fn reports_a_missing_login_endpoint() {
        assert_eq!(read(&json!({}), "h"), Err("authentication.loginEndpoint is missing".to_owned()));
    }

    #[test]
    fn rejects_endpoints_without_tls() {
        let mut unsafe_cloud = azure();
        unsafe_cloud["authentication"]["loginEndpoint"] = json!("http://login.example");

        assert!(read(&unsafe_cloud, "h").expect_err("http is rejected").contains("only sent over https"));
    }

    #[tokio::test]
    async fn reads_a_cloud_from_its_metadata_host() {
        let server = Server::start(|request, _| {
            assert_eq!(request.target, "/metadata/endpoints?api-version=2022-09-01");
            let host = &request.headers["host"];
            let document = json!({
                "name": "Local",
                "authentication": {"loginEndpoint": format!("https://{host}/"), "audiences": ["https://management.azure.com"]},
                "resourceManager": format!("https://{host}/")
            });
            Reply::json(200, &document)
        })
        .await;

        let cloud =
            Cloud::from_metadata(&host_of(&server.endpoint), &server.http(), &deadline()).await.expect("a cloud");

        assert_eq!(cloud.arm().endpoint(), &server.endpoint);
        assert_eq!(cloud.arm().scope(), "https://management.azure.com/.default");
    }

    #[tokio::test(start_paused = true)]
    async fn retries_a_busy_metadata_host_and_names_it_in_the_error() {
        let server =
            Server::start(|_, _| Reply::json(503, &json!({"error": {"code": "Busy", "message": "later"}}))).await;

        let error =
            Cloud::from_metadata(&host_of(&server.endpoint), &server.http(), &deadline()).await.expect_err("no cloud");

        assert!(error.to_string().contains("status 503") && error.to_string().contains("try again later"), "{error}");
        assert!(server.calls().len() > 2);
    }

    #[tokio::test(start_paused = true)]
    async fn names_an_unreachable_metadata_host_after_the_deadline() {
        let server = Server::start(|_, _| Reply::Disconnect).await;

        let error =
            Cloud::from_metadata(&host_of(&server.endpoint), &server.http(), &deadline()).await.expect_err("no cloud");

        assert!(matches!(error, Error::Transport { .. }), "{error}");
    }

    #[tokio::test]
    async fn rejects_an_html_page_at_once() {
        let server = Server::start(|_, _| Reply::text(200, "<html>Welcome</html>")).await;

        let error =
            Cloud::from_metadata(&host_of(&server.endpoint), &server.http(), &deadline()).await.expect_err("no cloud");

        assert!(matches!(error, Error::InvalidResponse { status: 200, .. }), "{error}");
        assert_eq!(server.calls().len(), 1);
    }
}
