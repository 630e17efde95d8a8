//! The table of what is repeated, and what always holds.

use http::HeaderValue;
use proptest::prelude::*;

use super::*;

const HOUR: Duration = Duration::from_secs(3600);

fn first() -> Situation {
    Situation { attempt: 1, failing_for: Duration::ZERO, remaining: HOUR, jitter: 0.0 }
}

fn status(code: u16, retry_after: Option<u64>) -> Failure {
    let status = StatusCode::from_u16(code).expect("a status");
    Failure::Status { status, retry_after: retry_after.map(Duration::from_secs) }
}

fn retries(method: &Method, failure: &Failure) -> bool {
    matches!(decide(method, failure, &first()), Decision::Retry { .. })
}

#[test]
fn passing_troubles_of_the_service_are_repeated() {
    for code in [408, 429, 500, 502, 503, 504] {
        assert!(retries(&Method::GET, &status(code, None)), "{code}");
        assert!(retries(&Method::PUT, &status(code, None)), "{code}");
    }
}

#[test]
fn what_another_attempt_cannot_mend_is_the_callers() {
    for code in [400, 401, 403, 404, 409, 412, 422, 501, 505] {
        assert_eq!(decide(&Method::GET, &status(code, Some(1)), &first()), Decision::Stop, "{code}");
    }
}

#[test]
fn a_post_is_repeated_only_if_it_was_never_taken() {
    assert!(retries(&Method::POST, &status(429, None)));
    assert!(retries(&Method::POST, &Failure::NoResponse(TransportKind::Connect)));
    assert!(!retries(&Method::POST, &status(500, None)));
    assert!(!retries(&Method::POST, &status(503, None)));
    assert!(!retries(&Method::POST, &status(504, None)));
    assert!(!retries(&Method::POST, &Failure::NoResponse(TransportKind::Interrupted)));
    assert!(!retries(&Method::POST, &Failure::Unreadable));
}

#[test]
fn azures_own_wait_is_kept_even_above_five_minutes() {
    assert_eq!(
        decide(&Method::GET, &status(429, Some(307)), &first()),
        Decision::Retry { after: Duration::from_secs(307) }
    );
}

#[test]
fn a_wait_beyond_the_deadline_ends_the_call_at_once() {
    let short = Situation { remaining: Duration::from_secs(300), ..first() };

    assert_eq!(
        decide(&Method::GET, &status(429, Some(307)), &short),
        Decision::TooLate { wait: Duration::from_secs(307) }
    );
}

#[test]
fn a_wait_of_zero_seconds_backs_off_all_the_same() {
    assert_eq!(
        decide(&Method::GET, &status(429, Some(0)), &first()),
        Decision::Retry { after: Duration::from_secs(1) }
    );
}

#[test]
fn an_untrusted_certificate_is_reported_at_once() {
    assert_eq!(decide(&Method::GET, &Failure::NoResponse(TransportKind::Tls), &first()), Decision::Stop);
}

#[test]
fn an_unreachable_host_is_given_a_minute() {
    let refused = Failure::NoResponse(TransportKind::Connect);
    let after_a_minute = Situation { failing_for: Duration::from_secs(60), attempt: 6, ..first() };

    assert!(retries(&Method::GET, &refused));
    assert_eq!(decide(&Method::GET, &refused, &after_a_minute), Decision::Stop);
}

#[test]
fn nobody_is_asked_to_wait_until_the_end_of_time() {
    let asked = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", value.parse().expect("a header"));
        retry_after(&headers, SystemTime::now())
    };

    for absurd in ["18446744073709551615", "999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        assert_eq!(asked(absurd), Some(MAX_RETRY_AFTER), "{absurd}");
    }
}

#[test]
fn retry_after_is_read_as_seconds_as_a_date_and_as_milliseconds() {
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

fn situation() -> impl Strategy<Value = Situation> {
    (1u32..200, 0u64..4000, 0u64..4000, 0.0f64..1.0).prop_map(|(attempt, failing, remaining, jitter)| Situation {
        attempt,
        failing_for: Duration::from_secs(failing),
        remaining: Duration::from_secs(remaining),
        jitter,
    })
}

proptest! {
    #[test]
    fn a_wait_always_ends_before_the_deadline(method in method(), failure in failure(), situation in situation()) {
        if let Decision::Retry { after } = decide(&method, &failure, &situation) {
            prop_assert!(after < situation.remaining);
        }
    }

    #[test]
    fn our_own_waits_lie_between_a_second_and_a_minute(method in method(), failure in failure(), situation in situation()) {
        let asked = matches!(failure, Failure::Status { retry_after: Some(_), .. });
        if let (false, Decision::Retry { after }) = (asked, decide(&method, &failure, &situation)) {
            prop_assert!((Duration::from_secs(1)..=MAX_BACKOFF).contains(&after));
        }
    }

    #[test]
    fn we_never_come_back_earlier_than_azure_asked(method in method(), failure in failure(), situation in situation()) {
        if let (Failure::Status { retry_after: Some(asked), .. }, Decision::Retry { after }) =
            (failure, decide(&method, &failure, &situation))
        {
            prop_assert!(after >= asked);
        }
    }

    #[test]
    fn a_post_that_may_have_been_carried_out_is_never_repeated(situation in situation(), code in 500u16..600) {
        for lost in [Failure::NoResponse(TransportKind::Interrupted), Failure::Unreadable, status(code, None)] {
            prop_assert_eq!(decide(&Method::POST, &lost, &situation), Decision::Stop);
        }
    }
}
