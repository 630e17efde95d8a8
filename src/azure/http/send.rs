//! Sending a call: attempt, wait, try again, as [`retry::decide`] says.

use http::header::HeaderValue;

use super::Http;
use super::attempt::{Call, FailedAttempt, RawResponse};
use super::history::AttemptHistory;
use crate::azure::deadline::Deadline;
use crate::azure::error::Error;
use crate::azure::retry::{self, Decision};

/// Who sends a call.
pub(in crate::azure) trait Authorization: Send {
    /// The headers of the next attempt.
    fn headers(&mut self, deadline: &Deadline) -> impl Future<Output = Result<AuthorizationHeaders, Error>> + Send;

    /// Whether to try again at once because this error rejects the token, and a new one may be accepted. If the error
    /// rejects a new token, it is marked.
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

/// No login: for public documents.
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
    /// The response to an earlier attempt of a write was lost, and the attempt may have taken effect.
    pub(in crate::azure) earlier_attempt_lost: bool,
}

/// Sends a call until there is a response that `read` accepts, an error that no retry can fix, or the deadline passes.
///
/// # Errors
/// Every variant of [`Error`] but [`Error::ForeignHost`] and [`Error::Endpoint`].
pub(in crate::azure) async fn send<T>(
    http: &Http,
    call: &Call,
    authorization: &mut impl Authorization,
    deadline: &Deadline,
    read: impl Fn(RawResponse) -> Result<T, Box<FailedAttempt>>,
) -> Result<Sent<T>, Error> {
    let mut history = AttemptHistory::new(call);
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
                Ok(response) => return Ok(Sent { response, earlier_attempt_lost: history.lost }),
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
