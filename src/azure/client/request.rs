//! A request to an Azure service.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::Method;
use reqwest::Url;
use serde_json::Value;

/// The name of a header and its value.
pub type Header = (&'static str, Cow<'static, str>);

/// A request: method, path, query, headers and body. It is independent of the cloud and the credential.
#[derive(Clone, Debug)]
pub struct Request {
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<Header>,
    body: Option<Value>,
    time_limit: Option<Duration>,
    changes_nothing: bool,
}

impl Request {
    /// Reads the object at `path` in Resource Manager, for example a [`crate::azure::resource_id::ResourceId`].
    #[must_use]
    pub fn get(path: impl fmt::Display, api_version: &str) -> Self {
        Self::new(Method::GET, path).query("api-version", api_version)
    }

    /// Creates or replaces the object at `path` in Resource Manager.
    #[must_use]
    pub fn put(path: impl fmt::Display, api_version: &str, body: Value) -> Self {
        Self::new(Method::PUT, path).query("api-version", api_version).with_body(body)
    }

    /// Deletes the object at `path` in Resource Manager.
    #[must_use]
    pub fn delete(path: impl fmt::Display, api_version: &str) -> Self {
        Self::new(Method::DELETE, path).query("api-version", api_version)
    }

    /// Runs an action at `path` in Resource Manager. Not retried if the request may have reached Azure.
    #[must_use]
    pub fn post(path: impl fmt::Display, api_version: &str) -> Self {
        Self::new(Method::POST, path).query("api-version", api_version)
    }

    /// A request to any service, without a query or a body.
    #[must_use]
    pub fn new(method: Method, path: impl fmt::Display) -> Self {
        let path = path.to_string();
        Self {
            method,
            path,
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            time_limit: None,
            changes_nothing: false,
        }
    }

    /// Runs the query in `body` at `path`: a POST that changes nothing, so it is retried like a read. The service sends
    /// nothing while the query runs, and ends the query after `time_limit` with 504.
    #[must_use]
    pub fn run_query(path: impl fmt::Display, body: Value, time_limit: Duration) -> Self {
        Self { time_limit: Some(time_limit), ..Self::new(Method::POST, path).with_body(body).changes_nothing() }
    }

    /// Marks a request that changes nothing in spite of its method, so it is retried like a read.
    #[must_use]
    pub fn changes_nothing(self) -> Self {
        Self { changes_nothing: true, ..self }
    }

    /// Adds a query parameter, for example `$filter`.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a header, for example `prefer`. The name is in lower case.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sets the document to send.
    #[must_use]
    pub fn with_body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The document to send, if any.
    #[must_use]
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// The headers that only this request has.
    #[must_use]
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// Whether the request only reads, so that it can be sent again after any failure.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        self.changes_nothing || self.method.is_safe()
    }

    /// The time limit of a query. `None` for other requests.
    #[must_use]
    pub fn time_limit(&self) -> Option<Duration> {
        self.time_limit
    }

    /// The URL at `endpoint`. Keeps the path of the endpoint, such as the prefix of a gateway.
    #[must_use]
    pub fn url(&self, endpoint: &Url) -> Url {
        let mut url = endpoint.clone();
        let prefix = endpoint.path().trim_end_matches('/');
        url.set_path(&format!("{prefix}{}", self.path));
        url.query_pairs_mut().clear().extend_pairs(&self.query);
        if self.query.is_empty() {
            url.set_query(None);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(endpoint: &str, request: &Request) -> String {
        request.url(&Url::parse(endpoint).expect("a valid address")).to_string()
    }

    #[test]
    fn url_contains_the_api_version_and_the_query() {
        let request = Request::get("/subscriptions/s", "2022-12-01").query("$filter", "kind eq 'A&B'");

        assert_eq!(
            at("https://management.azure.com", &request),
            "https://management.azure.com/subscriptions/s?api-version=2022-12-01&%24filter=kind+eq+%27A%26B%27"
        );
    }

    #[test]
    fn request_to_another_service_has_no_api_version() {
        let request = Request::new(Method::GET, "/v1.0/organization");

        assert_eq!(at("https://graph.microsoft.com", &request), "https://graph.microsoft.com/v1.0/organization");
    }

    #[test]
    fn escapes_a_path_with_query_characters() {
        let request = Request::get("/subscriptions/s/a b?x=1#y", "v");

        assert_eq!(
            at("https://arm.example:8443/", &request),
            "https://arm.example:8443/subscriptions/s/a%20b%3Fx=1%23y?api-version=v"
        );
    }

    #[test]
    fn keeps_the_path_prefix_of_the_endpoint() {
        assert_eq!(
            at("https://gw.example/arm/", &Request::delete("/subscriptions/s", "v")),
            "https://gw.example/arm/subscriptions/s?api-version=v"
        );
    }

    #[test]
    fn write_request_has_a_body() {
        let request = Request::put("/subscriptions/s", "v", json!({"n": 1}));

        assert_eq!(request.method(), Method::PUT);
        assert_eq!(request.body(), Some(&json!({"n": 1})));
    }
}
