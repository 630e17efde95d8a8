//! The protocol of long-running operations: the URL to poll, and the status in a response. Pure functions;
//! `operation.rs` sends the requests.
//!
//! The response to a PUT, POST or DELETE may start an operation. The URL to poll is `Azure-AsyncOperation`, otherwise
//! `Location`, otherwise the resource itself while its `provisioningState` is not final. The status is the text in
//! `status` or in `properties.provisioningState`, compared without case.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, StatusCode};
use reqwest::Url;
use serde_json::Value;

use crate::azure::error::{ErrorBody, ErrorDetail, PolicyViolation};
use crate::azure::retry;
use crate::redaction::Secrets;

/// The delay between two polls without `Retry-After`.
pub(super) const DEFAULT_POLL_DELAY: Duration = Duration::from_secs(10);

/// How long Azure may return 404 for the URL of a new operation.
const NOT_FOUND_GRACE: Duration = Duration::from_secs(60);

/// The URL to poll.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum StatusMonitor {
    /// `Azure-AsyncOperation`: returns a document with a `status`.
    AsyncOperation(Url),
    /// `Location`: returns 202 while the operation runs, then the result.
    Location(Url),
    /// The resource itself.
    Resource(Url),
}

/// The error of a failed operation.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct OperationError {
    /// Whether this provider or another process canceled the operation.
    pub is_cancelled: bool,
    /// Azure's code, for example `DeploymentFailed`.
    pub code: Option<String>,
    /// Azure's message.
    pub message: String,
    /// The nested errors.
    pub details: Vec<ErrorDetail>,
    /// The policies that deny the operation. Nested errors list their own.
    pub policies: Vec<PolicyViolation>,
}

/// The status of an operation in a response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum OperationStatus {
    /// The operation is still running.
    Running,
    /// The operation succeeded.
    Succeeded,
    /// The operation failed or was canceled.
    Failed(OperationError),
}

impl StatusMonitor {
    pub(super) fn url(&self) -> &Url {
        match self {
            Self::AsyncOperation(url) | Self::Location(url) | Self::Resource(url) => url,
        }
    }

    /// The URL to poll for the operation that this response started. `None` if the operation has already ended.
    ///
    /// # Errors
    /// The response contains an invalid URL.
    pub(super) fn from_response(
        method: &Method,
        url: &Url,
        status: StatusCode,
        headers: &HeaderMap,
        body: &Value,
    ) -> Result<Option<Self>, String> {
        if let Some(link) = link(headers, "azure-asyncoperation") {
            return absolute(url, link).map(|url| Some(Self::AsyncOperation(url)));
        }
        if status == StatusCode::ACCEPTED
            && let Some(link) = link(headers, "location")
        {
            return absolute(url, link).map(|url| Some(Self::Location(url)));
        }
        let is_running = match status_text(body) {
            Some(status_text) => final_status(status_text).is_none(),
            None => status == StatusCode::ACCEPTED,
        };
        Ok((*method == Method::PUT && is_running).then(|| Self::Resource(url.clone())))
    }

    /// The URL for the next poll, which a response may replace.
    ///
    /// # Errors
    /// The response contains an invalid URL.
    pub(super) fn updated(&self, headers: &HeaderMap) -> Result<Self, String> {
        match self {
            Self::AsyncOperation(url) => match link(headers, "azure-asyncoperation") {
                Some(link) => absolute(url, link).map(Self::AsyncOperation),
                None => Ok(self.clone()),
            },
            Self::Location(url) => match link(headers, "location") {
                Some(link) => absolute(url, link).map(Self::Location),
                None => Ok(self.clone()),
            },
            Self::Resource(_) => Ok(self.clone()),
        }
    }
}

/// Reads the status of the operation from a successful response. Masks `secrets` in its error.
pub(super) fn operation_status(status: StatusCode, body: &Value, secrets: &Secrets) -> OperationStatus {
    if status == StatusCode::ACCEPTED {
        return OperationStatus::Running;
    }
    // Some operations have no status. Then the response is the result.
    match status_text(body).map(final_status) {
        None | Some(Some(FinalStatus::Succeeded)) => OperationStatus::Succeeded,
        Some(None) => OperationStatus::Running,
        Some(Some(FinalStatus::Failed)) => OperationStatus::Failed(operation_error(body, false, secrets)),
        Some(Some(FinalStatus::Cancelled)) => OperationStatus::Failed(operation_error(body, true, secrets)),
    }
}

/// Whether Azure may still return 404 for an operation that was started this long ago.
pub(super) fn is_within_not_found_grace(since: Duration) -> bool {
    since < NOT_FOUND_GRACE
}

/// How long to wait before the next poll.
pub(super) fn poll_delay(headers: &HeaderMap, now: SystemTime) -> Duration {
    retry::retry_after(headers, now).filter(|asked| !asked.is_zero()).unwrap_or(DEFAULT_POLL_DELAY)
}

enum FinalStatus {
    Succeeded,
    Failed,
    Cancelled,
}

/// Parses a status. `None` if the operation is still running.
fn final_status(status_text: &str) -> Option<FinalStatus> {
    match status_text.to_ascii_lowercase().as_str() {
        "succeeded" => Some(FinalStatus::Succeeded),
        "failed" => Some(FinalStatus::Failed),
        "canceled" | "cancelled" => Some(FinalStatus::Cancelled),
        _ => None,
    }
}

fn status_text(body: &Value) -> Option<&str> {
    body["status"].as_str().or_else(|| body["properties"]["provisioningState"].as_str())
}

fn operation_error(body: &Value, is_cancelled: bool, secrets: &Secrets) -> OperationError {
    let ErrorBody { code, message, details, policies, .. } = ErrorBody::of_document(body).masked(secrets);
    OperationError { is_cancelled, code, message, details, policies }
}

fn link<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).filter(|link| !link.is_empty())
}

/// Resolves a URL exactly as Azure wrote it, with its own API version.
fn absolute(base: &Url, link: &str) -> Result<Url, String> {
    base.join(link).map_err(|error| format!("the address of the operation is invalid: {error}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn status_of(status: StatusCode, body: &Value) -> OperationStatus {
        operation_status(status, body, &Secrets::none())
    }

    fn url() -> Url {
        Url::parse("https://arm.example/subscriptions/s/x?api-version=1").expect("an address")
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().expect("text"))).collect()
    }

    fn monitor_for(
        method: &Method,
        status: u16,
        pairs: &[(&'static str, &str)],
        body: &Value,
    ) -> Option<StatusMonitor> {
        let status = StatusCode::from_u16(status).expect("a status");
        StatusMonitor::from_response(method, &url(), status, &headers(pairs), body).expect("addresses")
    }

    #[test]
    fn azure_asyncoperation_takes_precedence_over_location() {
        let links = [
            ("location", "https://arm.example/result?api-version=2"),
            ("azure-asyncoperation", "https://arm.example/operations/1?api-version=3&t=%2F"),
        ];

        let monitor = monitor_for(&Method::PUT, 201, &links, &Value::Null).expect("it is running");

        assert_eq!(monitor.url().as_str(), "https://arm.example/operations/1?api-version=3&t=%2F");
        assert!(matches!(monitor_for(&Method::POST, 202, &links[..1], &Value::Null), Some(StatusMonitor::Location(_))));
        assert_eq!(
            monitor_for(&Method::PUT, 201, &links[..1], &Value::Null),
            None,
            "the address of the created resource"
        );
    }

    #[test]
    fn polls_a_resource_while_it_is_provisioned() {
        let moving = json!({"properties": {"provisioningState": "Creating"}});
        let done = json!({"properties": {"provisioningState": "succeeded"}});

        assert_eq!(monitor_for(&Method::PUT, 201, &[], &moving), Some(StatusMonitor::Resource(url())));
        assert_eq!(monitor_for(&Method::PUT, 200, &[], &done), None);
        assert_eq!(monitor_for(&Method::PUT, 200, &[], &json!({})), None);
        assert_eq!(monitor_for(&Method::DELETE, 204, &[], &Value::Null), None);
    }

    #[test]
    fn only_final_statuses_end_an_operation() {
        let at = |body: Value| status_of(StatusCode::OK, &body);

        assert_eq!(at(json!({"status": "SUCCEEDED"})), OperationStatus::Succeeded);
        assert_eq!(at(json!({"properties": {"provisioningState": "Succeeded"}})), OperationStatus::Succeeded);
        assert_eq!(at(json!({"status": "Polishing"})), OperationStatus::Running);
        assert_eq!(at(json!({"id": "the result"})), OperationStatus::Succeeded);
        assert_eq!(status_of(StatusCode::ACCEPTED, &json!({"status": "Succeeded"})), OperationStatus::Running);
    }

    #[test]
    fn keeps_the_message_of_a_failed_operation() {
        let body = json!({"status": "failed", "error": {"code": "DeploymentFailed", "message": "see below",
            "details": [{"code": "Conflict", "message": "in the way"}]}});

        let OperationStatus::Failed(error) = status_of(StatusCode::OK, &body) else { panic!("it failed") };

        assert_eq!((error.code.as_deref(), error.is_cancelled), (Some("DeploymentFailed"), false));
        assert_eq!(error.details[0].to_string(), "Conflict: in the way");
        let OperationStatus::Failed(cancelled) = status_of(StatusCode::OK, &json!({"status": "Canceled"})) else {
            panic!("over")
        };
        assert!(cancelled.is_cancelled);
    }

    #[test]
    fn waits_for_retry_after_or_ten_seconds() {
        let poll_delay = |pairs| poll_delay(&headers(pairs), SystemTime::UNIX_EPOCH);

        assert_eq!(poll_delay(&[("retry-after", "3")]), Duration::from_secs(3));
        assert_eq!(poll_delay(&[("retry-after", "0")]), DEFAULT_POLL_DELAY);
        assert_eq!(poll_delay(&[]), DEFAULT_POLL_DELAY);
    }

    proptest! {
        #[test]
        fn arbitrary_links_do_not_panic(link in "\\PC{0,40}") {
            if let Ok(value) = http::HeaderValue::from_str(&link) {
                let headers = HeaderMap::from_iter([(http::HeaderName::from_static("location"), value)]);
                let _ = StatusMonitor::from_response(&Method::POST, &url(), StatusCode::ACCEPTED, &headers, &Value::Null);
            }
        }

        #[test]
        fn arbitrary_documents_do_not_panic(status_text in "\\PC{0,12}", status in 200_u16..206) {
            let status = StatusCode::from_u16(status).expect("a status");
            let _ = status_of(status, &json!({"status": status_text, "error": status_text}));
        }
    }
}
