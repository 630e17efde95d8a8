//! The retry policy: whether and when a failed request is sent again. Pure functions.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, StatusCode};

use super::error::TransportKind;

/// The longest wait that the provider chooses itself. Azure may request more.
const MAX_BACKOFF: Duration = Duration::from_secs(60);

/// The longest wait that Azure may request. The end of a much longer wait could not be formatted as a date.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The longest wait between two attempts while a role is missing.
const MAX_ROLE_BACKOFF: Duration = Duration::from_secs(15);

/// Why an attempt returned no usable response.
#[derive(Clone, Copy, Debug)]
pub(super) enum Failure {
    /// The service responded with an error status.
    Status {
        /// The status.
        status: StatusCode,
        /// `Retry-After`, counted from now.
        retry_after: Option<Duration>,
    },
    /// The service rejected the request because the identity lacks a role.
    MissingRole,
    /// There was no response.
    NoResponse(TransportKind),
    /// The service reported success, but the body is not readable.
    Unreadable,
    /// Another attempt would fail in the same way.
    Final,
}

/// The state of a call that the retry decision depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct RetryContext {
    /// The number of the attempt that just failed, from 1.
    pub(super) attempt: u32,
    /// The time since the first of the current series of attempts without a response. Zero after a response.
    pub(super) failing_for: Duration,
    /// The time until the deadline of the operation.
    pub(super) remaining: Duration,
    /// How much longer the request is retried while a role is missing.
    pub(super) role_grace_period: Duration,
    /// A random number from 0 to 1, so that clients that failed together do not retry together.
    pub(super) jitter: f64,
}

/// What to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Decision {
    /// Try again after this wait, which ends before the deadline.
    Retry {
        /// How long to wait.
        after: Duration,
    },
    /// Do not try again: the request cannot be repeated safely, or would fail again.
    Stop,
    /// Do not try again: the next attempt would be after the deadline.
    PastDeadline {
        /// How long the wait would be.
        wait: Duration,
    },
}

/// Decides what to do after a failed attempt.
///
/// - 408, 429, 500, 502, 503 and 504 are retried. Other statuses are not: after 409 and 412, the caller merges and
///   writes again. The 504 of a query is [`Failure::Final`].
/// - A request that is rejected because of a missing role is retried within the grace period of the operation.
/// - A request that did not reach the service is retried within [`retry_limit`].
/// - A request whose response was lost is retried only if it changes nothing (`only_reads`) or its method is
///   idempotent: GET, HEAD, PUT, DELETE. Other requests are retried only after 429, because the service did not accept
///   them.
#[must_use]
pub(super) fn decide(only_reads: bool, method: &Method, failure: &Failure, context: &RetryContext) -> Decision {
    let is_repeatable = only_reads || is_idempotent(method);
    let wait = match *failure {
        Failure::Final => return Decision::Stop,
        Failure::Status { status, retry_after } => {
            if !is_retryable(is_repeatable, status) {
                return Decision::Stop;
            }
            match retry_after.filter(|requested| !requested.is_zero()) {
                Some(requested) => return after_requested_delay(requested, context),
                None => backoff(context),
            }
        }
        // The service did not accept the request, so any method can be repeated. `Stop` reports the rejection, which is
        // more useful than a timeout.
        Failure::MissingRole => {
            let wait = backoff(context).min(MAX_ROLE_BACKOFF);
            let retry_limit = context.role_grace_period.min(context.remaining);
            return if wait < retry_limit { Decision::Retry { after: wait } } else { Decision::Stop };
        }
        Failure::NoResponse(kind) => {
            if kind == TransportKind::Interrupted && !is_repeatable {
                return Decision::Stop;
            }
            if context.failing_for >= retry_limit(kind) {
                return Decision::Stop;
            }
            backoff(context)
        }
        Failure::Unreadable => {
            if !is_repeatable || context.failing_for >= retry_limit(TransportKind::Interrupted) {
                return Decision::Stop;
            }
            backoff(context)
        }
    };
    if wait < context.remaining { Decision::Retry { after: wait } } else { Decision::PastDeadline { wait } }
}

/// Reads `retry-after-ms` and `Retry-After` (seconds or an HTTP date), counted from now; at most a year.
///
/// A date is compared with the `Date` of the same response, because the clock of this machine may be wrong. `now` is
/// the fallback for a response without `Date`.
#[must_use]
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    Some(requested_delay(headers, now)?.min(MAX_RETRY_AFTER))
}

/// The `Date` of a response: when the service sent it, by the clock of the service.
#[must_use]
pub(super) fn sent_at(headers: &HeaderMap) -> Option<SystemTime> {
    headers.get(http::header::DATE).and_then(|value| httpdate::parse_http_date(value.to_str().ok()?.trim()).ok())
}

fn requested_delay(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(milliseconds) = text("retry-after-ms").and_then(|text| text.parse::<u64>().ok()) {
        return Some(Duration::from_millis(milliseconds));
    }
    let value = text("retry-after")?;
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(sent_at(headers).unwrap_or(now)).unwrap_or_default())
}

/// Retries after the delay that Azure requested, or a little later if the deadline allows, so that clients do not retry
/// together.
fn after_requested_delay(requested: Duration, context: &RetryContext) -> Decision {
    if requested >= context.remaining {
        return Decision::PastDeadline { wait: requested };
    }
    let spread = requested.mul_f64(0.1).min(Duration::from_secs(5)).mul_f64(unit(context.jitter));
    let spread_out = requested.saturating_add(spread);
    Decision::Retry { after: if spread_out < context.remaining { spread_out } else { requested } }
}

/// The exponential delay: 1–2 s, 2–4 s, 4–8 s and so on, at most a minute.
fn backoff(context: &RetryContext) -> Duration {
    let doublings = context.attempt.saturating_sub(1).min(6);
    let base = Duration::from_secs(1 << doublings);
    base.mul_f64(1.0 + unit(context.jitter)).min(MAX_BACKOFF)
}

fn unit(jitter: f64) -> f64 {
    if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 0.0 }
}

fn is_retryable(is_repeatable: bool, status: StatusCode) -> bool {
    match status.as_u16() {
        // The service did not accept the request.
        429 => true,
        // The request may have taken effect.
        408 | 500 | 502..=504 => is_repeatable,
        _ => false,
    }
}

fn is_idempotent(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::PUT | Method::DELETE)
}

/// How long failures of this kind may continue before the call gives up.
fn retry_limit(kind: TransportKind) -> Duration {
    Duration::from_secs(match kind {
        TransportKind::Tls | TransportKind::ProxyAuthentication => 0,
        TransportKind::Name | TransportKind::Proxy => 10,
        TransportKind::Connect | TransportKind::Interrupted => 60,
    })
}

#[cfg(test)]
mod tests;
