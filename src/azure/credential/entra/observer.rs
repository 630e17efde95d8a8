//! A transport for `azure_identity` that remembers how the last exchange failed.
//!
//! The library reads error bodies into borrowed text and loses status and code when a description holds an escape
//! or the body is a proxy's page; what was on the wire is kept here.

use std::error::Error as StdError;
use std::sync::{Mutex, PoisonError};

use azure_core::http::{AsyncRawResponse, HttpClient, Request};
use bytes::Bytes;

use crate::azure::TransportKind;
use crate::azure::http::{classify, host_of};

/// How an exchange failed.
#[derive(Debug)]
pub(super) enum Seen {
    /// An answer other than success.
    Refused { status: u16, body: Bytes },
    /// No answer.
    Unreachable { host: String, kind: TransportKind, cause: String },
}

#[derive(Debug)]
pub(super) struct Observer {
    client: reqwest::Client,
    seen: Mutex<Option<Seen>>,
}

impl Observer {
    pub(super) fn new(client: reqwest::Client) -> Self {
        Self { client, seen: Mutex::new(None) }
    }

    /// What was seen last; nothing after a success.
    pub(super) fn take(&self) -> Option<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn remember(&self, seen: Option<Seen>) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
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
                self.remember(Some(Seen::Refused { status: u16::from(status), body: body.clone() }));
                Ok(AsyncRawResponse::from_bytes(status, headers, body))
            }
            Err(error) => {
                if let Some(failure) = reqwest_error(&error) {
                    let (kind, cause) = classify(failure);
                    self.remember(Some(Seen::Unreachable { host: host_of(request.url()), kind, cause }));
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
