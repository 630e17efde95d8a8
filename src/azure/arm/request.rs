//! A request to Resource Manager, as a value: nothing is sent here.

use std::fmt;

use http::Method;
use http::header::{HeaderName, HeaderValue, IF_MATCH};
use reqwest::Url;
use serde_json::Value;

/// One call: method, path, query and body. Building it needs no cloud, no token and no network.
#[derive(Clone, Debug)]
pub struct Request {
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Value>,
}

impl Request {
    /// Reads `path`, which starts at `/subscriptions/…` (a [`crate::azure::resource_id::ResourceId`] will do).
    #[must_use]
    pub fn get(path: impl fmt::Display, api_version: &str) -> Self {
        Self::new(Method::GET, path, api_version, None)
    }

    /// Creates or replaces what lives at `path`.
    #[must_use]
    pub fn put(path: impl fmt::Display, api_version: &str, body: Value) -> Self {
        Self::new(Method::PUT, path, api_version, Some(body))
    }

    /// Removes what lives at `path`.
    #[must_use]
    pub fn delete(path: impl fmt::Display, api_version: &str) -> Self {
        Self::new(Method::DELETE, path, api_version, None)
    }

    /// Asks for an action. Never sent a second time once it may have reached Azure.
    #[must_use]
    pub fn post(path: impl fmt::Display, api_version: &str, body: Option<Value>) -> Self {
        Self::new(Method::POST, path, api_version, body)
    }

    /// Adds a query parameter, for example `$filter`.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends `If-Match`: refused with 412 when the document has changed. An etag that no header can hold is left out;
    /// Azure then compares the one inside the document.
    #[must_use]
    pub fn if_match(mut self, etag: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(etag) {
            self.headers.push((IF_MATCH, value));
        }
        self
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

    /// The body, where there is one.
    #[must_use]
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    pub(super) fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// The address on `endpoint`, whose own path (a gateway's prefix) stays in front.
    #[must_use]
    pub fn url(&self, endpoint: &Url) -> Url {
        let mut url = endpoint.clone();
        let prefix = endpoint.path().trim_end_matches('/');
        url.set_path(&format!("{prefix}{}", self.path));
        url.query_pairs_mut().clear().extend_pairs(&self.query);
        url
    }

    fn new(method: Method, path: impl fmt::Display, api_version: &str, body: Option<Value>) -> Self {
        let query = vec![("api-version".to_owned(), api_version.to_owned())];
        Self { method, path: path.to_string(), query, headers: Vec::new(), body }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn on(endpoint: &str, request: &Request) -> String {
        request.url(&Url::parse(endpoint).expect("a valid address")).to_string()
    }

    #[test]
    fn the_api_version_and_the_query_follow_the_path() {
        let request = Request::get("/subscriptions/s", "2022-12-01").query("$filter", "kind eq 'A&B'");

        assert_eq!(
            on("https://management.azure.com", &request),
            "https://management.azure.com/subscriptions/s?api-version=2022-12-01&%24filter=kind+eq+%27A%26B%27"
        );
    }

    #[test]
    fn a_path_cannot_become_a_query_or_leave_the_host() {
        let request = Request::get("/subscriptions/s/a b?x=1#y", "v");

        assert_eq!(
            on("https://arm.example:8443/", &request),
            "https://arm.example:8443/subscriptions/s/a%20b%3Fx=1%23y?api-version=v"
        );
    }

    #[test]
    fn the_prefix_of_a_gateway_stays() {
        assert_eq!(
            on("https://gw.example/arm/", &Request::delete("/subscriptions/s", "v")),
            "https://gw.example/arm/subscriptions/s?api-version=v"
        );
    }

    #[test]
    fn a_write_carries_its_body_and_its_etag() {
        let request = Request::put("/subscriptions/s", "v", json!({"n": 1})).if_match("\"e1\"");

        assert_eq!(request.method(), Method::PUT);
        assert_eq!(request.body(), Some(&json!({"n": 1})));
        assert_eq!(request.headers(), [(IF_MATCH, HeaderValue::from_static("\"e1\""))]);
    }

    #[test]
    fn an_etag_that_no_header_can_hold_is_left_out() {
        assert!(Request::get("/s", "v").if_match("a\nb").headers().is_empty());
    }
}
