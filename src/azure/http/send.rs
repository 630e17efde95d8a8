//! Sends a call, and retries it as [`retry::decide`] decides.

use http::header::HeaderValue;

use super::Http;
use super::attempt::{Call, FailedAttempt, RawResponse};
use super::history::AttemptHistory;
use crate::azure::deadline::Deadline;
use crate::azure::error::Error;
use crate::azure::retry::{self, Decision};

/// The authorization of a call.
pub(in crate::azure) trait Authorization: Send {
    /// The headers of the next attempt.
    fn headers(&mut self, deadline: &Deadline) -> impl Future<Output = Result<AuthorizationHeaders, Error>> + Send;

    /// Whether to try again at once with a new token, because this error rejects the current one. Marks the error if
    /// the rejected token was new.
    fn renew(&mut self, error: &mut Error) -> bool;
}

/// The headers with access tokens.
#[derive(Clone, Debug, Default)]
pub(in crate::azure) struct AuthorizationHeaders {
    /// `Authorization`.
    pub(in crate::azure) authorization: Option<HeaderValue>,
    /// `x-ms-authorization-auxiliary`: tokens of further tenants.
    pub(in crate::azure) auxiliary: Option<HeaderValue>,
}

/// No authorization, for public documents.
pub(in crate::azure) struct Anonymous;

impl Authorization for Anonymous {
    async fn headers(&mut self, _: &Deadline) -> Result<AuthorizationHeaders, Error> {
        Ok(AuthorizationHeaders::default())
    }

    fn renew(&mut self, _: &mut Error) -> bool {
        false
    }
}

/// The response to a call.
pub(in crate::azure) struct Sent<T> {
    pub(in crate::azure) response: T,
    /// Whether an earlier attempt of a write may have taken effect, because its response was lost.
    pub(in crate::azure) earlier_attempt_lost: bool,
}

/// Sends a call until there is a response that `read` accepts, or an error that is not retried, or the deadline passes.
///
/// # Errors
/// Every variant of [`Error`] except [`Error::ForeignHost`] and [`Error::Endpoint`].
pub(in crate::azure) async fn send<T>(
    http: &Http,
    call: &Call,
    authorization: &mut impl Authorization,
    deadline: &Deadline,
    read: impl Fn(RawResponse) -> Result<T, Box<FailedAttempt>>,
) -> Result<Sent<T>, Error> {
    let mut history = AttemptHistory::new(call, deadline);
    loop {
        history.attempt += 1;
        let headers = match authorization.headers(deadline).await {
            Ok(headers) => headers,
            Err(error) => return Err(history.no_token(error)),
        };
        let client = http.client_for(&call.url, call.query_limit)?;
        let attempt = call.attempt(client, &headers, history.attempt);
        let mut failed = match deadline.run(attempt).await {
            Err(interrupted) => return Err(history.interrupted(interrupted, true)),
            Ok(attempted) => match attempted.and_then(&read) {
                Ok(response) => return Ok(Sent { response, earlier_attempt_lost: history.earlier_attempt_lost }),
                Err(failed) => *failed,
            },
        };
        if authorization.renew(&mut failed.error) {
            continue;
        }
        http.record_failure(&failed.error);
        history.record(&mut failed);
        match retry::decide(call.only_reads(), &call.method, &failed.failure, &history.retry_context(deadline)) {
            Decision::Stop => return Err(history.failed(failed.error)),
            Decision::PastDeadline { wait } => return Err(history.past_deadline(failed, wait)),
            Decision::Retry { after } => {
                let error = failed.error;
                tracing::debug!(attempt = history.attempt, wait_ms = after.as_millis(), %error, "retrying the request");
                history.retry_after(error);
                if let Err(interrupted) = deadline.run(tokio::time::sleep(after)).await {
                    return Err(history.interrupted(interrupted, false));
                }
            }
        }
    }
}
