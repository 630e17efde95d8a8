//! The client of Azure services: requests, lists and long-running operations.
//!
//! `request.rs` defines a request, `response.rs` reads the document of a response, and `paging.rs` reads the pages of a
//! list. `operation.rs` starts and polls long-running operations, with the rules in `long_running.rs`. `bearer.rs` adds
//! the access token, and `correlation.rs` the correlation ID. `azure::http` retries requests.

mod bearer;
mod correlation;
mod long_running;
mod operation;
mod paging;
mod request;
mod response;

use std::sync::Arc;

use http::StatusCode;
use reqwest::Url;
use serde_json::Value;
use tokio::time::Instant;

use super::cloud::Cloud;
use super::credential::{Caller, Credential};
use super::deadline::Deadline;
use super::error::{Challenge, Error};
use super::http::{self as transport, Anonymous, Call, Http, Sent};
use super::service::Service;
use crate::redaction::Secrets;
use bearer::Bearer;
use paging::Pages;

pub use correlation::Correlation;
pub use long_running::OperationError;
pub use operation::{LongRunningOperation, PollResult, Started};
pub use request::Request;
pub use response::Response;

/// A client of one service of a cloud. Clones share connections, tokens and the correlation ID.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
    service: Service,
    /// Whether the service is Azure Resource Manager. Only this service accepts tokens of auxiliary tenants.
    is_arm: bool,
    /// Values that an error response must not repeat.
    secrets: Arc<Secrets>,
}

#[derive(Debug)]
struct Shared {
    http: Http,
    cloud: Cloud,
    credential: Credential,
    correlation: Correlation,
}

impl Client {
    /// A client of Azure Resource Manager in `cloud`. Sends nothing yet.
    #[must_use]
    pub fn new(http: Http, cloud: Cloud, credential: Credential, correlation: Correlation) -> Self {
        let service = cloud.arm().clone();
        let shared = Arc::new(Shared { http, cloud, credential, correlation });
        Self { shared, service, is_arm: true, secrets: Arc::default() }
    }

    /// A client of the Log Analytics query API, if the cloud has it.
    #[must_use]
    pub fn log_analytics(&self) -> Option<Self> {
        self.cloud().log_analytics().map(|service| self.of(service))
    }

    /// A client of Microsoft Graph, if the cloud has it.
    #[must_use]
    pub fn graph(&self) -> Option<Self> {
        self.cloud().graph().map(|service| self.of(service))
    }

    /// A client with the same credential for another service of the same cloud.
    fn of(&self, service: &Service) -> Self {
        Self { service: service.clone(), is_arm: false, ..self.clone() }
    }

    /// The same client for an operation that sends these secrets. It masks them in error responses.
    #[must_use]
    pub fn hiding(&self, secrets: Secrets) -> Self {
        Self { secrets: Arc::new(secrets), ..self.clone() }
    }

    /// The secrets that this client masks in error responses.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// The cloud of the service.
    #[must_use]
    pub fn cloud(&self) -> &Cloud {
        &self.shared.cloud
    }

    /// The service that this client calls.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The credential that authenticates the calls.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.shared.credential
    }

    /// The identity behind the access token for this service. `None` if the token is not readable.
    ///
    /// # Errors
    /// As [`Credential::token`].
    pub async fn caller(&self, deadline: &Deadline) -> Result<Option<Caller>, Error> {
        let token = self.credential().token(&self.service.scope(), deadline).await?;
        Ok(Caller::of_token(token.expose()))
    }

    /// The correlation ID, unless disabled.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        self.shared.correlation.id()
    }

    /// Sends a request, and retries it until there is a response, or an error that is not retried, or the deadline
    /// passes.
    ///
    /// # Errors
    /// Every variant of [`Error`]. 404, 409 and 412 are never retried: see [`Error::is_not_found`],
    /// [`Error::is_etag_conflict`].
    pub async fn send(&self, request: &Request, deadline: &Deadline) -> Result<Response, Error> {
        self.call(&self.call_for(request), deadline).await
    }

    /// Reads an object that may not exist. `None` if Azure responds that it does not exist.
    ///
    /// # Errors
    /// As [`Client::send`]. A 404 that says nothing about the object, such as the page of a proxy, is an error.
    pub async fn get_optional(&self, request: &Request, deadline: &Deadline) -> Result<Option<Response>, Error> {
        match self.send(request, deadline).await {
            Ok(response) => Ok(Some(response)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends a request without an access token, and returns the authentication challenge of the service. Needs no
    /// permission. `None` if the response has no challenge.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn challenge(&self, request: &Request, deadline: &Deadline) -> Result<Option<Challenge>, Error> {
        let call = self.call_for(request);
        let read = |response| Response::read(&call, response);
        match Box::pin(transport::send(&self.shared.http, &call, &mut Anonymous, deadline, read)).await {
            Ok(_) => Ok(None),
            Err(Error::Service(error)) if error.status == 401 => Ok(error.challenge),
            Err(error) => Err(error),
        }
    }

    /// Reads all pages of a list.
    ///
    /// # Errors
    /// As [`Client::send`]. [`Error::ForeignHost`] if a page links to another host, [`Error::InvalidResponse`] if the
    /// document is not a list or a link leads back to an earlier page.
    pub async fn list(&self, request: &Request, deadline: &Deadline) -> Result<Vec<Value>, Error> {
        let mut call = self.call_for(request);
        let mut pages = Pages::starting_at(&call.url);
        let (mut items, started) = (Vec::new(), Instant::now());
        loop {
            let response = self.call(&call, deadline).await.map_err(|error| pages.unfinished(error, started))?;
            pages.add(response.memory).map_err(|cause| call.invalid(response.status, cause))?;
            let page = paging::page(response.body).map_err(|cause| call.invalid(response.status, cause))?;
            items.extend(page.items);
            let Some(link) = page.next else { return Ok(items) };
            call.url = pages.follow(&call.url, &link).map_err(|cause| call.invalid(response.status, cause))?;
        }
    }

    /// The error for a response to `request` that reported success, but has an invalid body.
    #[must_use]
    pub fn invalid_response(&self, request: &Request, status: StatusCode, cause: impl Into<String>) -> Error {
        Error::invalid_response(request.method(), &self.url(request), status, cause)
    }

    fn url(&self, request: &Request) -> Url {
        request.url(self.service.endpoint())
    }

    fn call_for(&self, request: &Request) -> Call {
        let body = request.body().map(|body| body.to_string().into());
        let call = self.correlated(Call::new(request.method().clone(), self.url(request)));
        Call {
            body,
            headers: request.headers().to_vec(),
            query_limit: request.time_limit(),
            only_reads: request.only_reads(),
            ..call
        }
    }

    /// A GET of a URL from a response.
    fn call_to(&self, url: Url) -> Call {
        self.correlated(Call::get(url))
    }

    fn correlated(&self, call: Call) -> Call {
        let correlation_id = self.correlation_id().map(str::to_owned);
        Call { correlation_id, secrets: Arc::clone(&self.secrets), ..call }
    }

    async fn call(&self, call: &Call, deadline: &Deadline) -> Result<Response, Error> {
        self.service.check(&call.url)?;
        let mut bearer = Bearer::new(&self.shared.credential, self.service.scope(), self.is_arm);
        let read = |response| Response::read(call, response);
        // Boxed to keep the futures of the callers small.
        let Sent { response, earlier_attempt_lost } =
            Box::pin(transport::send(&self.shared.http, call, &mut bearer, deadline, read)).await?;
        Ok(Response { earlier_attempt_lost, ..response })
    }
}

#[cfg(test)]
mod tests;
