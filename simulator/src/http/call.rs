//! A request as the simulated services see it: read completely, with its ids.

use std::borrow::Cow;

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderName};
use hyper::{Method, Uri};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use uuid::Uuid;

/// One request.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Path as sent, percent-encoded.
    pub(crate) path: String,
    /// Query string as sent, without the question mark.
    pub(crate) raw_query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// This request's own id, answered as `x-ms-request-id`.
    pub(crate) request_id: String,
    /// The client's correlation id, or the request id where it sent none.
    pub(crate) correlation_id: String,
}

impl Call {
    pub(crate) fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Self {
        let request_id = Uuid::new_v4().to_string();
        let correlation_id =
            text(&headers, "x-ms-correlation-request-id").map_or_else(|| request_id.clone(), str::to_owned);
        Self {
            method,
            path: uri.path().to_owned(),
            raw_query: uri.query().unwrap_or_default().to_owned(),
            headers,
            body,
            request_id,
            correlation_id,
        }
    }

    /// Path and query as sent: what fault expressions are matched with.
    pub(crate) fn path_and_query(&self) -> String {
        if self.raw_query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.raw_query) }
    }

    /// A header's value, if it is there and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        text(&self.headers, name)
    }

    /// The first query parameter of that name (compared without case, as ARM does), decoded.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        form_pairs(&self.raw_query).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All query parameters of that name, joined by commas: how ARM reads what must be there once.
    pub(crate) fn query_values(&self, name: &str) -> Option<String> {
        let values = form_pairs(&self.raw_query).filter(|(key, _)| key.eq_ignore_ascii_case(name));
        values.map(|(_, value)| value).reduce(|all, value| format!("{all},{value}"))
    }

    /// The body as JSON; a leading byte order mark is allowed.
    pub(crate) fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body))
    }
}

/// The pairs of a query string or an `application/x-www-form-urlencoded` body, decoded.
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
    fn a_query_is_decoded_and_its_names_compare_without_case() {
        let uri = "/x?API-Version=1&%24filter=a+eq%20%27b%27".parse().expect("a valid URI");
        let call = Call::new(Method::GET, &uri, HeaderMap::new(), Bytes::new());
        assert_eq!(call.query("api-version").as_deref(), Some("1"));
        assert_eq!(call.query("$filter").as_deref(), Some("a eq 'b'"));
    }
}
