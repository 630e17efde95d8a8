//! A request, read completely, with its IDs.

use std::borrow::Cow;

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderName};
use hyper::{Method, Uri};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use uuid::Uuid;

/// A request that the simulator received.
#[derive(Clone, Debug)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Path as sent, percent-encoded.
    pub path: String,
    /// Query string as sent, without the question mark.
    pub query: String,
    /// All headers, including credentials.
    pub headers: HeaderMap,
    /// The body as sent.
    pub body: Bytes,
    /// The ID that the simulator assigned to the request. The response returns it as `x-ms-request-id`.
    pub request_id: String,
    /// The client's correlation ID, or the request ID if the client sent none.
    pub correlation_id: String,
    /// How many earlier requests had the same method, path and query.
    pub earlier: usize,
    /// Status of the response. None before the response exists, and if the connection was closed instead.
    pub status: Option<u16>,
    /// Whether the client sent the request over TLS.
    pub is_encrypted: bool,
    /// ID of the fault that applied to the request.
    pub fault: Option<u64>,
}

impl Request {
    pub(crate) fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Self {
        let request_id = Uuid::new_v4().to_string();
        let correlation_id =
            text(&headers, "x-ms-correlation-request-id").map_or_else(|| request_id.clone(), str::to_owned);
        Self {
            method,
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            headers,
            body,
            request_id,
            correlation_id,
            earlier: 0,
            status: None,
            is_encrypted: true,
            fault: None,
        }
    }

    /// Path and query as sent.
    #[must_use]
    pub fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// The value of a header, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        text(&self.headers, name)
    }

    /// Whether the request asks Entra for a token.
    #[must_use]
    pub fn is_login(&self) -> bool {
        self.path.ends_with("/oauth2/v2.0/token") || self.path.ends_with("/oauth2/token")
    }

    /// The first query parameter with this name, decoded. As in ARM, names are case-insensitive.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        form_pairs(&self.query).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The value of a query option such as `$filter`. An empty value counts as absent.
    pub(crate) fn option(&self, name: &str) -> Option<String> {
        self.parameter(name).filter(|value| !value.trim().is_empty())
    }

    /// All query parameters with this name, joined by commas, as ARM reads a parameter that may occur only once.
    pub(crate) fn parameter_values(&self, name: &str) -> Option<String> {
        let values = form_pairs(&self.query).filter(|(key, _)| key.eq_ignore_ascii_case(name));
        values.map(|(_, value)| value).reduce(|all, value| format!("{all},{value}"))
    }

    /// The body as JSON; a leading byte order mark is allowed.
    ///
    /// # Errors
    /// If the body is not JSON.
    pub fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body))
    }
}

/// The decoded pairs of a query string or an `application/x-www-form-urlencoded` body.
pub(crate) fn form_pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (form_decode(key), form_decode(value))
    })
}

fn form_decode(text: &str) -> String {
    let spaced: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(HeaderName::from_bytes(name.as_bytes()).ok()?)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_query_parameters_and_ignores_the_case_of_names() {
        let uri = "/x?API-Version=1&%24filter=a+eq%20%27b%27".parse().expect("a valid URI");
        let request = Request::new(Method::GET, &uri, HeaderMap::new(), Bytes::new());
        assert_eq!(request.parameter("api-version").as_deref(), Some("1"));
        assert_eq!(request.parameter("$filter").as_deref(), Some("a eq 'b'"));
    }
}
