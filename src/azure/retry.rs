//! Whether and when to send a request again: a pure decision over what happened.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, StatusCode};

use super::TransportKind;

/// Longest wait that we choose ourselves; Azure may ask for more.
const MAX_BACKOFF: Duration = Duration::from_secs(60);

/// Longest wait that is believed. Nobody waits for a year, and the end of a much longer one is in no calendar.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How an attempt ended, other than with an answer to hand to the caller.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// Azure answered with an error status, and perhaps said when to come back.
    Status {
        /// The status.
        status: StatusCode,
        /// `Retry-After`, already counted from now.
        retry_after: Option<Duration>,
    },
    /// No answer came.
    Failed(TransportKind),
    /// A success came, but with a body that cannot be read: the answer is lost.
    Unreadable,
}

/// Where in the call we are.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// The attempt that has just ended; the first is 1.
    pub attempt: u32,
    /// Since the first of an unbroken row of attempts without an answer; zero when this one had an answer.
    pub failing_for: Duration,
    /// Until the operation's deadline.
    pub remaining: Duration,
    /// A random number in 0..1 that spreads clients which failed together.
    pub jitter: f64,
}

/// What to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Send it again after this wait, which ends before the deadline.
    Retry {
        /// How long to wait.
        after: Duration,
    },
    /// Another attempt is not allowed or not worth it: the outcome is the caller's.
    Stop,
    /// Another attempt would be right, but its time comes after the deadline.
    TooLate {
        /// How long Azure or we would have waited.
        wait: Duration,
    },
}

/// Decides from the method and the outcome.
///
/// 408, 429, 500, 502, 503 and 504 are worth another attempt, 501 and every other status are not (409 and 412 are the
/// caller's, who knows what to merge). A request that never left may always be repeated, for as long as its kind of
/// failure deserves patience. One whose answer was lost may be repeated if doing it twice is doing it once: GET, HEAD,
/// PUT and DELETE, never POST or PATCH, which only a refusal to take them at all (429) lets go again.
#[must_use]
pub fn decide(method: &Method, outcome: &Outcome, situation: &Situation) -> Decision {
    let wait = match *outcome {
        Outcome::Status { status, retry_after } => {
            if !is_retryable(method, status) {
                return Decision::Stop;
            }
            match retry_after.filter(|asked| !asked.is_zero()) {
                Some(asked) => return at_server_time(asked, situation),
                None => backoff(situation),
            }
        }
        Outcome::Failed(kind) => {
            if kind == TransportKind::Interrupted && !is_repeatable(method) {
                return Decision::Stop;
            }
            if situation.failing_for >= patience(kind) {
                return Decision::Stop;
            }
            backoff(situation)
        }
        Outcome::Unreadable => {
            if !is_repeatable(method) || situation.failing_for >= patience(TransportKind::Interrupted) {
                return Decision::Stop;
            }
            backoff(situation)
        }
    };
    if wait < situation.remaining { Decision::Retry { after: wait } } else { Decision::TooLate { wait } }
}

/// Reads `Retry-After` (seconds or an HTTP date) and ARM's `retry-after-ms`, counted from `now`; at most a year.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    Some(asked_wait(headers, now)?.min(MAX_RETRY_AFTER))
}

fn asked_wait(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(milliseconds) = text("retry-after-ms").and_then(|text| text.parse::<u64>().ok()) {
        return Some(Duration::from_millis(milliseconds));
    }
    let value = text("retry-after")?;
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// Azure named the time: come then, spread a little over the time after it where the deadline leaves room.
fn at_server_time(asked: Duration, situation: &Situation) -> Decision {
    if asked >= situation.remaining {
        return Decision::TooLate { wait: asked };
    }
    let spread = asked.mul_f64(0.1).min(Duration::from_secs(5)).mul_f64(unit(situation.jitter));
    let spread_out = asked.saturating_add(spread);
    Decision::Retry { after: if spread_out < situation.remaining { spread_out } else { asked } }
}

/// 1–2 s, 2–4 s, 4–8 s … up to a minute.
fn backoff(situation: &Situation) -> Duration {
    let doublings = situation.attempt.saturating_sub(1).min(6);
    let base = Duration::from_secs(1 << doublings);
    base.mul_f64(1.0 + unit(situation.jitter)).min(MAX_BACKOFF)
}

fn unit(jitter: f64) -> f64 {
    if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 0.0 }
}

fn is_retryable(method: &Method, status: StatusCode) -> bool {
    match status.as_u16() {
        // refused before anything was done
        429 => true,
        // may have been done
        408 | 500 | 502..=504 => is_repeatable(method),
        _ => false,
    }
}

fn is_repeatable(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::PUT | Method::DELETE)
}

/// For how long a row of failures of this kind is taken for a passing trouble.
fn patience(kind: TransportKind) -> Duration {
    Duration::from_secs(match kind {
        TransportKind::Tls => 0,
        TransportKind::Name | TransportKind::Proxy => 10,
        TransportKind::Connect | TransportKind::Interrupted => 60,
    })
}

#[cfg(test)]
mod tests;
