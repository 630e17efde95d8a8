//! Tests of the retry decision, by example and as properties.

use http::HeaderValue;
use proptest::prelude::*;

use super::*;

const HOUR: Duration = Duration::from_secs(3600);

fn first() -> RetryContext {
    RetryContext {
        attempt: 1,
        failing_for: Duration::ZERO,
        remaining: HOUR,
        role_grace_period: Duration::ZERO,
        jitter: 0.0,
    }
}

fn status(code: u16, retry_after: Option<u64>) -> Failure {
    let status = StatusCode::from_u16(code).expect("a status");
    Failure::Status { status, retry_after: retry_after.map(Duration::from_secs) }
}

fn retries(method: &Method, failure: &Failure) -> bool {
    matches!(decide(false, method, failure, &first()), Decision::Retry { .. })
}

#[test]
fn retries_temporary_service_errors() {
    for code in [408, 429, 500, 502, 503, 504] {
        assert!(retries(&Method::GET, &status(code, None)), "{code}");
        assert!(retries(&Method::PUT, &status(code, None)), "{code}");
    }
}

#[test]
fn does_not_retry_permanent_errors() {
    for code in [400, 401, 403, 404, 409, 412, 422, 501, 505] {
        assert_eq!(decide(false, &Method::GET, &status(code, Some(1)), &first()), Decision::Stop, "{code}");
    }
}

#[test]
fn retries_a_post_only_if_the_service_did_not_accept_it() {
    assert!(retries(&Method::POST, &status(429, None)));
    assert!(retries(&Method::POST, &Failure::NoResponse(TransportKind::Connect)));
    assert!(!retries(&Method::POST, &status(500, None)));
    assert!(!retries(&Method::POST, &status(503, None)));
    assert!(!retries(&Method::POST, &status(504, None)));
    assert!(!retries(&Method::POST, &Failure::NoResponse(TransportKind::Interrupted)));
    assert!(!retries(&Method::POST, &Failure::Unreadable));
}

#[test]
fn retries_a_read_only_post_like_a_get() {
    let retries = |failure: &Failure| matches!(decide(true, &Method::POST, failure, &first()), Decision::Retry { .. });

    assert!(retries(&status(503, None)));
    assert!(retries(&Failure::NoResponse(TransportKind::Interrupted)));
    assert!(retries(&Failure::Unreadable));
    assert!(!retries(&status(400, None)));
}

#[test]
fn does_not_retry_a_final_failure() {
    assert!(!retries(&Method::GET, &Failure::Final));
}

#[test]
fn waits_for_a_retry_after_above_five_minutes() {
    assert_eq!(
        decide(false, &Method::GET, &status(429, Some(307)), &first()),
        Decision::Retry { after: Duration::from_secs(307) }
    );
}

#[test]
fn does_not_wait_for_a_retry_after_beyond_the_deadline() {
    let short = RetryContext { remaining: Duration::from_secs(300), ..first() };

    assert_eq!(
        decide(false, &Method::GET, &status(429, Some(307)), &short),
        Decision::PastDeadline { wait: Duration::from_secs(307) }
    );
}

#[test]
fn retry_after_zero_uses_exponential_backoff() {
    assert_eq!(
        decide(false, &Method::GET, &status(429, Some(0)), &first()),
        Decision::Retry { after: Duration::from_secs(1) }
    );
}

#[test]
fn does_not_retry_an_untrusted_certificate() {
    assert_eq!(decide(false, &Method::GET, &Failure::NoResponse(TransportKind::Tls), &first()), Decision::Stop);
}

#[test]
fn retries_failures_without_a_response_up_to_their_limit() {
    let failures = [
        (Failure::NoResponse(TransportKind::Name), 10),
        (Failure::NoResponse(TransportKind::Proxy), 10),
        (Failure::NoResponse(TransportKind::Connect), 60),
        (Failure::NoResponse(TransportKind::Interrupted), 60),
        (Failure::Unreadable, 60),
    ];
    for (failure, seconds) in failures {
        let retry_limit = Duration::from_secs(seconds);
        let failing_for = |failing_for| RetryContext { failing_for, ..first() };
        let before = decide(false, &Method::GET, &failure, &failing_for(retry_limit - Duration::from_millis(1)));

        assert!(matches!(before, Decision::Retry { .. }), "{failure:?}");
        assert_eq!(decide(false, &Method::GET, &failure, &failing_for(retry_limit)), Decision::Stop, "{failure:?}");
    }
}

#[test]
fn backoff_doubles_up_to_a_minute_with_jitter() {
    let wait = |attempt, jitter| match decide(
        false,
        &Method::GET,
        &status(503, None),
        &RetryContext { attempt, jitter, ..first() },
    ) {
        Decision::Retry { after } => after.as_secs_f64(),
        other => panic!("{other:?}"),
    };

    let waits: Vec<f64> = (1..=8).map(|attempt| wait(attempt, 0.0)).collect();
    assert_eq!(waits, [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
    assert_eq!([wait(1, 0.5), wait(1, 1.0), wait(3, 0.25), wait(6, 1.0)], [1.5, 2.0, 5.0, 60.0]);
    assert_eq!([wait(1, f64::NAN), wait(1, -1.0), wait(1, 7.0)], [1.0, 1.0, 2.0], "jitter is from 0 to 1");
}

#[test]
fn does_not_retry_at_or_after_the_deadline() {
    let second = Duration::from_secs(1);
    let within = |remaining| decide(false, &Method::GET, &status(503, None), &RetryContext { remaining, ..first() });

    assert_eq!(within(second + Duration::from_millis(1)), Decision::Retry { after: second });
    assert_eq!(within(second), Decision::PastDeadline { wait: second });
}

#[test]
fn adds_jitter_after_retry_after_within_the_deadline() {
    let retry = |asked, jitter, remaining| {
        let remaining = Duration::from_millis(remaining);
        match decide(false, &Method::GET, &status(429, Some(asked)), &RetryContext { jitter, remaining, ..first() }) {
            Decision::Retry { after } => after.as_millis(),
            other => panic!("{other:?}"),
        }
    };

    assert_eq!(retry(10, 0.0, 3_600_000), 10_000);
    assert_eq!(retry(10, 0.5, 3_600_000), 10_500, "a tenth of the wait");
    assert_eq!(retry(100, 1.0, 3_600_000), 105_000, "at most 5 s");
    assert_eq!(retry(100, 1.0, 105_001), 105_000);
    assert_eq!(retry(100, 1.0, 105_000), 100_000, "no time to spread");
}

#[test]
fn limits_retry_after_to_a_year() {
    let asked = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", value.parse().expect("a header"));
        retry_after(&headers, SystemTime::now())
    };

    for absurd in ["18446744073709551615", "999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        assert_eq!(asked(absurd), Some(MAX_RETRY_AFTER), "{absurd}");
    }
    assert_eq!(asked("31536000"), Some(Duration::from_secs(365 * 86_400)));
    assert_eq!(asked("31536001"), Some(Duration::from_secs(365 * 86_400)));
    assert_eq!(asked("31535999"), Some(Duration::from_secs(365 * 86_400 - 1)));
}

#[test]
fn reads_retry_after_as_seconds_date_and_milliseconds() {
    let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").expect("a date");
    let read = |name: &'static str, value: &'static str| {
        let headers = HeaderMap::from_iter([(http::HeaderName::from_static(name), HeaderValue::from_static(value))]);
        retry_after(&headers, now)
    };

    assert_eq!(read("retry-after", "17"), Some(Duration::from_secs(17)));
    assert_eq!(read("retry-after", "Sun, 06 Nov 1994 08:50:37 GMT"), Some(Duration::from_secs(60)));
    assert_eq!(read("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
    assert_eq!(read("retry-after-ms", "1500"), Some(Duration::from_millis(1500)));
    assert_eq!(read("retry-after", "soon"), None);
}

fn method() -> impl Strategy<Value = Method> {
    proptest::sample::select(vec![Method::GET, Method::PUT, Method::DELETE, Method::POST, Method::PATCH, Method::HEAD])
}

fn failure() -> impl Strategy<Value = Failure> {
    let kinds = [
        TransportKind::Name,
        TransportKind::Connect,
        TransportKind::Tls,
        TransportKind::Proxy,
        TransportKind::Interrupted,
    ];
    prop_oneof![
        (100u16..600, proptest::option::of(0u64..100_000)).prop_map(|(code, after)| status(code, after)),
        proptest::sample::select(kinds.to_vec()).prop_map(Failure::NoResponse),
        Just(Failure::Unreadable),
    ]
}

fn context() -> impl Strategy<Value = RetryContext> {
    let seconds = 0u64..4000;
    let strategy = (1u32..200, seconds.clone(), seconds.clone(), seconds, 0.0f64..1.0);
    strategy.prop_map(|(attempt, failing, remaining, roles, jitter)| RetryContext {
        attempt,
        failing_for: Duration::from_secs(failing),
        remaining: Duration::from_secs(remaining),
        role_grace_period: Duration::from_secs(roles),
        jitter,
    })
}

proptest! {
    #[test]
    fn every_wait_ends_before_the_deadline(method in method(), failure in failure(), context in context()) {
        if let Decision::Retry { after } = decide(false, &method, &failure, &context) {
            prop_assert!(after < context.remaining);
        }
    }

    #[test]
    fn backoff_is_between_a_second_and_a_minute(method in method(), failure in failure(), context in context()) {
        let asked = matches!(failure, Failure::Status { retry_after: Some(_), .. });
        if let (false, Decision::Retry { after }) = (asked, decide(false, &method, &failure, &context)) {
            prop_assert!((Duration::from_secs(1)..=MAX_BACKOFF).contains(&after));
        }
    }

    #[test]
    fn never_retries_before_retry_after(method in method(), failure in failure(), context in context()) {
        if let (Failure::Status { retry_after: Some(asked), .. }, Decision::Retry { after }) =
            (failure, decide(false, &method, &failure, &context))
        {
            prop_assert!(after >= asked);
        }
    }

    #[test]
    fn never_retries_a_post_that_may_have_taken_effect(context in context(), code in 500u16..600) {
        for lost in [Failure::NoResponse(TransportKind::Interrupted), Failure::Unreadable, status(code, None)] {
            prop_assert_eq!(decide(false, &Method::POST, &lost, &context), Decision::Stop);
        }
    }
}

#[test]
fn retries_a_missing_role_within_the_grace_period() {
    let waiting = RetryContext { role_grace_period: Duration::from_secs(120), ..first() };
    let late = RetryContext { attempt: 9, role_grace_period: Duration::from_secs(15), ..first() };

    for method in [Method::GET, Method::PUT, Method::POST] {
        let after = Duration::from_secs(1);
        assert_eq!(decide(false, &method, &Failure::MissingRole, &waiting), Decision::Retry { after }, "{method}");
        assert_eq!(decide(false, &method, &Failure::MissingRole, &first()), Decision::Stop, "{method}");
        assert_eq!(decide(false, &method, &Failure::MissingRole, &late), Decision::Stop, "{method}");
    }
}

#[test]
fn retry_after_date_is_relative_to_the_date_of_the_response() {
    let date = |text: &str| httpdate::parse_http_date(text).expect("a date");
    let headers = HeaderMap::from_iter([
        (http::header::DATE, HeaderValue::from_static("Sun, 06 Nov 1994 09:00:00 GMT")),
        (http::header::RETRY_AFTER, HeaderValue::from_static("Sun, 06 Nov 1994 09:00:07 GMT")),
    ]);

    for machine in ["Sun, 06 Nov 1994 08:50:00 GMT", "Sun, 06 Nov 1994 09:00:00 GMT", "Sun, 06 Nov 1994 09:10:00 GMT"] {
        assert_eq!(retry_after(&headers, date(machine)), Some(Duration::from_secs(7)), "{machine}");
    }
}
