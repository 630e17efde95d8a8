//! The one place that talks to Resource Manager: sends, waits, sends again as [`retry::decide`] says.

mod attempt;
mod operation;
mod progress;

use std::sync::Arc;

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use reqwest::Url;
use serde_json::Value;
use uuid::Uuid;

use super::paging::{self, Fault, Trail};
use super::request::Request;
use crate::azure::cloud::Cloud;
use crate::azure::credential::Credential;
use crate::azure::http::{Http, host_of};
use crate::azure::retry::{self, Decision};
use crate::azure::{Deadline, Error};
use attempt::{Attempt, Failure};
use progress::Progress;

pub use operation::{Operation, Poll, Started};

/// A client of Azure Resource Manager. Cloning it shares connections, tokens and the correlation id.
#[derive(Clone, Debug)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    http: Http,
    cloud: Cloud,
    credential: Credential,
    correlation: Correlation,
}

/// `x-ms-correlation-request-id`: one for everything that a run of the provider does, for Azure's activity log and its
/// support.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Correlation(Option<String>);

impl Correlation {
    /// A new random one.
    #[must_use]
    pub fn random() -> Self {
        Self(Some(Uuid::new_v4().to_string()))
    }

    /// The user's own (`ARM_CORRELATION_REQUEST_ID`); a random one if no header can hold it.
    #[must_use]
    pub fn given(id: &str) -> Self {
        match HeaderValue::from_str(id.trim()) {
            Ok(value) if !value.is_empty() => Self(Some(id.trim().to_owned())),
            _ => Self::random(),
        }
    }

    /// None is sent (`disable_correlation_request_id`).
    #[must_use]
    pub fn disabled() -> Self {
        Self(None)
    }

    /// The id, unless disabled.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

/// A successful answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its status, always 2xx.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its document; null where the answer has no body.
    pub body: Value,
    /// An earlier attempt of this call may have been carried out: its answer was lost. What a create finds in the way
    /// may then be its own.
    pub earlier_attempt_lost: bool,
}

impl Client {
    /// A client for `cloud` that logs in with `credential`. Asks nobody yet.
    #[must_use]
    pub fn new(http: Http, cloud: Cloud, credential: Credential, correlation: Correlation) -> Self {
        Self { inner: Arc::new(Inner { http, cloud, credential, correlation }) }
    }

    /// The cloud it talks to.
    #[must_use]
    pub fn cloud(&self) -> &Cloud {
        &self.inner.cloud
    }

    /// The login it uses.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.inner.credential
    }

    /// The correlation id it sends, unless disabled.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        self.inner.correlation.id()
    }

    /// Sends a request, again and again where that may help, until there is an answer to hand over or the deadline ends.
    ///
    /// # Errors
    /// Every variant of [`Error`]. 404, 409 and 412 are never repeated: [`Error::is_not_found`],
    /// [`Error::is_etag_conflict`].
    pub async fn send(&self, request: &Request, deadline: &Deadline) -> Result<Response, Error> {
        let url = request.url(self.inner.cloud.arm_endpoint());
        self.call(&Call::of(request, url), deadline).await
    }

    /// Reads what may not be there: 404 is `None`.
    ///
    /// # Errors
    /// As [`Client::send`]. A 404 that is not Azure's own (a proxy's page) is an error, not an absence.
    pub async fn get_optional(&self, request: &Request, deadline: &Deadline) -> Result<Option<Response>, Error> {
        match self.send(request, deadline).await {
            Ok(response) => Ok(Some(response)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads a list with all its pages.
    ///
    /// # Errors
    /// As [`Client::send`]; [`Error::ForeignHost`] when a page links out of the cloud, [`Error::InvalidResponse`] when
    /// the document is no list or the pages go in a circle.
    pub async fn list(&self, request: &Request, deadline: &Deadline) -> Result<Vec<Value>, Error> {
        let mut call = Call::of(request, request.url(self.inner.cloud.arm_endpoint()));
        let mut trail = Trail::new(&self.inner.cloud, &call.url);
        let mut items = Vec::new();
        loop {
            let response = self.call(&call, deadline).await?;
            let fault = |fault| match fault {
                Fault::Foreign(error) => error,
                Fault::Invalid(cause) => call.invalid(response.status, cause),
            };
            let page = paging::page(response.body).map_err(fault)?;
            items.extend(page.items);
            let Some(link) = page.next else { return Ok(items) };
            let next = trail.follow(&call.url, &link).map_err(fault)?;
            call = Call { url: next, ..call };
        }
    }

    /// On the heap: what makes several calls, perhaps at the same time, would otherwise be as large as all of them.
    async fn call(&self, call: &Call, deadline: &Deadline) -> Result<Response, Error> {
        Box::pin(self.attempts(call, deadline)).await
    }

    async fn attempts(&self, call: &Call, deadline: &Deadline) -> Result<Response, Error> {
        let inner = &*self.inner;
        if !inner.cloud.allows(&call.url) {
            return Err(Error::ForeignHost { host: host_of(&call.url), expected: host_of(inner.cloud.arm_endpoint()) });
        }
        let scope = inner.cloud.arm_scope();
        let mut progress = Progress::new(call);
        loop {
            progress.attempt += 1;
            let token = match inner.credential.token(&scope, deadline).await {
                Ok(token) => token,
                Err(error) => return Err(progress.token_failed(error)),
            };
            let attempt =
                Attempt { call, token: &token, correlation: inner.correlation.id(), number: progress.attempt };
            let failure = match deadline.run(attempt.run(inner.http.client()?)).await {
                Err(interrupted) => return Err(progress.interrupted(interrupted, true)),
                Ok(Ok(response)) => return Ok(Response { earlier_attempt_lost: progress.lost, ..response }),
                Ok(Err(failure)) => failure,
            };
            let Failure { error, outcome } = *failure;
            if !progress.refreshed && is_expired_token(&error) {
                progress.refreshed = true;
                inner.credential.refuse(&scope, &token);
                continue;
            }
            let error = progress.note(error, &outcome);
            match retry::decide(&call.method, &outcome, &progress.situation(deadline)) {
                Decision::Stop => return Err(progress.end(error)),
                Decision::TooLate { wait } => return Err(progress.too_late(error, &outcome, wait)),
                Decision::Retry { after } => {
                    tracing::debug!(attempt = progress.attempt, wait_ms = after.as_millis(), error = %error, "sending the request again");
                    progress.last = Some(Box::new(error));
                    if let Err(interrupted) = deadline.run(tokio::time::sleep(after)).await {
                        return Err(progress.interrupted(interrupted, false));
                    }
                }
            }
        }
    }
}

/// A request on its way: the same for every attempt.
#[derive(Clone, Debug)]
struct Call {
    method: Method,
    url: Url,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Bytes>,
    /// `x-ms-client-request-id`: one for the call.
    id: String,
}

impl Call {
    fn of(request: &Request, url: Url) -> Self {
        let body = request.body().map(|body| Bytes::from(body.to_string()));
        Self {
            method: request.method().clone(),
            url,
            headers: request.headers().to_vec(),
            body,
            id: Uuid::new_v4().to_string(),
        }
    }

    /// A read of an address that Azure has given.
    fn get(url: Url) -> Self {
        Self { method: Method::GET, url, headers: Vec::new(), body: None, id: Uuid::new_v4().to_string() }
    }

    fn invalid(&self, status: StatusCode, cause: String) -> Error {
        Error::InvalidResponse {
            host: host_of(&self.url),
            method: self.method.to_string(),
            path: self.url.path().to_owned(),
            status: status.as_u16(),
            cause,
        }
    }
}

/// Does this say that the token is over? Licence and consent troubles come as 401 as well, and no new token mends them.
fn is_expired_token(error: &Error) -> bool {
    let Error::Service(error) = error else { return false };
    if error.status != 401 {
        return false;
    }
    match error.code.as_deref() {
        Some("ExpiredAuthenticationToken") => true,
        Some("InvalidAuthenticationToken" | "AuthenticationFailed") | None => {
            error.message.to_ascii_lowercase().contains("expired")
        }
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests;
