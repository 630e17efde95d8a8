//! Tests of cancellations and deadlines.

use super::*;

#[tokio::test(start_paused = true)]
async fn cancellation_during_a_write_leaves_its_outcome_unknown() {
    let server = after(|| Reply::Hang, 9).await;
    let (client, deadline) = (server.client(), deadline());
    client.credential().token(&client.service().scope(), &deadline).await.expect("a token");

    let cancel = async {
        while server.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        deadline.cancellation.cancel();
    };
    let request = put();
    let (outcome, ()) = tokio::join!(client.send(&request, &deadline), cancel);

    assert!(matches!(outcome, Err(Error::Cancelled { outcome_unknown: true })));
}

#[tokio::test(start_paused = true)]
async fn cancellation_ends_a_retry_wait() {
    let busy = || Reply::json(429, &json!({"error": {"code": "Busy", "message": "m"}})).header("retry-after", "20");
    let server = after(busy, 9).await;
    let (client, deadline) = (server.client(), deadline());

    let cancel = async {
        while server.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        deadline.cancellation.cancel();
    };
    let request = put();
    let (outcome, ()) = tokio::join!(client.send(&request, &deadline), cancel);

    assert!(matches!(outcome, Err(Error::Cancelled { outcome_unknown: false })));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn does_not_wait_for_an_attempt_after_the_deadline() {
    let server = Server::arm(|_, _| Reply::json(503, &json!({"error": {"code": "Busy", "message": "later"}}))).await;
    let limit = Duration::from_secs(10);

    let error = server.client().send(&get(), &Deadline::lasting(limit)).await.expect_err("too slow");

    let Error::TimedOut { waited, next_wait: Some(wait), .. } = &error else { panic!("{error}") };
    assert!(*waited < limit && *waited + *wait >= limit, "{error}");
}

#[tokio::test(start_paused = true)]
async fn timeout_keeps_the_last_error_response() {
    let server = Server::arm(|_, before| match before {
        0 => Reply::error(503, "Busy", "the reason"),
        _ => Reply::Hang,
    })
    .await;

    let error = server.client().send(&get(), &Deadline::lasting(Duration::from_secs(1))).await.expect_err("too slow");

    assert!(matches!(error, Error::TimedOut { last: Some(_), next_wait: None, .. }), "{error}");
    assert!(error.to_string().contains("the reason"), "{error}");
}
