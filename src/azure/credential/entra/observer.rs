//! A transport for `azure_identity` that remembers how the last exchange failed.
//!
//! The library loses status and code if the description contains an escape or the body is the page of a proxy.

use std::error::Error as StdError;
use std::sync::{Mutex, PoisonError};

use azure_core::error::ErrorKind;
use azure_core::http::{AsyncRawResponse, HttpClient, Request};
use bytes::Bytes;

use crate::azure::error::{Error, TransportKind};
use crate::azure::http::{Http, classify};
use crate::azure::text::host_of;

/// How an exchange failed.
#[derive(Debug)]
pub(super) enum Observed {
    /// An error response.
    Refused { status: u16, body: Bytes },
    /// No response.
    Unreachable { host: String, kind: TransportKind, cause: String },
}

#[derive(Debug)]
pub(super) struct Observer {
    http: Http,
    client: reqwest::Client,
    last: Mutex<Option<Observed>>,
}

impl Observer {
    pub(super) fn new(http: Http, client: reqwest::Client) -> Self {
        Self { http, client, last: Mutex::new(None) }
    }

    /// The last failure; none after a success.
    pub(super) fn take(&self) -> Option<Observed> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn remember(&self, failure: Option<Observed>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }
}

#[async_trait::async_trait]
impl HttpClient for Observer {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        match HttpClient::execute_request(&self.client, request).await {
            Ok(response) if response.status().is_success() => {
                self.remember(None);
                Ok(response)
            }
            Ok(response) => {
                let (status, headers, body) = response.deconstruct();
                let body = body.collect().await?;
                self.remember(Some(Observed::Refused { status: u16::from(status), body: body.clone() }));
                Ok(AsyncRawResponse::from_bytes(status, headers, body))
            }
            Err(error) => {
                if let Some(failure) = reqwest_error(&error) {
                    let (kind, cause) = classify(failure);
                    let host = host_of(request.url());
                    self.http.remember(&Error::Transport { host: host.clone(), kind, cause: cause.clone() });
                    self.remember(Some(Observed::Unreachable { host, kind, cause }));
                    if kind.is_final() {
                        // The library tries again after errors of other kinds.
                        return Err(azure_core::Error::new(ErrorKind::Other, error));
                    }
                }
                Err(error)
            }
        }
    }
}

fn reqwest_error(error: &azure_core::Error) -> Option<&reqwest::Error> {
    let mut next = error.source();
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref() {
            return Some(found);
        }
        next = current.source();
    }
    None
}
