//! Tests of retries.

use super::*;

#[tokio::test(start_paused = true)]
async fn retries_throttling_and_server_errors() {
    for status in [408, 429, 500, 502, 503, 504] {
        let server = after(move || Reply::error(status, "Passing", "later"), 2).await;

        server.client().send(&get(), &deadline()).await.expect("a response");

        assert_eq!(server.calls().len(), 3, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn reports_throttling_beyond_the_deadline_at_once() {
    let throttled = || Reply::json(429, &json!({"error": {"code": "TooManyRequests", "message": "slow"}}));
    let server = after(move || throttled().header("retry-after", "307"), 9).await;

    let error = server.client().send(&get(), &deadline()).await.expect_err("throttled");

    assert!(matches!(error, Error::Throttled { .. }), "{error}");
    assert_eq!(error.time_limit(), Some(deadline().limit()));
    assert!(error.to_string().starts_with("throttled until "), "{error}");
    assert_eq!(error.service().and_then(|error| error.code.as_deref()), Some("TooManyRequests"));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn retries_a_read_after_a_lost_response() {
    for lost in [
        || Reply::Disconnect,
        || Reply::Truncated { body: b"{\"na".to_vec(), promised: 100 },
        || Reply::text(200, "{\"name\": "),
        || Reply::text(200, ""),
    ] {
        let server = after(lost, 1).await;

        let response = server.client().send(&get(), &deadline()).await.expect("a response");

        assert_eq!(response.body, json!({"name": "g"}));
        assert_eq!(server.calls().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn marks_the_response_of_a_retried_write() {
    let server = after(|| Reply::text(200, "{\"name\": "), 1).await;

    let response = server.client().send(&put(), &deadline()).await.expect("a response");

    assert!(response.earlier_attempt_lost);
    assert_eq!(server.seen().last().expect("a request").body, r#"{"n":1}"#);
}

#[tokio::test(start_paused = true)]
async fn marks_an_error_after_a_lost_response() {
    let server = Server::arm(|_, before| match before {
        0 => Reply::Disconnect,
        _ => Reply::error(412, "PreconditionFailed", "etag"),
    })
    .await;

    let error = server.client().send(&put(), &deadline()).await.expect_err("rejected");

    assert!(error.is_etag_conflict());
    assert!(error.outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn marks_an_authentication_error_after_a_lost_response() {
    let server = Server::start(|request, before| match (request.is_token_request(), before) {
        (true, 0) => Reply::json(200, &json!({"access_token": "t", "token_type": "Bearer", "expires_in": 3600})),
        (true, _) => Reply::json(400, &json!({"error": "invalid_client", "error_description": "AADSTS7000222: over."})),
        (false, 0) => Reply::Disconnect,
        (false, _) => Reply::error(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier."),
    })
    .await;

    let error = server.client().send(&put(), &deadline()).await.expect_err("no token");

    assert!(matches!(&error, Error::Unconfirmed { last } if matches!(**last, Error::Authentication(_))), "{error}");
    assert!(error.outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn does_not_retry_a_post_after_a_lost_response() {
    let server = after(|| Reply::Disconnect, 9).await;

    let error = server.client().send(&post(), &deadline()).await.expect_err("lost");

    assert!(matches!(error, Error::Transport { kind: TransportKind::Interrupted, .. }), "{error}");
    assert!(error.outcome_unknown());
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn reads_a_retry_after_date_by_the_clock_of_the_service() {
    let throttled = || {
        Reply::json(429, &json!({"error": {"code": "TooManyRequests", "message": "slow"}}))
            .header("date", "Sun, 06 Nov 2044 09:00:00 GMT")
            .header("retry-after", "Sun, 06 Nov 2044 09:00:07 GMT")
    };
    let server = after(throttled, 1).await;
    let started = Instant::now();

    server.client().send(&get(), &deadline()).await.expect("a response");

    assert!((7..10).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
}
